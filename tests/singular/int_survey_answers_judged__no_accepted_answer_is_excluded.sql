with

accepted_answers as (

    select
        source_system,
        response_id

    from {{ ref('int_survey_answers_judged') }}
    where answer_status = 'accepted'

),

wrong as (

    select * from accepted_answers
    where (source_system, response_id) in (
        select
            excluded_responses.source_system,
            excluded_responses.response_id
        from {{ ref('stg_definitions__excluded_responses') }} as excluded_responses
    )

)

select * from wrong
