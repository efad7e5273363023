with

arriving as (

    select * from {{ ref('stg_raw__survey_answers') }}

),

stored as (

    select * from {{ ref('int_stored_answers_concerned') }}
    where not is_withdrawn

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
