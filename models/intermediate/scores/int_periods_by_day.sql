with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers') }}

),

answered_range as (

    select
        min(reporting_date) as first_date,
        {{ dbt.datediff('min(reporting_date)', 'max(reporting_date)', 'day') }}
            as last_day_number

    from score_counts

),

days as (

    select
        cast({{ dbt.dateadd(
            'day',
            '10000 * ten_thousands.whole_number + units.whole_number',
            'answered_range.first_date'
        ) }} as date) as reporting_date

    from answered_range
    inner join whole_numbers as ten_thousands
        -- Both conditions count the days from the first answer's to the last one's.
        on
            answered_range.last_day_number
            >= 10000 * ten_thousands.whole_number
    inner join whole_numbers as units
        on
            answered_range.last_day_number
            >= 10000 * ten_thousands.whole_number + units.whole_number

),

periods as (
    {% for grain in period_grains() %}
    {{ 'union all' if not loop.first }}
    select
        reporting_date,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'reporting_date') }} as period_start_date,
        {{ period_id(grain, period_start(grain, 'reporting_date')) }} as period_id

    from days
    {% endfor %}
)

select * from periods
