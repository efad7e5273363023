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
        max(reporting_date) as last_date

    from score_counts

),

-- The days from the first answer to the last are counted in blocks of ten thousand.
blocks as (

    select
        cast({{ dbt.dateadd(
            'day', '10000 * whole_numbers.whole_number', 'answered_range.first_date'
        ) }} as date) as block_date,
        answered_range.last_date

    from answered_range
    cross join whole_numbers
    -- A block has more than 27 years; one far behind the last answer may have no date.
    where
        27 * whole_numbers.whole_number
        <= extract(year from answered_range.last_date)
        - extract(year from answered_range.first_date) + 1

),

days as (

    select
        blocks.last_date,
        cast({{ dbt.dateadd(
            'day', 'whole_numbers.whole_number', 'blocks.block_date'
        ) }} as date) as reporting_date

    from blocks
    cross join whole_numbers
    where blocks.block_date <= blocks.last_date

),

periods as (

    {% for grain in period_grains() %}
    select
        reporting_date,
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'reporting_date') }} as period_start_date,
        {{ period_id(grain, period_start(grain, 'reporting_date')) }} as period_id

    from days
    where reporting_date <= last_date
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from periods
