with

rating_scales as (

    select * from {{ ref('rating_scales') }}

),

typed as (

    select
        scale_id,
        {{ whole_number('min_score') }} as min_score,
        {{ whole_number('max_score') }} as max_score,
        case {{ folded('best_is_high') }}
            when 'true' then true
            when 'false' then false
        end as best_is_high,
        {{ whole_number('top_box_count') }} as top_box_count,
        {{ whole_number('bottom_box_count') }} as bottom_box_count,
        blank_codes,
        not_applicable_codes

    from rating_scales

)

select * from typed
