with

score_changes as (

    select * from {{ ref('int_score_changes_by_member') }}
    where metric = 'nps' and dimension = 'channel'

),

explained as (

    select
        {{ surrogate_key(['score_pool', 'member', 'period_id']) }} as change_id,
        score_pool as survey_kind,
        member as channel,
        period_id,
        period_grain,
        period_start_date,
        response_count_previous,
        response_count,
        positive_count_previous as promoter_count_previous,
        positive_count as promoter_count,
        negative_count_previous as detractor_count_previous,
        negative_count as detractor_count,
        share_pct_previous,
        share_pct,
        score_previous as nps_previous,
        score as nps,
        rate_effect,
        mix_effect,
        rate_effect + mix_effect as total_effect,
        pooled_score_previous as pooled_nps_previous,
        pooled_score as pooled_nps,
        pooled_score - pooled_score_previous as pooled_nps_change

    from score_changes

)

select * from explained
