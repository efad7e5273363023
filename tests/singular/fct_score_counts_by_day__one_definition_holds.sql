with

questions_by_day as (

    select distinct
        reporting_date,
        source_system,
        survey_id,
        question_id,
        touchpoint_id,
        metric,
        scale_id

    from {{ ref('fct_score_counts_by_day') }}

),

survey_questions as (

    select * from {{ ref('dim_survey_questions') }}

),

matched as (

    select
        questions_by_day.reporting_date,
        questions_by_day.source_system,
        questions_by_day.survey_id,
        questions_by_day.question_id,
        count(survey_questions.survey_question_id) as definition_count

    from questions_by_day
    left join survey_questions
        on
            questions_by_day.source_system = survey_questions.source_system
            and questions_by_day.survey_id = survey_questions.survey_id
            and questions_by_day.question_id = survey_questions.question_id
            and questions_by_day.touchpoint_id = survey_questions.touchpoint_id
            and questions_by_day.metric = survey_questions.metric
            and questions_by_day.scale_id = survey_questions.scale_id
            -- Validities are half-open; a null is an open end.
            and coalesce(
                questions_by_day.reporting_date >= survey_questions.valid_from, true
            )
            and coalesce(
                questions_by_day.reporting_date < survey_questions.valid_to, true
            )

    group by
        questions_by_day.reporting_date,
        questions_by_day.source_system,
        questions_by_day.survey_id,
        questions_by_day.question_id

),

wrong as (

    select * from matched
    where definition_count <> 1

)

select * from wrong
