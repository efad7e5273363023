{#
    A number is at least `min_value` and at most `max_value` (either may be left out).
    Null fails unless `nullable`; NaN and the infinities always fail.

        - in_range:
            arguments: {min_value: 0, max_value: 100}
#}
{% test in_range(model, column_name, min_value=none, max_value=none, nullable=false) %}

{%- set number = 'cast(' ~ column_name ~ ' as ' ~ type_double() ~ ')' -%}
{%- set infinity = "cast('Infinity' as " ~ type_double() ~ ")" -%}

select {{ column_name }}

from {{ model }}

where
    (
        -- NaN is greater than every number, infinity included.
        abs({{ number }}) < {{ infinity }}
        {%- if min_value is not none %}
        and {{ column_name }} >= {{ min_value }}
        {%- endif %}
        {%- if max_value is not none %}
        and {{ column_name }} <= {{ max_value }}
        {%- endif %}
    ) is not true
    {%- if nullable %}
    and {{ column_name }} is not null
    {%- endif %}

{% endtest %}
