{#
    No two rows of `among` agree in all of the columns; null is a value like any other.
    Rows that agree have one hash, a number: only rows whose hash occurs more than once
    are compared, and of these only those that share it with a row of the model, which
    may be a part of `among`. A row of the model without a hash fails. `condition`
    leaves rows of both out.

        - unique_by_hash:
            arguments:
              columns: [source_system, survey_id, response_id, question_id]
              hash_column: key_hash
              among: ref('int_survey_answers_judged')
            config: {where: unpublished}
#}
{% test unique_by_hash(model, columns, hash_column, among, condition='true') %}

with

looked_at as (

    select {{ hash_column }} as row_hash

    from {{ model }}

    where ({{ condition }})

),

repeated as (

    select {{ hash_column }} as row_hash

    from {{ among }}

    where
        ({{ condition }})
        {%- if model | string != among | string %}
        and {{ hash_column }} in (select looked_at.row_hash from looked_at)
        {%- endif %}

    group by {{ hash_column }}
    having count(*) > 1

),

doubles as (

    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count

    from {{ among }}

    where
        ({{ condition }})
        and {{ hash_column }} in (select repeated.row_hash from repeated)

    group by {{ columns | join(', ') }}
    having count(*) > 1

),

without_hash as (

    select
        {%- for column in columns %}
        null as {{ column }},
        {%- endfor %}
        count(*) as row_count

    from {{ model }}

    where
        ({{ condition }})
        and {{ hash_column }} is null

    having count(*) > 0

),

wrong as (

    select * from doubles
    union all
    select * from without_hash

)

select * from wrong

{% endtest %}
