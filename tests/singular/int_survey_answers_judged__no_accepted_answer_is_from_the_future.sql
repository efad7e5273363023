with

survey_answers as (

    select * from {{ ref('fct_survey_answers') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

wrong as (

    select survey_answers.answer_id

    from survey_answers
    left join clock
        on true
    where (survey_answers.responded_at <= clock.clock_at) is not true

)

select * from wrong
