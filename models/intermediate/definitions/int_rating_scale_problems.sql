with

rating_scales as (

    select * from {{ ref('stg_definitions__rating_scales') }}

),

counted as (

    select
        *,
        count(*) over (partition by scale_id) as row_count

    from rating_scales

),

judged as (

    select
        'rating_scales' as seed_name,
        coalesce(scale_id, '(empty)') as seed_row,
        case
            when scale_id is null
                then 'scale_id is empty'
            when row_count > 1
                then 'scale_id stands there twice'
            when min_score is null or max_score is null
                then 'min_score and max_score must be whole numbers'
            when min_score >= max_score
                then 'min_score must be below max_score'
            when best_is_high is null
                then 'best_is_high must be true or false'
            when top_box_count is null or top_box_count < 1
                then 'top_box_count must be a whole number, at least 1'
            when bottom_box_count is null or bottom_box_count < 0
                then 'bottom_box_count must be a whole number, at least 0'
            when top_box_count + bottom_box_count > max_score - min_score + 1
                then 'top and bottom boxes are more than the points of the scale'
        end as problem

    from counted

)

select * from judged
