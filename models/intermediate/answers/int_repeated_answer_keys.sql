with

survey_answers as (

    select * from {{ ref('stg_raw__survey_answers') }}

),

keyed as (

    select {{ answer_id() }} as answer_id

    from survey_answers

),

repeated as (

    select
        answer_id,
        count(*) as row_count

    from keyed

    group by answer_id
    having count(*) > 1

)

select * from repeated
