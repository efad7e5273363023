with

score_changes as (

    select * from {{ ref('int_score_changes_by_member') }}
    where metric = 'nps' and dimension = 'touchpoint'

),

explained as (

    select
        {{ surrogate_key(['score_pool', 'member', 'period_id']) }} as change_id,
        score_pool as survey_kind,
        member as touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        previous_response_count,
        response_count,
        previous_positive_count as previous_promoter_count,
        positive_count as promoter_count,
        previous_negative_count as previous_detractor_count,
        negative_count as detractor_count,
        previous_share_pct,
        share_pct,
        previous_score as previous_nps,
        score as nps,
        rate_effect,
        mix_effect,
        rate_effect + mix_effect as total_effect,
        previous_pooled_score as previous_pooled_nps,
        pooled_score as pooled_nps,
        pooled_score - previous_pooled_score as pooled_nps_change

    from score_changes

)

select * from explained
