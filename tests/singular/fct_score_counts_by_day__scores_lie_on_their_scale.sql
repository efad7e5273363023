with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

wrong as (

    select score_counts.*

    from score_counts
    left join rating_scales
        on score_counts.scale_id = rating_scales.scale_id
    where
        (
            score_counts.score >= rating_scales.min_score
            and score_counts.score <= rating_scales.max_score
        ) is not true

)

select * from wrong
