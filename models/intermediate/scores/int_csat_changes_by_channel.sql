{%- set family = 'partition by period_id' -%}
with

score_counts as (

    select * from {{ ref('int_score_counts_by_day_classified') }}
    where metric = 'csat'

),

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

periods as (

    select * from {{ ref('dim_periods') }}

),

-- A new scale moves top boxes without a change of mind: in periods that differ in it, a
-- touchpoint does not count.
changed_scales as (

    select * from {{ ref('int_csat_scales_compared') }}
    where is_scale_changed

),

-- Days are summed before each of them meets its periods.
by_day as (

    select
        reporting_date,
        channel,
        touchpoint_id,
        sum(answer_count) as response_count,
        sum(positive_count) as satisfied_count,
        sum(weight_sum) as weight_sum,
        sum(weight_square_sum) as weight_square_sum,
        sum(large_weight_square_sum) as large_weight_square_sum

    from score_counts

    group by reporting_date, channel, touchpoint_id

),

by_period as (

    select
        periods_by_day.period_id,
        by_day.channel,
        by_day.touchpoint_id,
        sum(by_day.response_count) as response_count,
        sum(by_day.satisfied_count) as satisfied_count,
        sum(by_day.weight_sum) as weight_sum,
        sum(by_day.weight_square_sum) as weight_square_sum,
        sum(by_day.large_weight_square_sum) as large_weight_square_sum

    from by_day
    inner join periods_by_day
        on by_day.reporting_date = periods_by_day.reporting_date

    group by periods_by_day.period_id, by_day.channel, by_day.touchpoint_id

),

-- What a period has, and what its next period had before.
both_periods as (

    select
        by_period.*,
        true as is_current

    from by_period

    union all

    select
        periods.period_id,
        by_period.channel,
        by_period.touchpoint_id,
        by_period.response_count,
        by_period.satisfied_count,
        by_period.weight_sum,
        by_period.weight_square_sum,
        by_period.large_weight_square_sum,
        false as is_current

    from by_period
    inner join periods
        on by_period.period_id = periods.previous_period_id

),

pooled as (

    select
        both_periods.channel,
        both_periods.period_id,
        both_periods.is_current,
        cast(sum(both_periods.response_count) as bigint) as response_count,
        cast(sum(both_periods.satisfied_count) as bigint) as satisfied_count,
        {{ effective_count(
            'sum(both_periods.weight_sum)',
            'sum(both_periods.weight_square_sum)',
            'sum(both_periods.large_weight_square_sum)'
        ) }} as n_eff

    from both_periods
    left join changed_scales
        on
            both_periods.touchpoint_id = changed_scales.touchpoint_id
            and both_periods.period_id = changed_scales.period_id
    where changed_scales.touchpoint_id is null

    group by both_periods.channel, both_periods.period_id, both_periods.is_current

),

paired as (

    select
        pooled.channel,
        pooled.period_id,
        earlier.response_count as response_count_previous,
        pooled.response_count,
        {{ csat_pct('earlier.satisfied_count', 'earlier.response_count') }}
            as csat_pct_previous,
        {{ csat_pct('pooled.satisfied_count', 'pooled.response_count') }} as csat_pct,
        {{ share_change_z(
            'pooled.n_eff * pooled.satisfied_count / pooled.response_count',
            'pooled.n_eff',
            'earlier.n_eff * earlier.satisfied_count / earlier.response_count',
            'earlier.n_eff'
        ) }} as change_z

    from pooled
    inner join pooled as earlier
        on
            {{ same_value('pooled.channel', 'earlier.channel') }}
            and pooled.period_id = earlier.period_id
            and not earlier.is_current
    where pooled.is_current

),

valued as (

    select
        *,
        {{ p_value('change_z') }} as change_p_value

    from paired

),

ranked as (

    select
        *,
        {{ allowed_p_value(family) }} as allowed_p_value

    from valued

),

judged as (

    select
        channel,
        period_id,
        response_count_previous,
        response_count,
        csat_pct_previous,
        csat_pct,
        change_z,
        change_p_value,
        {{ is_significant(family) }} as is_significant

    from ranked

)

select * from judged
