{%- set running = (
    'partition by metric, touchpoint_id, answer_policy, window_days order by move_date'
    ~ ' rows between unbounded preceding and current row'
) -%}
with

moves as (

    select * from {{ ref('int_trailing_window_moves') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

days as (

    select * from {{ ref('dim_periods') }}
    where period_grain = 'day'

),

answered_days as (

    select distinct reporting_date

    from {{ ref('int_answers_by_day') }}

),

dated as (

    select
        days.period_start_date as as_of_date,
        min(days.period_start_date) over () as first_date,
        max(answered_days.reporting_date) over (
            order by days.period_start_date
            rows between unbounded preceding and current row
        ) as last_answer_date

    from days
    left join answered_days
        on days.period_start_date = answered_days.reporting_date

),

-- Years in which nobody answered take no room.
live_days as (

    select
        as_of_date,
        first_date

    from dated
    where as_of_date < {{ dbt.dateadd(
        'day', trailing_window_days() | max, 'last_answer_date'
    ) }}

),

series as (

    select distinct
        metric,
        touchpoint_id,
        answer_policy,
        window_days

    from moves

),

-- A row for each day, beside the moves, to show what is in the window then.
days_and_moves as (

    select
        series.metric,
        series.touchpoint_id,
        series.answer_policy,
        series.window_days,
        live_days.as_of_date as move_date,
        0 as response_count,
        0 as positive_count,
        0 as negative_count,
        0 as shape_sum,
        0 as shape_square_sum,
        1 as is_day

    from series
    cross join live_days

    union all

    select
        metric,
        touchpoint_id,
        answer_policy,
        window_days,
        move_date,
        response_count,
        positive_count,
        negative_count,
        shape_sum,
        shape_square_sum,
        0 as is_day

    from moves

),

by_day as (

    select
        metric,
        touchpoint_id,
        answer_policy,
        window_days,
        move_date,
        max(is_day) as is_day,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count,
        cast(sum(shape_sum) as bigint) as shape_sum,
        cast(sum(shape_square_sum) as bigint) as shape_square_sum

    from days_and_moves

    group by metric, touchpoint_id, answer_policy, window_days, move_date

),

running as (

    select
        metric,
        touchpoint_id,
        answer_policy,
        window_days,
        move_date,
        is_day,
        sum(response_count) over ({{ running }}) as response_count,
        sum(positive_count) over ({{ running }}) as positive_count,
        sum(negative_count) over ({{ running }}) as negative_count,
        sum(shape_sum) over ({{ running }}) as shape_sum,
        sum(shape_square_sum) over ({{ running }}) as shape_square_sum

    from by_day

),

by_touchpoint as (

    select
        running.metric,
        case when running.metric = 'nps' then touchpoints.survey_kind else 'all' end
            as score_pool,
        running.touchpoint_id,
        running.answer_policy,
        running.window_days,
        running.move_date as as_of_date,
        running.response_count,
        running.positive_count,
        running.negative_count,
        running.shape_sum,
        running.shape_square_sum

    from running
    inner join touchpoints
        on running.touchpoint_id = touchpoints.touchpoint_id
    where running.is_day = 1 and running.response_count > 0

),

scoped as (

    select
        'touchpoint' as score_scope,
        by_touchpoint.*

    from by_touchpoint

    union all

    select
        'all' as score_scope,
        metric,
        score_pool,
        {{ as_text('null') }} as touchpoint_id,
        answer_policy,
        window_days,
        as_of_date,
        sum(response_count) as response_count,
        sum(positive_count) as positive_count,
        sum(negative_count) as negative_count,
        sum(shape_sum) as shape_sum,
        sum(shape_square_sum) as shape_square_sum

    from by_touchpoint

    group by metric, score_pool, answer_policy, window_days, as_of_date

),

described as (

    select
        scoped.metric,
        scoped.score_pool,
        scoped.score_scope,
        scoped.touchpoint_id,
        scoped.answer_policy,
        scoped.window_days,
        scoped.as_of_date,
        cast(scoped.response_count as bigint) as response_count,
        cast(scoped.positive_count as bigint) as positive_count,
        cast(scoped.negative_count as bigint) as negative_count,
        -- Numbers that are all alike have no variance.
        cast(scoped.response_count as {{ type_decimal(38) }}) * scoped.shape_square_sum
        <> cast(scoped.shape_sum as {{ type_decimal(38) }}) * scoped.shape_sum
            as is_mixed_scale,
        scoped.shape_sum = scoped.response_count as is_standard_scale,
        scoped.as_of_date >= {{ dbt.dateadd(
            'day', 'scoped.window_days - 1', 'live_days.first_date'
        ) }} as is_full_window

    from scoped
    inner join live_days
        on scoped.as_of_date = live_days.as_of_date

)

select * from described
