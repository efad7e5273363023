with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where metric in ('csat', 'ces')

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

classified as (

    select
        score_counts.*,
        rating_scales.scale_shape,
        rating_scales.common_step_count,
        {{ satisfaction_category(
            'score_counts.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high',
            'rating_scales.top_box_count',
            'rating_scales.bottom_box_count'
        ) }} as satisfaction_category,
        {{ common_steps(
            'score_counts.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high',
            'rating_scales.common_step_count'
        ) }} as common_steps

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

),

counted as (

    select
        metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        cast(sum(answer_count) as bigint) as response_count,
        {{ count_where("satisfaction_category = 'satisfied'", 'answer_count') }}
            as satisfied_count,
        {{ count_where("satisfaction_category = 'neutral'", 'answer_count') }}
            as neutral_count,
        {{ count_where("satisfaction_category = 'dissatisfied'", 'answer_count') }}
            as dissatisfied_count,
        cast(sum(common_steps * answer_count) as {{ type_decimal(38) }})
            as common_steps,
        max(common_step_count) as common_step_count,
        min(scale_shape) as first_scale_shape,
        max(scale_shape) as last_scale_shape,
        cast(sum(weight_sum) as {{ type_decimal(38, 10) }}) as weight_sum,
        {{ weight_where("satisfaction_category = 'satisfied'", 'weight_sum') }}
            as satisfied_weight_sum,
        cast(sum(weight_square_sum) as {{ type_decimal(38, 20) }}) as weight_square_sum,
        cast(sum(large_weight_square_sum) as {{ type_decimal(38, 10) }})
            as large_weight_square_sum

    from classified

    group by metric, touchpoint_id, period_id, period_grain, period_start_date

)

select * from counted
