with

answer_labels as (

    select * from {{ ref('stg_definitions__answer_labels') }}

),

rating_scales as (

    select * from {{ ref('stg_definitions__rating_scales') }}

),

counted as (

    select
        *,
        count(*) over (partition by scale_id, label) as row_count

    from answer_labels

),

judged as (

    select
        'answer_labels' as seed_name,
        coalesce(counted.scale_id, '(empty)') || ', '
        || coalesce(nullif(counted.label, ''), '(empty)') as seed_row,
        case
            when rating_scales.scale_id is null
                then 'scale_id is unknown: rating_scales has no such scale'
            when coalesce(counted.label, '') = ''
                then 'label is empty'
            when counted.row_count > 1
                then 'label stands there twice for this scale (case does not count)'
            when
                counted.score is null
                or counted.score < rating_scales.min_score
                or counted.score > rating_scales.max_score
                then 'score must be a point of the scale'
        end as problem

    from counted
    left join rating_scales
        on counted.scale_id = rating_scales.scale_id

)

select * from judged
