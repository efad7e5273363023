with

accepted_answers as (

    select responded_at_utc

    from {{ ref('int_survey_answers_stored') }}
    where status_reason is null

),

wrong as (

    select * from accepted_answers
    where
        (
            responded_at_utc <= (
                select clock.clock_at from {{ ref('int_clock') }} as clock
            )
        ) is not true

)

select * from wrong
