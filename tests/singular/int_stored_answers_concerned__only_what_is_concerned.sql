-- A warehouse that is rebuilt takes up all rows of files that went and are kept.
with

wrong as (

    select * from {{ ref('int_stored_answers_concerned') }}
    where
        {{ 'false' if feed_plan().rebuilds else 'true' }}
        and (
            key_hash in (
                select concerned_keys.key_hash
                from {{ ref('int_answer_keys_concerned') }} as concerned_keys
            )
        ) is not true

)

select * from wrong
