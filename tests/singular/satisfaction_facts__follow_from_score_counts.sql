with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where metric in ('csat', 'ces')

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

-- Everything is worked out here a second time, by other means than the models'.
measured as (

    select
        score_counts.metric,
        score_counts.touchpoint_id,
        score_counts.period_id,
        score_counts.answer_count,
        rating_scales.top_box_count,
        rating_scales.bottom_box_count,
        rating_scales.max_score - rating_scales.min_score as step_count,
        case when rating_scales.best_is_high then 1 else 0 end as direction,
        case
            when rating_scales.best_is_high
                then rating_scales.max_score - score_counts.score
            else score_counts.score - rating_scales.min_score
        end as points_below_best,
        case
            when rating_scales.best_is_high
                then score_counts.score - rating_scales.min_score
            else rating_scales.max_score - score_counts.score
        end as points_above_worst

    from score_counts
    left join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

),

in_scope as (

    select
        measured.*,
        'touchpoint ' || measured.touchpoint_id as scope

    from measured

    union all

    select
        measured.*,
        'all' as scope

    from measured

),

expected as (

    select
        metric,
        scope,
        period_id,
        sum(answer_count) as response_count,
        {{ count_where('points_below_best < top_box_count', 'answer_count') }}
            as top_count,
        {{ count_where('points_above_worst < bottom_box_count', 'answer_count') }}
            as bottom_count,
        sum(
            100 * cast(points_above_worst as {{ type_double() }}) / step_count
            * answer_count
        ) / sum(answer_count) as mean_score_pct,
        min(step_count) <> max(step_count)
        or min(direction) <> max(direction)
        or min(top_box_count) <> max(top_box_count)
        or min(bottom_box_count) <> max(bottom_box_count) as is_mixed_scale

    from in_scope

    group by metric, scope, period_id

),

built as (

    select
        'csat' as metric,
        'touchpoint ' || touchpoint_id as scope,
        period_id,
        response_count,
        satisfied_count as top_count,
        dissatisfied_count as bottom_count,
        mean_score_pct,
        is_mixed_scale

    from {{ ref('fct_csat_by_touchpoint_period') }}

    union all

    select
        'csat' as metric,
        'all' as scope,
        period_id,
        response_count,
        satisfied_count as top_count,
        dissatisfied_count as bottom_count,
        mean_score_pct,
        is_mixed_scale

    from {{ ref('fct_csat_by_period') }}

    union all

    select
        'ces' as metric,
        'touchpoint ' || touchpoint_id as scope,
        period_id,
        response_count,
        easy_count as top_count,
        difficult_count as bottom_count,
        mean_score_pct,
        is_mixed_scale

    from {{ ref('fct_ces_by_touchpoint_period') }}

    union all

    select
        'ces' as metric,
        'all' as scope,
        period_id,
        response_count,
        easy_count as top_count,
        difficult_count as bottom_count,
        mean_score_pct,
        is_mixed_scale

    from {{ ref('fct_ces_by_period') }}

),

differences as (

    select
        built.*,
        expected.response_count as expected_response_count,
        expected.top_count as expected_top_count,
        expected.bottom_count as expected_bottom_count,
        expected.mean_score_pct as expected_mean_score_pct,
        expected.is_mixed_scale as expected_is_mixed_scale

    from built
    full outer join expected
        on
            built.metric = expected.metric
            and built.scope = expected.scope
            and built.period_id = expected.period_id
    where
        (
            built.response_count = expected.response_count
            and built.top_count = expected.top_count
            and built.bottom_count = expected.bottom_count
            and abs(built.mean_score_pct - expected.mean_score_pct) < 0.000001
            and built.is_mixed_scale = expected.is_mixed_scale
        ) is not true

)

select * from differences
