{#
    The columns name a row: no two rows agree in all of them, and none of them is null.
    With `nullable` null is a value like any other, so that two nulls are a double; a
    list of columns says so of these alone. `keys` in place of `columns` are several keys
    of a relation, each of which names a row by itself: what is wrong is given back with
    the columns of its key and their values in one text. `after` names a relation without
    which the test must not run.

        - unique_key:
            arguments: {columns: [touchpoint_id, period_id]}

        - unique_key:
            arguments:
              keys:
                - [touchpoint_period_id]
                - [touchpoint_id, period_id]
#}
{% test unique_key(model, columns=none, keys=none, nullable=false, after=none) %}

{%- if (columns is none) == (keys is none) -%}
    {{ exceptions.raise_compiler_error('unique_key takes either columns or keys') }}
{%- endif -%}

{% for key in keys or [columns] -%}
select
    {%- if keys %}
    {{ string_literal(key | join(', ')) }} as key_columns,
    {% for column in key -%}
    coalesce({{ as_text(column) }}, 'null')
    {{- " || ', ' || " if not loop.last }}
    {%- endfor %} as key_values,
    {%- else %}
    {{ key | join(',\n    ') }},
    {%- endif %}
    count(*) as row_count

from {{ model }}

group by {{ key | join(', ') }}
having
    count(*) > 1
    {%- for column in key if nullable is not true and column not in (nullable or []) %}
    or {{ column }} is null
    {%- endfor %}

{{ 'union all\n\n' if not loop.last }}
{%- endfor %}

{% endtest %}
