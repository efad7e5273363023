with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

rule_points as (

    select * from {{ ref('int_metric_rule_points') }}

),

rules as (

    select distinct
        rule_id,
        metric,
        used_by,
        score_unit,
        value_divisor,
        is_rounded

    from rule_points

),

-- Dashboards of survey tools show weeks and longer; days would be most of the rows.
classified as (

    select
        score_counts.*,
        rating_scales.max_score - rating_scales.min_score + 1 as point_count,
        {{ steps_from_worst(
            'score_counts.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high'
        ) }} + 1 as scale_point,
        {{ score_category(
            'score_counts.metric', 'score_counts.score', 'rating_scales'
        ) }} as category

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

    where score_counts.period_grain != 'day'

),

-- What an answer is worth in our own scores: their rule is a mean of values, too.
placed as (

    select
        metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        point_count,
        scale_point,
        answer_count,
        case
            when category in ('promoter', 'satisfied') then 100
            when category = 'detractor' then -100
            else 0
        end as own_value

    from classified

),

-- Every rule meets every answer to its metric, so that what it leaves out is counted.
ruled as (

    select
        rules.rule_id,
        rules.used_by,
        rules.metric,
        rules.score_unit,
        rules.value_divisor,
        rules.is_rounded,
        placed.touchpoint_id,
        placed.period_id,
        placed.period_grain,
        placed.period_start_date,
        cast(sum(placed.answer_count) as bigint) as response_count,
        {{ count_where('rule_points.answer_value is not null', 'placed.answer_count') }}
            as scored_count,
        {{ count_where(
            'rule_points.rule_id is not null and rule_points.answer_value is null',
            'placed.answer_count'
        ) }} as unruled_point_count,
        {{ count_where('rule_points.rule_id is null', 'placed.answer_count') }}
            as unruled_scale_count,
        {{ count_where(
            'rule_points.answer_value is not null',
            'placed.answer_count * rule_points.answer_value'
        ) }} as value_sum,
        {{ count_where('true', 'placed.answer_count * placed.own_value') }}
            as own_value_sum,
        {{ count_where(
            'rule_points.answer_value is not null',
            'placed.answer_count * placed.own_value'
        ) }} as own_value_sum_of_scored

    from placed
    inner join rules
        on placed.metric = rules.metric
    left join rule_points
        on
            rules.rule_id = rule_points.rule_id
            and placed.point_count = rule_points.point_count
            and placed.scale_point = rule_points.scale_point

    group by
        rules.rule_id,
        rules.used_by,
        rules.metric,
        rules.score_unit,
        rules.value_divisor,
        rules.is_rounded,
        placed.touchpoint_id,
        placed.period_id,
        placed.period_grain,
        placed.period_start_date

)

select * from ruled
