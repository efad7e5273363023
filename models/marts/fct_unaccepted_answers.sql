with

unaccepted_answers as (

    select * from {{ ref('int_survey_answers_judged') }}
    where answer_status <> 'accepted'

),

hashed as (

    select
        *,
        {{ surrogate_key(feed_columns()) }} as row_hash

    from unaccepted_answers

),

numbered as (

    select
        *,
        -- Rows that are alike in every column are told apart by a number; which of
        -- them gets which does not matter, but for their reasons.
        row_number() over (
            partition by row_hash
            order by status_reason
        ) as copy_number

    from hashed

),

keyed as (

    select
        {{ surrogate_key(['row_hash', 'cast(copy_number as varchar)']) }}
            as unaccepted_answer_id,
        {{ feed_columns() | join(',\n        ') }},
        answer_status,
        status_reason

    from numbered

)

select * from keyed
