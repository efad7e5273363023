{#
    Every row has a row in `to` with the same values in the columns (`to_columns` where
    their names differ). A null finds no such row and fails; with `nullable` rows in
    which a column is null are left alone. `after` names a relation without which the test
    must not run.

        - refers_to:
            arguments:
              columns: [period_id, period_grain]
              to: ref('dim_periods')
#}
{% test refers_to(model, columns, to, to_columns=none, nullable=false, after=none) %}

{%- set to_columns = to_columns or columns -%}

with

children as (

    select distinct
        {{ columns | join(',\n        ') }}

    from {{ model }}
    {%- if nullable %}
    where {{ columns | join(' is not null and ') }} is not null
    {%- endif %}

),

parents as (

    select distinct
        {{ to_columns | join(',\n        ') }},
        true as is_found

    from {{ to }}

),

orphans as (

    select children.*

    from children
    left join parents
        on
            {% for column in columns -%}
            children.{{ column }} = parents.{{ to_columns[loop.index0] }}
            {{- '\n            and ' if not loop.last }}
            {%- endfor %}
    where parents.is_found is null

)

select * from orphans

{% endtest %}
