with

answers as (

    select
        source_system,
        respondent_id

    from {{ unpublished_rows(ref('int_survey_answers_judged')) }}

    union all

    -- They were among those to be judged again.
    select
        source_system,
        respondent_id

    from {{ ref('int_stored_answers_concerned') }}

),

wrong as (

    select * from answers
    where {{ is_erased() }}

)

select * from wrong
