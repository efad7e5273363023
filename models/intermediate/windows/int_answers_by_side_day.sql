with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where period_grain = 'day' and metric in ('csat', 'nps')

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

classified as (

    select
        score_counts.period_start_date as reporting_date,
        score_counts.metric,
        score_counts.touchpoint_id,
        score_counts.scale_id,
        score_counts.answer_count,
        case
            when score_counts.metric = 'nps'
                then {{ nps_category('score_counts.score') }}
        end as nps_category,
        case
            when score_counts.metric = 'csat'
                then {{ satisfaction_category(
                    'score_counts.score',
                    'rating_scales.min_score',
                    'rating_scales.max_score',
                    'rating_scales.best_is_high',
                    'rating_scales.top_box_count',
                    'rating_scales.bottom_box_count'
                ) }}
        end as satisfaction_category

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

),

sided as (

    select
        reporting_date,
        metric,
        touchpoint_id,
        scale_id,
        answer_count,
        {{ answer_side('nps_category', 'satisfaction_category') }} as side

    from classified

),

counted as (

    select
        reporting_date,
        metric,
        touchpoint_id,
        scale_id,
        side,
        cast(sum(answer_count) as bigint) as answer_count

    from sided

    group by reporting_date, metric, touchpoint_id, scale_id, side

)

select * from counted
