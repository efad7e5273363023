with

periods as (

    select * from {{ ref('dim_periods') }}

),

-- Days and weeks are held against 52 weeks before, which begin on the same weekday.
baselines as (

    select
        period_id,
        period_grain,
        'previous' as baseline,
        previous_period_id as baseline_period_id

    from periods

    union all

    select
        period_id,
        period_grain,
        'year_before' as baseline,
        case
            {%- for grain in period_grains() %}
            when period_grain = '{{ grain }}' then {{ period_id(
                grain,
                'cast(' ~ (
                    dbt.dateadd('day', -364, 'period_start_date')
                    if grain in ('day', 'week')
                    else dbt.dateadd('month', -12, 'period_start_date')
                ) ~ ' as date)'
            ) }}
            {%- endfor %}
        end as baseline_period_id

    from periods

)

select * from baselines
