{#
    No two rows agree in all of the columns; null is a value like any other. Rows that
    agree have one hash, a number: only rows whose hash occurs more than once are
    compared, which costs little where there are very many. A row without a hash fails.
    `condition` leaves rows out.

        - unique_by_hash:
            arguments:
              columns: [source_system, survey_id, response_id, question_id]
              hash_column: key_hash
#}
{% test unique_by_hash(model, columns, hash_column, condition='true') %}

with

repeated as (

    select {{ hash_column }} as row_hash

    from {{ model }}

    where ({{ condition }})

    group by {{ hash_column }}
    having count(*) > 1

),

doubles as (

    select
        {{ columns | join(',\n        ') }},
        sum(case when {{ condition }} then 1 else 0 end) as row_count

    from {{ model }}

    where {{ hash_column }} in (select repeated.row_hash from repeated)

    group by {{ columns | join(', ') }}
    -- The condition is not looked at where the hash is no other's.
    having sum(case when {{ condition }} then 1 else 0 end) > 1

),

without_hash as (

    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count

    from {{ model }}

    where
        {{ hash_column }} is null
        and ({{ condition }})

    group by {{ columns | join(', ') }}

),

wrong as (

    select * from doubles
    union all
    select * from without_hash

)

select * from wrong

{% endtest %}
