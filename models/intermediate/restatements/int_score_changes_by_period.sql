-- The ledger is written by the store, and counted by the daily counts, before.
-- depends_on: {{ ref('fct_score_counts_by_day') }}
with

score_changes as (

    select * from {{ ref('int_score_changes') }}

),

changes_by_period as (

    {% for grain in period_grains() %}
    {%- set start_date = period_start(grain, 'reporting_date') %}
    select
        metric,
        touchpoint_id,
        '{{ grain }}' as period_grain,
        {{ start_date }} as period_start_date,
        {{ period_id(grain, start_date) }} as period_id,
        {{ period_end(grain, start_date) }} as period_end_date,
        cause,
        answer_count

    from score_changes
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select
        metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        period_end_date,
        {%- for cause in [
            'added', 'edited', 'excluded', 'erased', 'redefined', 'withdrawn'
        ] %}
        {{ count_where("cause = '" ~ cause ~ "'", 'answer_count') }}
            as {{ cause }}_count,
        {%- endfor %}
        max(case when cause = 'rebuilt' then 1 else 0 end) = 1 as is_rebuilt

    from changes_by_period

    group by
        metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        period_end_date

)

select * from counted
