with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where metric = 'nps'

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

classified as (

    select
        score_counts.*,
        {{ nps_category('score_counts.score') }} as nps_category,
        rating_scales.min_score = 0 and rating_scales.max_score = 10
            as is_standard_scale

    from score_counts
    inner join rating_scales
        on score_counts.scale_id = rating_scales.scale_id

),

counted as (

    select
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        cast(sum(answer_count) as bigint) as response_count,
        {{ count_where("nps_category = 'promoter'", 'answer_count') }}
            as promoter_count,
        {{ count_where("nps_category = 'passive'", 'answer_count') }} as passive_count,
        {{ count_where("nps_category = 'detractor'", 'answer_count') }}
            as detractor_count,
        {{ count_where('is_standard_scale', 'answer_count') }}
            as standard_scale_count,
        cast(sum(weight_sum) as {{ type_decimal(38, 10) }}) as weight_sum,
        {{ weight_where("nps_category = 'promoter'", 'weight_sum') }}
            as promoter_weight_sum,
        {{ weight_where("nps_category = 'detractor'", 'weight_sum') }}
            as detractor_weight_sum,
        cast(sum(weight_square_sum) as {{ type_decimal(38, 20) }}) as weight_square_sum,
        cast(sum(large_weight_square_sum) as {{ type_decimal(38, 10) }})
            as large_weight_square_sum

    from classified

    group by touchpoint_id, period_id, period_grain, period_start_date

)

select * from counted
