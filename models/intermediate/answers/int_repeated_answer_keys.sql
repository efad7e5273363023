with

survey_answers as (

    select * from {{ ref('int_survey_answers_concerned') }}
    where not is_erased

),

repeated as (

    select
        key_hash,
        count(*) as row_count

    from survey_answers

    group by key_hash
    having count(*) > 1

)

select * from repeated
