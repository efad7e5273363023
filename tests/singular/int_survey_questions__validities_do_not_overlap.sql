with

survey_questions as (

    select * from {{ ref('int_survey_questions') }}

),

overlapping as (

    select
        earlier.survey_question_id,
        later.survey_question_id as other_survey_question_id

    from survey_questions as earlier
    inner join survey_questions as later
        on
            earlier.source_system = later.source_system
            and earlier.survey_id = later.survey_id
            and earlier.question_id = later.question_id
            -- Each pair once is enough.
            and earlier.survey_question_id < later.survey_question_id
    -- Two half-open spans share a day if each begins before the other ends; a null is
    -- an open end.
    where
        coalesce(earlier.valid_from < later.valid_to, true)
        and coalesce(later.valid_from < earlier.valid_to, true)

)

select * from overlapping
