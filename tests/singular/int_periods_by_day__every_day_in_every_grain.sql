with

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

answered as (

    select
        min(reporting_date) as first_date,
        max(reporting_date) as last_date

    from score_counts

),

counted as (

    select
        min(reporting_date) as first_date,
        max(reporting_date) as last_date,
        count(*) as row_count,
        count(distinct reporting_date) as day_count

    from periods_by_day

),

wrong as (

    select counted.*

    from counted
    cross join answered
    where
        counted.row_count <> 5 * counted.day_count
        or counted.first_date is distinct from answered.first_date
        or counted.last_date is distinct from answered.last_date
        -- So many days, from the first to the last: none is missing.
        or counted.last_date is distinct from cast({{ dbt.dateadd(
            'day', 'cast(counted.day_count as integer) - 1', 'answered.first_date'
        ) }} as date)

)

select * from wrong
