with

answers as (

    select
        source_system,
        respondent_id

    from {{ unpublished_rows(ref('int_survey_answers_judged')) }}

),

wrong as (

    select * from answers
    where {{ is_erased() }}

)

select * from wrong
