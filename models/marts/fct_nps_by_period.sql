with

nps_counts as (

    select * from {{ ref('int_nps_counts_by_touchpoint_period') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

score_statistics as (

    select * from {{ ref('int_score_statistics_by_period') }}
    where metric = 'nps' and score_scope = 'all'

),

pooled as (

    select
        touchpoints.survey_kind,
        nps_counts.period_id,
        nps_counts.period_grain,
        nps_counts.period_start_date,
        cast(sum(nps_counts.response_count) as bigint) as response_count,
        cast(sum(nps_counts.promoter_count) as bigint) as promoter_count,
        cast(sum(nps_counts.passive_count) as bigint) as passive_count,
        cast(sum(nps_counts.detractor_count) as bigint) as detractor_count,
        cast(sum(nps_counts.standard_scale_count) as bigint) as standard_scale_count

    from nps_counts
    inner join touchpoints
        on nps_counts.touchpoint_id = touchpoints.touchpoint_id

    group by
        touchpoints.survey_kind,
        nps_counts.period_id,
        nps_counts.period_grain,
        nps_counts.period_start_date

),

scored as (

    select
        {{ surrogate_key(['survey_kind', 'period_id']) }} as period_survey_kind_id,
        survey_kind,
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

    from pooled

),

described as (

    select
        scored.*,
        {{ statistics_columns('nps') }}

    from scored
    left join score_statistics
        on
            scored.survey_kind = score_statistics.score_group
            and scored.period_id = score_statistics.period_id

)

select * from described
