-- depends_on: {{ ref('int_answer_keys_concerned') }}
with

stored_answers as (

    {% if feed_plan().rebuilds -%}
    select
        *,
        false as is_withdrawn

    from {{ stored_answers() }} as kept_answers
    {%- else -%}
    select
        *,
        {{ is_from_file(withdrawn_files()) }} as is_withdrawn

    from {{ held_answers(keys=ref('int_answer_keys_concerned')) }} as held_answers
    {%- endif %}

)

select * from stored_answers
