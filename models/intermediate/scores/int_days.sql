with

periods as (

    select * from {{ ref('dim_periods') }}
    where period_grain = 'day'

),

days as (

    select period_start_date as calendar_date

    from periods

)

select * from days
