with

arriving as (

    select * from {{ ref('stg_raw__survey_answers') }}

),

concerned_keys as (

    select * from {{ ref('int_answer_keys_concerned') }}

),

stored as (

    select * from {{ stored_answers() }} as stored_answers
    where
        {{ 'true or ' if feed_plan().rebuilds -}}
        key_hash in (select concerned_keys.key_hash from concerned_keys)

),

answers as (

    select
        feed_file,
        {{ feed_columns() | join(',\n        ') }},
        false as was_erased

    from arriving

    union all

    select
        feed_file,
        {{ feed_columns() | join(',\n        ') }},
        answer_status = 'erased' as was_erased

    from stored

),

keyed as (

    select
        feed_file,
        {{ feed_columns() | join(',\n        ') }},
        {{ key_hash() }} as key_hash,
        was_erased or {{ is_erased() }} as is_erased

    from answers

)

select * from keyed
