{#
    Whether two relations agree in every one of the columns; null is a value like any
    other.

        on {{ same_values('arriving', 'held', ['channel', 'segment']) }}
#}
{% macro same_values(left, right, columns) -%}
    {%- set comparisons = [] -%}
    {%- for column in columns -%}
        {%- do comparisons.append(
            same_value(left ~ '.' ~ column, right ~ '.' ~ column)
        ) -%}
    {%- endfor -%}
    {{ comparisons | join(' and ') }}
{%- endmacro %}
