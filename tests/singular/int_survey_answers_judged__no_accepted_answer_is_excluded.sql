with

survey_answers as (

    select * from {{ ref('fct_survey_answers') }}

),

excluded_responses as (

    select * from {{ ref('stg_definitions__excluded_responses') }}

),

wrong as (

    select survey_answers.answer_id

    from survey_answers
    inner join excluded_responses
        on
            survey_answers.source_system = excluded_responses.source_system
            and survey_answers.response_id = excluded_responses.response_id

)

select * from wrong
