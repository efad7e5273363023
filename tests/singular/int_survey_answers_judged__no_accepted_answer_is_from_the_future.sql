with

accepted_answers as (

    select responded_at_utc

    from {{ ref('int_survey_answers_judged') }}
    where answer_status = 'accepted'

),

clock as (

    select * from {{ ref('int_clock') }}

),

wrong as (

    select accepted_answers.responded_at_utc

    from accepted_answers
    left join clock
        on true
    where (accepted_answers.responded_at_utc <= clock.clock_at) is not true

)

select * from wrong
