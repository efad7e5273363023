{%- set comparisons = {
    'previous': 'previous_period_id',
    'year_before': 'year_before_period_id',
} -%}
with

score_estimates as (

    select * from {{ ref('int_score_estimates_by_period') }}

),

-- Named twice: of a relation that is read twice under one name PostgreSQL forgets what
-- it knows of its values, and joins in the wrong order.
earlier_estimates as (

    select * from {{ ref('int_score_estimates_by_period') }}

),

periods as (

    select * from {{ ref('dim_periods') }}

),

earlier_periods as (

    {% for comparison, earlier_period_id in comparisons.items() %}
    select
        period_id,
        '{{ comparison }}' as comparison,
        {{ earlier_period_id }} as earlier_period_id

    from periods
    where {{ earlier_period_id }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

paired as (

    select
        score_estimates.metric,
        score_estimates.score_scope,
        score_estimates.score_group,
        score_estimates.period_id,
        earlier_periods.comparison,
        score_estimates.score,
        score_estimates.n_eff,
        score_estimates.positive_n_eff,
        score_estimates.detractor_n_eff,
        earlier.score as earlier_score,
        earlier.n_eff as earlier_n_eff,
        earlier.positive_n_eff as earlier_positive_n_eff,
        earlier.detractor_n_eff as earlier_detractor_n_eff

    from score_estimates
    inner join earlier_periods
        on score_estimates.period_id = earlier_periods.period_id
    -- Where nobody answered then, there is nothing to compare with.
    inner join earlier_estimates as earlier
        on
            score_estimates.metric = earlier.metric
            and score_estimates.score_scope = earlier.score_scope
            and score_estimates.score_group = earlier.score_group
            and earlier_periods.earlier_period_id = earlier.period_id

)

select * from paired
