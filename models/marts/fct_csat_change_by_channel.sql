with

score_changes as (

    select * from {{ ref('int_score_changes_by_member') }}
    where metric = 'csat' and dimension = 'channel'

),

explained as (

    select
        {{ surrogate_key(['member', 'period_id']) }} as change_id,
        member as channel,
        period_id,
        period_grain,
        period_start_date,
        response_count_previous,
        response_count,
        positive_count_previous as satisfied_count_previous,
        positive_count as satisfied_count,
        share_pct_previous,
        share_pct,
        score_previous as csat_pct_previous,
        score as csat_pct,
        rate_effect,
        mix_effect,
        rate_effect + mix_effect as total_effect,
        pooled_score_previous as pooled_csat_pct_previous,
        pooled_score as pooled_csat_pct,
        pooled_score - pooled_score_previous as pooled_csat_change

    from score_changes

)

select * from explained
