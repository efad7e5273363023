with

concerned_keys as (

    select * from {{ ref('int_answer_keys_concerned') }}

),

stored as (

    select *
    from {{ stored_answers(keys=ref('int_answer_keys_concerned')) }} as stored_answers
    where
        {{ 'true or ' if feed_plan().rebuilds -}}
        key_hash in (select concerned_keys.key_hash from concerned_keys)

)

select * from stored
