with

excluded_responses as (

    select * from {{ ref('stg_definitions__excluded_responses') }}

),

-- The ids first: the engine looks up the source of what they find alone.
accepted_answers as (

    select
        answer_kind_id,
        response_id

    from {{ ref('int_survey_answers_stored') }}
    where
        status_reason is null
        and response_id in (
            select excluded_responses.response_id from excluded_responses
        )

),

wrong as (

    select
        answer_kinds.source_system,
        accepted_answers.response_id

    from accepted_answers
    inner join {{ ref('int_answer_kinds') }} as answer_kinds
        on accepted_answers.answer_kind_id = answer_kinds.answer_kind_id
    inner join excluded_responses
        on
            answer_kinds.source_system = excluded_responses.source_system
            and accepted_answers.response_id = excluded_responses.response_id

)

select * from wrong
