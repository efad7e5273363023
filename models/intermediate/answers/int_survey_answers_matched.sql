with

survey_answers as (

    select * from {{ ref('int_survey_answers_timed') }}

),

survey_questions as (

    select * from {{ ref('int_survey_questions') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

excluded_responses as (

    -- A response may be listed twice.
    select distinct
        source_system,
        response_id

    from {{ ref('stg_definitions__excluded_responses') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

matched as (

    select
        survey_answers.*,
        survey_questions.metric,
        survey_questions.touchpoint_id,
        survey_questions.scale_id,
        rating_scales.min_score,
        rating_scales.max_score,
        {{ folded('survey_answers.response_status') }} as folded_status,
        survey_answers.responded_at_utc > clock.clock_at as is_in_future,
        excluded_responses.response_id is not null as is_excluded

    from survey_answers
    cross join clock
    left join survey_questions
        on
            survey_answers.source_system = survey_questions.source_system
            and survey_answers.survey_id = survey_questions.survey_id
            and survey_answers.question_id = survey_questions.question_id
            -- Validities are half-open: the definition of the answer's own day.
            and survey_answers.reporting_date >= survey_questions.first_valid_date
            and survey_answers.reporting_date < survey_questions.first_invalid_date
    left join rating_scales
        on survey_questions.scale_id = rating_scales.scale_id
    left join excluded_responses
        on
            survey_answers.source_system = excluded_responses.source_system
            and survey_answers.response_id = excluded_responses.response_id

)

select * from matched
