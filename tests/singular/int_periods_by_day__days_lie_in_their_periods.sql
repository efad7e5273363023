with

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

periods as (

    select * from {{ ref('dim_periods') }}

),

wrong as (

    select periods_by_day.*

    from periods_by_day
    left join periods
        on periods_by_day.period_id = periods.period_id
    where
        (
            periods_by_day.period_grain = periods.period_grain
            and periods_by_day.period_start_date = periods.period_start_date
            and periods_by_day.reporting_date >= periods.period_start_date
            and periods_by_day.reporting_date < periods.period_end_date
        ) is not true

)

select * from wrong
