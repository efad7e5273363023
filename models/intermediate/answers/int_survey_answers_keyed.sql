with

survey_answers as (

    select * from {{ ref('int_survey_answers_concerned') }}
    where not is_erased

),

repeated_answer_keys as (

    select * from {{ ref('int_repeated_answer_keys') }}

),

flagged as (

    select
        survey_answers.*,
        repeated_answer_keys.key_hash is not null as is_repeated

    from survey_answers
    left join repeated_answer_keys
        on survey_answers.key_hash = repeated_answer_keys.key_hash

)

select * from flagged
