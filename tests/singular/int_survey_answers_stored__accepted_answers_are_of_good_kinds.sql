with

kinds as (

    select distinct answer_kind_id

    from {{ unpublished_rows(ref('int_survey_answers_stored')) }}
    where status_reason is null

),

good_kinds as (

    select * from {{ ref('int_answer_kinds') }}
    where
        not is_missing_id
        and is_real_response
        and metric is not null
        and answer_reason is null

),

wrong as (

    select kinds.answer_kind_id

    from kinds
    left join good_kinds
        on kinds.answer_kind_id = good_kinds.answer_kind_id
    where good_kinds.answer_kind_id is null

)

select * from wrong
