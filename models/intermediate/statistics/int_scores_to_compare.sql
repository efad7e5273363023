with

nps_counts as (

    select * from {{ ref('int_nps_counts_by_touchpoint_period') }}

),

satisfaction_counts as (

    select * from {{ ref('int_satisfaction_counts_by_touchpoint_period') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

-- A scope is what a score is of: one touchpoint, or all that are pooled.
scoped as (

    select
        'nps' as metric,
        'touchpoint' as score_scope,
        touchpoint_id as scope_id,
        period_id,
        response_count,
        promoter_count as positive_count,
        detractor_count as negative_count

    from nps_counts

    union all

    select
        'nps' as metric,
        'survey_kind' as score_scope,
        touchpoints.survey_kind as scope_id,
        nps_counts.period_id,
        nps_counts.response_count,
        nps_counts.promoter_count as positive_count,
        nps_counts.detractor_count as negative_count

    from nps_counts
    inner join touchpoints
        on nps_counts.touchpoint_id = touchpoints.touchpoint_id

    union all

    select
        metric,
        'touchpoint' as score_scope,
        touchpoint_id as scope_id,
        period_id,
        response_count,
        satisfied_count as positive_count,
        cast(0 as bigint) as negative_count

    from satisfaction_counts

    union all

    select
        metric,
        'all' as score_scope,
        'all' as scope_id,
        period_id,
        response_count,
        satisfied_count as positive_count,
        cast(0 as bigint) as negative_count

    from satisfaction_counts

),

pooled as (

    select
        metric,
        score_scope,
        scope_id,
        period_id,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count

    from scoped

    group by metric, score_scope, scope_id, period_id

)

select * from pooled
