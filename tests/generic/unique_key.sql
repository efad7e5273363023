{#
    The columns name a row: no two rows agree in all of them, and none of them is null.
    With `nullable` null is a value like any other, so that two nulls are a double.
    `after` names a relation without which the test must not run.

        - unique_key:
            arguments: {columns: [touchpoint_id, period_id]}
#}
{% test unique_key(model, columns, nullable=false, after=none) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count

from {{ model }}

group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if not nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
