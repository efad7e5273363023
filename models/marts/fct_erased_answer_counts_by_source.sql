with

erased_answers as (

    select * from {{ ref('int_survey_answers_judged') }}
    where answer_status = 'erased'

),

counted as (

    select
        source_system,
        count(*) as erased_count

    from erased_answers

    group by source_system

)

select * from counted
