with

score_counts as (

    select * from {{ ref('int_score_counts_by_day_classified') }}
    where metric in ('csat', 'nps')

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

pooled as (

    select
        score_counts.*,
        -- Relationship and transactional NPS are never added up.
        case
            when score_counts.metric = 'nps' then touchpoints.survey_kind
            else 'all'
        end as score_pool

    from score_counts
    inner join touchpoints
        on score_counts.touchpoint_id = touchpoints.touchpoint_id

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
        sum(positive_count) as positive_count,
        sum(negative_count) as negative_count

    from pooled

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
