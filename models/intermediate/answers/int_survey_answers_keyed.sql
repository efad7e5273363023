with

survey_answers as (

    select * from {{ ref('stg_raw__survey_answers') }}

),

repeated_answer_keys as (

    select * from {{ ref('int_repeated_answer_keys') }}

),

keyed as (

    select
        *,
        {{ answer_id() }} as answer_id

    from survey_answers

),

flagged as (

    select
        keyed.*,
        repeated_answer_keys.answer_id is not null as is_repeated

    from keyed
    left join repeated_answer_keys
        on keyed.answer_id = repeated_answer_keys.answer_id

)

select * from flagged
