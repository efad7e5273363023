{#
    A number that is known while dbt compiles, as a double: every engine reads the digits
    of a text as the same bits. Written as a number they are a decimal to some, and rounded
    twice.

        {{ double_literal(0.65) }}
#}
{% macro double_literal(number) -%}
    cast('{{ number }}' as {{ type_double() }})
{%- endmacro %}
