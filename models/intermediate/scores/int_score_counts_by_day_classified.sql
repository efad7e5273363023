with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

classified as (

    select
        score_counts.score_count_id,
        score_counts.reporting_date,
        score_counts.source_system,
        score_counts.survey_id,
        score_counts.question_id,
        score_counts.touchpoint_id,
        score_counts.metric,
        score_counts.scale_id,
        score_counts.channel,
        score_counts.segment,
        score_counts.answer_count,
        score_counts.weight_sum,
        score_counts.weight_square_sum,
        score_counts.large_weight_square_sum,
        {{ score_category(
            'score_counts.metric', 'score_counts.score', 'rating_scales'
        ) }} as category

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

),

counted as (

    select
        score_count_id,
        reporting_date,
        source_system,
        survey_id,
        question_id,
        touchpoint_id,
        metric,
        scale_id,
        channel,
        segment,
        answer_count,
        weight_sum,
        weight_square_sum,
        large_weight_square_sum,
        case
            when category in ('promoter', 'satisfied') then answer_count
            else 0
        end as positive_count,
        case
            when category in ('passive', 'neutral') then answer_count
            else 0
        end as neutral_count,
        case
            when category in ('detractor', 'dissatisfied') then answer_count
            else 0
        end as negative_count

    from classified

)

select * from counted
