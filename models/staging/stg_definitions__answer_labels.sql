with

answer_labels as (

    select * from {{ ref('answer_labels') }}

),

typed as (

    select
        scale_id,
        {{ folded('label') }} as label,
        {{ whole_number('score') }} as score

    from answer_labels

)

select * from typed
