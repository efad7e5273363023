with

score_changes as (

    select * from {{ ref('int_score_changes_by_member') }}
    where metric = 'csat' and dimension = 'touchpoint'

),

explained as (

    select
        {{ surrogate_key(['member', 'period_id']) }} as change_id,
        member as touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        previous_response_count,
        response_count,
        previous_positive_count as previous_satisfied_count,
        positive_count as satisfied_count,
        previous_share_pct,
        share_pct,
        previous_score as previous_csat_pct,
        score as csat_pct,
        rate_effect,
        mix_effect,
        rate_effect + mix_effect as total_effect,
        previous_pooled_score as previous_pooled_csat_pct,
        pooled_score as pooled_csat_pct,
        pooled_score - previous_pooled_score as pooled_csat_change

    from score_changes

)

select * from explained
