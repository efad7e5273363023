with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where metric in ('csat', 'ces')

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

metric_rules as (

    select * from {{ ref('int_metric_rules') }}

),

placed as (

    select
        score_counts.*,
        rating_scales.max_score - rating_scales.min_score + 1 as point_count,
        {{ steps_from_worst(
            'score_counts.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high'
        ) }} + 1 as point,
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

),

all_answers as (

    select
        metric,
        touchpoint_id,
        period_id,
        sum(answer_count) as response_count

    from placed

    group by metric, touchpoint_id, period_id

),

ruled as (

    select
        metric_rules.rule_id,
        metric_rules.used_by,
        placed.metric,
        placed.touchpoint_id,
        placed.period_id,
        placed.period_grain,
        placed.period_start_date,
        sum(placed.answer_count) as response_count,
        sum(placed.answer_count * metric_rules.answer_value) as value_sum,
        {{ count_where(
            "placed.satisfaction_category = 'satisfied'", 'placed.answer_count'
        ) }} as positive_count

    from placed
    inner join metric_rules
        on
            placed.metric = metric_rules.metric
            and placed.point_count = metric_rules.point_count
            and placed.point = metric_rules.point

    group by
        metric_rules.rule_id,
        metric_rules.used_by,
        placed.metric,
        placed.touchpoint_id,
        placed.period_id,
        placed.period_grain,
        placed.period_start_date

),

scored as (

    select
        {{ surrogate_key([
            'ruled.rule_id', 'ruled.touchpoint_id', 'ruled.period_id'
        ]) }} as rule_score_id,
        ruled.rule_id,
        ruled.used_by,
        ruled.metric,
        ruled.touchpoint_id,
        ruled.period_id,
        ruled.period_grain,
        ruled.period_start_date,
        cast(ruled.response_count as bigint) as response_count,
        cast(all_answers.response_count - ruled.response_count as bigint)
            as left_out_count,
        cast(ruled.value_sum as decimal(38, 4)) as value_sum,
        cast(ruled.value_sum as {{ type_double() }})
        / nullif(ruled.response_count, 0) as rule_score,
        {{ share_pct('ruled.positive_count', 'ruled.response_count') }} as own_score

    from ruled
    inner join all_answers
        on
            ruled.metric = all_answers.metric
            and ruled.touchpoint_id = all_answers.touchpoint_id
            and ruled.period_id = all_answers.period_id

)

select * from scored
