with

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

periods as (

    select distinct
        period_id,
        period_grain,
        period_start_date

    from periods_by_day

),

described as (

    select
        period_id,
        period_grain,
        period_start_date,
        case period_grain
            {%- for grain in period_grains() %}
            when '{{ grain }}' then {{ period_end(grain, 'period_start_date') }}
            {%- endfor %}
        end as period_end_date,
        case period_grain
            {%- for grain in period_grains() %}
            when '{{ grain }}' then {{ period_label(grain, 'period_start_date') }}
            {%- endfor %}
        end as period_label,
        lag(period_id) over (
            partition by period_grain
            order by period_start_date
        ) as previous_period_id,
        case
            {%- for grain in period_grains() %}
            when
                period_grain = '{{ grain }}'
                and {{ year_before(grain, 'period_start_date') }}
                >= min(period_start_date) over (partition by period_grain)
                then {{ period_id(grain, year_before(grain, 'period_start_date')) }}
            {%- endfor %}
        end as year_before_period_id

    from periods

),

completed as (

    select
        described.*,
        described.period_end_date <= clock.clock_date as is_complete

    from described
    cross join clock

)

select * from completed
