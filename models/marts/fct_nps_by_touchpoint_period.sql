with

nps_counts as (

    select * from {{ ref('int_nps_counts_by_touchpoint_period') }}

),

score_statistics as (

    select * from {{ ref('int_score_statistics_by_period') }}
    where metric = 'nps' and score_scope = 'touchpoint'

),

scored as (

    select
        {{ surrogate_key(['touchpoint_id', 'period_id']) }} as touchpoint_period_id,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        promoter_count,
        passive_count,
        detractor_count,
        {{ share_pct('promoter_count', 'response_count') }} as promoter_pct,
        {{ share_pct('passive_count', 'response_count') }} as passive_pct,
        {{ share_pct('detractor_count', 'response_count') }} as detractor_pct,
        {{ nps('promoter_count', 'detractor_count', 'response_count') }} as nps,
        standard_scale_count = response_count as is_standard_scale,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from nps_counts

),

described as (

    select
        scored.*,
        {{ statistics_columns('nps') }}

    from scored
    left join score_statistics
        on
            scored.touchpoint_id = score_statistics.score_group
            and scored.period_id = score_statistics.period_id

)

select * from described
