-- In each period whose pooled score changed, the effects of all members add up to the
-- change that the score facts show; and no such period is missing.
with

score_changes as (

    select * from {{ ref('int_score_changes_by_member') }}

),

pooled_scores as (

    select
        'csat' as metric,
        'all' as score_pool,
        period_id,
        csat_pct as score

    from {{ ref('fct_csat_by_period') }}

    union all

    select
        'nps' as metric,
        survey_kind as score_pool,
        period_id,
        nps as score

    from {{ ref('fct_nps_by_period') }}

),

periods as (

    select * from {{ ref('dim_periods') }}

),

dimensions as (

    {% for dimension in score_dimensions() %}
    select '{{ dimension }}' as dimension
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

expected as (

    select
        pooled_scores.metric,
        pooled_scores.score_pool,
        dimensions.dimension,
        periods.period_id,
        pooled_scores.score - previous_scores.score as score_change

    from pooled_scores
    inner join periods
        on pooled_scores.period_id = periods.period_id
    inner join pooled_scores as previous_scores
        on
            pooled_scores.metric = previous_scores.metric
            and pooled_scores.score_pool = previous_scores.score_pool
            and periods.previous_period_id = previous_scores.period_id
    cross join dimensions

),

actual as (

    select
        metric,
        score_pool,
        dimension,
        period_id,
        sum(rate_effect + mix_effect) as effect,
        min(pooled_score - pooled_score_previous) as least_change,
        max(pooled_score - pooled_score_previous) as greatest_change

    from score_changes

    group by metric, score_pool, dimension, period_id

),

compared as (

    select
        coalesce(expected.metric, actual.metric) as metric,
        coalesce(expected.score_pool, actual.score_pool) as score_pool,
        coalesce(expected.dimension, actual.dimension) as dimension,
        coalesce(expected.period_id, actual.period_id) as period_id,
        expected.score_change,
        actual.effect,
        actual.least_change,
        actual.greatest_change

    from expected
    full outer join actual
        on
            expected.metric = actual.metric
            and expected.score_pool = actual.score_pool
            and expected.dimension = actual.dimension
            and expected.period_id = actual.period_id

)

select * from compared
where
    (
        abs(effect - score_change) <= 0.000000001
        and abs(least_change - score_change) <= 0.000000001
        and abs(greatest_change - score_change) <= 0.000000001
    ) is not true
