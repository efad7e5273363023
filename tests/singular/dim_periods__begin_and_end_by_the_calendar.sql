with

periods as (

    select * from {{ ref('dim_periods') }}

),

measured as (

    select
        period_id,
        period_grain,
        period_start_date,
        period_end_date,
        cast({{ dbt.date_trunc('week', 'period_start_date') }} as date) as monday,
        cast({{ dbt.dateadd('day', 1, 'period_start_date') }} as date) as next_day,
        cast({{ dbt.dateadd('day', 7, 'period_start_date') }} as date) as next_week,
        extract(day from period_start_date) as first_day_of_month,
        extract(day from period_end_date) as end_day_of_month,
        12 * extract(year from period_start_date)
        + extract(month from period_start_date) as first_month,
        12 * extract(year from period_end_date)
        + extract(month from period_end_date) as end_month

    from periods

),

wrong as (

    select * from measured
    where
        case
            when period_grain = 'day' then period_end_date = next_day
            when period_grain = 'week'
                then period_start_date = monday and period_end_date = next_week
            when first_day_of_month <> 1 or end_day_of_month <> 1 then false
            when period_grain = 'month' then end_month - first_month = 1
            when period_grain = 'quarter'
                then
                    end_month - first_month = 3
                    and (first_month - {{ var('fiscal_year_start_month') }}) % 3 = 0
            when period_grain = 'year'
                then
                    end_month - first_month = 12
                    and (first_month - {{ var('fiscal_year_start_month') }}) % 12 = 0
        end is not true

)

select * from wrong
