with

answers as (

    select * from {{ ref('int_answers_by_day') }}

),

overtaken as (

    select * from {{ ref('int_answers_overtaken_by_day') }}

),

rating_scales as (

    select
        scale_id,
        min_score = 0 and max_score = 10 as is_standard_scale,
        -- Shapes as numbers: two sums of them say whether answers on several are mixed.
        dense_rank() over (order by scale_shape) as shape_number

    from {{ ref('int_rating_scales') }}

),

windows as (

    {% for window_days in trailing_window_days() %}
    select {{ window_days }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- An answer comes into a window on its day and leaves it when the window is over.
all_moves as (

    select
        answers.metric,
        answers.touchpoint_id,
        answers.scale_id,
        windows.window_days,
        answers.reporting_date as move_date,
        answers.answer_count,
        answers.positive_count,
        answers.negative_count

    from answers
    cross join windows

    union all

    select
        answers.metric,
        answers.touchpoint_id,
        answers.scale_id,
        windows.window_days,
        cast({{ dbt.dateadd(
            'day', 'windows.window_days', 'answers.reporting_date'
        ) }} as date) as move_date,
        -answers.answer_count as answer_count,
        -answers.positive_count as positive_count,
        -answers.negative_count as negative_count

    from answers
    cross join windows

),

-- One that is overtaken leaves on the day of the next, and then no second time.
overtaken_moves as (

    select
        overtaken.metric,
        overtaken.touchpoint_id,
        overtaken.scale_id,
        windows.window_days,
        overtaken.reporting_date,
        overtaken.next_date,
        overtaken.answer_count,
        overtaken.positive_count,
        overtaken.negative_count

    from overtaken
    inner join windows
        on
            -- It is still in the window when the next one comes.
            overtaken.next_date < {{ dbt.dateadd(
                'day', 'windows.window_days', 'overtaken.reporting_date'
            ) }}

),

moves as (

    select
        'every_answer' as answer_policy,
        all_moves.*

    from all_moves

    union all

    select
        'latest_per_respondent' as answer_policy,
        all_moves.*

    from all_moves

    union all

    select
        'latest_per_respondent' as answer_policy,
        metric,
        touchpoint_id,
        scale_id,
        window_days,
        next_date as move_date,
        -answer_count as answer_count,
        -positive_count as positive_count,
        -negative_count as negative_count

    from overtaken_moves

    union all

    select
        'latest_per_respondent' as answer_policy,
        metric,
        touchpoint_id,
        scale_id,
        window_days,
        cast({{ dbt.dateadd('day', 'window_days', 'reporting_date') }} as date)
            as move_date,
        answer_count,
        positive_count,
        negative_count

    from overtaken_moves

),

numbered as (

    select
        moves.*,
        case
            when moves.metric = 'csat' then rating_scales.shape_number
            when rating_scales.is_standard_scale then 1
            else 0
        end as shape_number

    from moves
    inner join rating_scales
        on moves.scale_id = rating_scales.scale_id

),

summed as (

    select
        metric,
        touchpoint_id,
        answer_policy,
        window_days,
        move_date,
        cast(sum(answer_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count,
        cast(sum(answer_count * shape_number) as bigint) as shape_sum,
        cast(sum(answer_count * shape_number * shape_number) as bigint)
            as shape_square_sum

    from numbered

    group by metric, touchpoint_id, answer_policy, window_days, move_date

)

select * from summed
