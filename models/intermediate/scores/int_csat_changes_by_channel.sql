with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}
    where metric = 'csat'

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

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

daily as (

    select
        score_counts.reporting_date,
        score_counts.channel,
        score_counts.touchpoint_id,
        sum(score_counts.answer_count) as response_count,
        sum(
            case
                when {{ satisfaction_category(
                    'score_counts.score',
                    'rating_scales.min_score',
                    'rating_scales.max_score',
                    'rating_scales.best_is_high',
                    'rating_scales.top_box_count',
                    'rating_scales.bottom_box_count'
                ) }} = 'satisfied' then score_counts.answer_count
                else 0
            end
        ) as satisfied_count,
        sum(score_counts.weight_sum) as weight_sum,
        sum(score_counts.weight_square_sum) as weight_square_sum,
        sum(score_counts.large_weight_square_sum) as large_weight_square_sum

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

    group by
        score_counts.reporting_date, score_counts.channel, score_counts.touchpoint_id

),

by_period as (

    select
        periods_by_day.period_id,
        daily.channel,
        daily.touchpoint_id,
        sum(daily.response_count) as response_count,
        sum(daily.satisfied_count) as satisfied_count,
        sum(daily.weight_sum) as weight_sum,
        sum(daily.weight_square_sum) as weight_square_sum,
        sum(daily.large_weight_square_sum) as large_weight_square_sum

    from daily
    inner join periods_by_day
        on daily.reporting_date = periods_by_day.reporting_date

    group by periods_by_day.period_id, daily.channel, daily.touchpoint_id

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
            (pooled.channel is not distinct from earlier.channel)
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

-- Benjamini and Hochberg, as in int_score_comparisons_by_period, over the channels.
ranked as (

    select
        *,
        {{ double_literal(1 - confidence_level()) }}
        * cast(
            row_number() over (partition by period_id order by change_p_value)
            as {{ type_double() }}
        ) / count(*) over (partition by period_id) as allowed_p_value

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
        coalesce(
            change_p_value <= max(
                case when change_p_value <= allowed_p_value then change_p_value end
            ) over (partition by period_id),
            false
        ) as is_significant

    from ranked

)

select * from judged
