with

unaccepted_answers as (

    select * from {{ ref('int_survey_answers_judged') }}
    where answer_status in ('skipped', 'rejected')

),

keyed as (

    select
        {{ surrogate_key([
            surrogate_key(feed_columns()), as_text('copy_number')
        ]) }} as unaccepted_answer_id,
        {{ feed_columns() | join(',\n        ') }},
        answer_status,
        status_reason

    from unaccepted_answers

)

select * from keyed
