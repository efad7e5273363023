with

satisfaction_counts as (

    select * from {{ ref('int_satisfaction_counts_by_touchpoint_period') }}
    where metric = 'csat'

),

periods as (

    select * from {{ ref('dim_periods') }}

),

compared as (

    select
        satisfaction_counts.touchpoint_id,
        satisfaction_counts.period_id,
        satisfaction_counts.first_scale_shape <> satisfaction_counts.last_scale_shape
        or earlier_counts.first_scale_shape <> earlier_counts.last_scale_shape
        or satisfaction_counts.first_scale_shape <> earlier_counts.first_scale_shape
            as is_scale_changed

    from satisfaction_counts
    inner join periods
        on satisfaction_counts.period_id = periods.period_id
    inner join satisfaction_counts as earlier_counts
        on
            satisfaction_counts.touchpoint_id = earlier_counts.touchpoint_id
            and periods.previous_period_id = earlier_counts.period_id

)

select * from compared
