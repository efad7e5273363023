with

survey_questions as (

    select * from {{ ref('stg_definitions__survey_questions') }}

),

rating_scales as (

    select * from {{ ref('stg_definitions__rating_scales') }}

),

touchpoints as (

    select * from {{ ref('stg_definitions__touchpoints') }}

),

-- Sorted by their first day, two validities overlap only if two neighbours do.
neighbours as (

    select
        *,
        lag(coalesce(valid_to, cast('9999-12-31' as date))) over (
            partition by source_system, survey_id, question_id
            order by coalesce(valid_from, cast('0001-01-01' as date))
        ) as earlier_valid_to

    from survey_questions

),

judged as (

    select
        'survey_questions' as seed_name,
        coalesce(neighbours.source_system, '(empty)') || ', '
        || coalesce(neighbours.survey_id, '(empty)') || ', '
        || coalesce(neighbours.question_id, '(empty)') || ', valid from '
        || coalesce(neighbours.valid_from_text, 'the beginning') as seed_row,
        case
            when
                neighbours.source_system is null
                or neighbours.survey_id is null
                or neighbours.question_id is null
                then 'source_system, survey_id or question_id is empty'
            when neighbours.metric is null
                then 'metric is empty'
            when neighbours.metric not in ('csat', 'nps', 'ces')
                then 'metric must be csat, nps or ces'
            when rating_scales.scale_id is null
                then 'scale_id is unknown: rating_scales has no such scale'
            when touchpoints.touchpoint_id is null
                then 'touchpoint_id is unknown: touchpoints has no such touchpoint'
            when
                neighbours.metric = 'nps'
                and not (
                    rating_scales.min_score in (0, 1)
                    and rating_scales.max_score = 10
                    and rating_scales.best_is_high
                )
                then 'an nps question needs a scale 0-10 or 1-10, the high end best'
            when
                neighbours.valid_from is null
                and neighbours.valid_from_text is not null
                then 'valid_from must be a date such as 2026-01-31'
            when neighbours.valid_to is null and neighbours.valid_to_text is not null
                then 'valid_to must be a date such as 2026-01-31'
            when neighbours.valid_from >= neighbours.valid_to
                then 'valid_from must be before valid_to'
            when
                coalesce(neighbours.valid_from, cast('0001-01-01' as date))
                < neighbours.earlier_valid_to
                then 'another row of the question is valid on the same day'
        end as problem

    from neighbours
    left join rating_scales
        on neighbours.scale_id = rating_scales.scale_id
    left join touchpoints
        on neighbours.touchpoint_id = touchpoints.touchpoint_id

)

select * from judged
