-- With this a test of the rows of a batch is one of all rows of its answers.
with

keys as (

    select distinct key_hash

    from {{ unpublished_rows(ref('int_survey_answers_judged')) }}
    -- A warehouse that was rebuilt has one batch.
    where {{ 'false' if feed_plan().rebuilds else 'true' }}

),

batches as (

    select
        key_hash,
        min(judged_batch) as first_batch,
        max(judged_batch) as last_batch

    from {{ ref('int_survey_answers_judged') }}
    where key_hash in (select keys.key_hash from keys)

    group by key_hash

),

wrong as (

    select * from batches
    where first_batch is distinct from last_batch

)

select * from wrong
