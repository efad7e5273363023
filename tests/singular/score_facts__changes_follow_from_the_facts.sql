{%- set facts = {
    'fct_csat_by_touchpoint_period': ['touchpoint_id', 'csat_pct'],
    'fct_csat_by_period': ["'all'", 'csat_pct'],
    'fct_ces_by_touchpoint_period': ['touchpoint_id', 'ces_pct'],
    'fct_ces_by_period': ["'all'", 'ces_pct'],
    'fct_nps_by_touchpoint_period': ['touchpoint_id', 'nps'],
    'fct_nps_by_period': ['survey_kind', 'nps'],
} -%}
with

periods as (

    select * from {{ ref('dim_periods') }}

),

scores as (

    {% for fact, (score_group, score) in facts.items() %}
    select
        '{{ fact }}' as fact_name,
        {{ score_group }} as score_group,
        period_id,
        period_grain,
        period_start_date,
        {{ score }} as score,
        {{ score }}_previous as previous_score,
        {{ score }}_year_before as year_before_score

    from {{ ref(fact) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- By the dates of the calendar, without the ids that the models join by.
dated as (

    select
        scores.*,
        periods.period_end_date,
        case
            when scores.period_grain = 'week'
                then cast({{ dbt.dateadd(
                    'day', -364, 'scores.period_start_date'
                ) }} as date)
            else cast({{ dbt.dateadd(
                'month', -12, 'scores.period_start_date'
            ) }} as date)
        end as year_before_date

    from scores
    inner join periods
        on scores.period_id = periods.period_id

),

differences as (

    select
        dated.fact_name,
        dated.score_group,
        dated.period_id,
        dated.previous_score,
        previous.score as expected_previous_score,
        dated.year_before_score,
        year_before.score as expected_year_before_score

    from dated
    left join dated as previous
        on
            dated.fact_name = previous.fact_name
            and dated.score_group = previous.score_group
            and dated.period_grain = previous.period_grain
            and dated.period_start_date = previous.period_end_date
    left join dated as year_before
        on
            dated.fact_name = year_before.fact_name
            and dated.score_group = year_before.score_group
            and dated.period_grain = year_before.period_grain
            and dated.year_before_date = year_before.period_start_date
    where
        dated.previous_score is distinct from previous.score
        or dated.year_before_score is distinct from year_before.score

)

select * from differences
