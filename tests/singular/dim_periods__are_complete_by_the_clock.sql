with

periods as (

    select * from {{ ref('dim_periods') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

wrong as (

    select periods.*

    from periods
    left join clock
        on true
    where
        (periods.is_complete = (clock.clock_date >= periods.period_end_date))
        is not true

)

select * from wrong
