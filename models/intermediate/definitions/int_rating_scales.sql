-- depends_on: {{ ref('int_definitions_checked') }}
with recursive

-- Where a query is recursive, Trino wants the columns of all of them named.
rating_scales (
    scale_id, min_score, max_score, best_is_high, top_box_count, bottom_box_count
) as (

    select
        scale_id,
        min_score,
        max_score,
        best_is_high,
        top_box_count,
        bottom_box_count

    from {{ ref('stg_definitions__rating_scales') }}

),

step_counts (step_count, step_count_number) as (

    select
        max_score - min_score as step_count,
        row_number() over (order by max_score - min_score) as step_count_number

    from rating_scales

    group by max_score - min_score

),

-- The least number of steps that every scale's steps divide: on it, scores of any scale
-- are whole numbers, so that a mean over mixed scales is exact and divided once. Scales
-- so odd that it would grow without bound get 10^15 steps, rounded to the nearest.
common_multiples (common_step_count, step_count_number) as (

    select
        cast(1 as {{ type_decimal(38) }}) as common_step_count,
        0 as step_count_number

    union all

    select
        least(
            {{ least_common_multiple(
                'common_multiples.common_step_count', 'step_counts.step_count'
            ) }},
            cast(1000000000000000 as {{ type_decimal(38) }})
        ) as common_step_count,
        common_multiples.step_count_number + 1 as step_count_number

    from common_multiples
    inner join step_counts
        on common_multiples.step_count_number + 1 = step_counts.step_count_number

),

common_scale (common_step_count) as (

    select max(common_step_count) as common_step_count

    from common_multiples

),

described (
    scale_id,
    min_score,
    max_score,
    best_is_high,
    top_box_count,
    bottom_box_count,
    common_step_count,
    scale_shape
) as (

    select
        rating_scales.scale_id,
        rating_scales.min_score,
        rating_scales.max_score,
        rating_scales.best_is_high,
        rating_scales.top_box_count,
        rating_scales.bottom_box_count,
        common_scale.common_step_count,
        -- Scales of one shape can be pooled: points, direction and boxes agree.
        {{ as_text('rating_scales.max_score - rating_scales.min_score + 1') }}
        || case when rating_scales.best_is_high then ' high ' else ' low ' end
        || {{ as_text('rating_scales.top_box_count') }} || ' '
        || {{ as_text('rating_scales.bottom_box_count') }} as scale_shape

    from rating_scales
    cross join common_scale

)

select * from described
