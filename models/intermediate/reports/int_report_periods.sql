with

periods as (

    select * from {{ ref('dim_periods') }}
    where is_complete and period_grain in ('month', 'quarter', 'year')

),

placed as (

    select
        period_id,
        period_grain,
        period_start_date,
        period_label,
        {{ period_id('quarter', period_start('quarter', 'period_start_date')) }}
            as quarter_id,
        {{ period_id('year', period_start('year', 'period_start_date')) }} as year_id

    from periods

),

-- A quarter or year of which a month is missing equals the sum of the others, or one of
-- them: it is not offered.
whole_periods as (

    select quarter_id as period_id

    from placed
    where period_grain = 'month'

    group by quarter_id
    having count(*) = 3

    union all

    select year_id as period_id

    from placed
    where period_grain = 'month'

    group by year_id
    having count(*) = 12

),

offered as (

    select placed.*

    from placed
    left join whole_periods
        on placed.period_id = whole_periods.period_id
    where placed.period_grain = 'month' or whole_periods.period_id is not null

),

-- The periods of one grain within the next coarser are shown all or none.
described as (

    select
        period_id,
        period_grain,
        period_start_date,
        period_label,
        year_id,
        case period_grain
            when 'month' then quarter_id
            when 'quarter' then year_id
            else period_id
        end as block_id

    from offered

)

select * from described
