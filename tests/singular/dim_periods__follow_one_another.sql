with

periods as (

    select * from {{ ref('dim_periods') }}

),

neighbours as (

    select
        period_id,
        previous_period_id,
        period_start_date,
        row_number() over grain_order as place,
        lag(period_id) over grain_order as earlier_period_id,
        lag(period_end_date) over grain_order as earlier_end_date

    from periods
    window grain_order as (
        partition by period_grain
        order by period_start_date
    )

),

wrong as (

    select * from neighbours
    where
        previous_period_id is distinct from earlier_period_id
        or (place > 1 and (earlier_end_date = period_start_date) is not true)

)

select * from wrong
