with

score_counts as (

    select * from {{ ref('int_score_counts_by_day_classified') }}
    where metric in ('csat', 'nps')

),

counted as (

    select
        reporting_date,
        metric,
        touchpoint_id,
        scale_id,
        cast(sum(answer_count) as bigint) as answer_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count

    from score_counts

    group by reporting_date, metric, touchpoint_id, scale_id

)

select * from counted
