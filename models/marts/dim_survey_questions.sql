with

survey_questions as (

    select * from {{ ref('int_survey_questions') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

described as (

    select
        survey_questions.survey_question_id,
        survey_questions.source_system,
        survey_questions.survey_id,
        survey_questions.question_id,
        survey_questions.question_text,
        survey_questions.metric,
        survey_questions.touchpoint_id,
        touchpoints.survey_kind,
        survey_questions.scale_id,
        survey_questions.valid_from,
        survey_questions.valid_to

    from survey_questions
    inner join touchpoints
        on survey_questions.touchpoint_id = touchpoints.touchpoint_id

)

select * from described
