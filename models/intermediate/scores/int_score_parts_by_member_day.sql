with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}
    where metric in ('csat', 'nps')

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

classified as (

    select
        score_counts.reporting_date,
        score_counts.metric,
        -- Relationship and transactional NPS are never added up.
        case
            when score_counts.metric = 'nps' then touchpoints.survey_kind
            else 'all'
        end as score_pool,
        score_counts.touchpoint_id,
        score_counts.channel,
        score_counts.segment,
        score_counts.answer_count,
        {{ nps_category('score_counts.score') }} as nps_category,
        {{ satisfaction_category(
            'score_counts.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high',
            'rating_scales.top_box_count',
            'rating_scales.bottom_box_count'
        ) }} as satisfaction_category

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id
    inner join touchpoints
        on score_counts.touchpoint_id = touchpoints.touchpoint_id

),

categorized as (

    select
        *,
        case
            when metric = 'csat' then satisfaction_category = 'satisfied'
            else nps_category = 'promoter'
        end as is_positive,
        case
            when metric = 'csat' then satisfaction_category = 'dissatisfied'
            else nps_category = 'detractor'
        end as is_negative

    from classified

),

-- The history is read once; the dimensions are cut from what is left.
counted as (

    select
        reporting_date,
        metric,
        score_pool,
        touchpoint_id,
        channel,
        segment,
        sum(answer_count) as response_count,
        {{ count_where('is_positive', 'answer_count') }} as positive_count,
        {{ count_where('is_negative', 'answer_count') }} as negative_count

    from categorized

    group by reporting_date, metric, score_pool, touchpoint_id, channel, segment

),

cut as (

    {% for dimension, member in score_dimensions().items() %}
    select
        reporting_date,
        metric,
        score_pool,
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count

    from counted

    group by reporting_date, metric, score_pool, {{ member }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from cut
