with

answers_overtaken as (

    select * from {{ ref('int_answers_overtaken') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

-- Of the same scores there are many: each is classified once.
counted as (

    select
        metric,
        touchpoint_id,
        scale_id,
        score,
        reporting_date,
        next_date,
        count(*) as answer_count

    from answers_overtaken

    group by metric, touchpoint_id, scale_id, score, reporting_date, next_date

),

classified as (

    select
        counted.*,
        {{ score_category('counted.metric', 'counted.score', 'rating_scales') }}
            as category

    from counted
    inner join rating_scales
        on counted.scale_id = rating_scales.scale_id

),

overtaken as (

    select
        metric,
        touchpoint_id,
        scale_id,
        reporting_date,
        next_date,
        cast(sum(answer_count) as bigint) as answer_count,
        {{ count_where("category in ('promoter', 'satisfied')", 'answer_count') }}
            as positive_count,
        {{ count_where("category in ('detractor', 'dissatisfied')", 'answer_count') }}
            as negative_count

    from classified

    group by metric, touchpoint_id, scale_id, reporting_date, next_date

)

select * from overtaken
