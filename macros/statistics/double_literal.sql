{#
    A number of the configuration, or a constant of a formula, as a 64-bit floating-point
    literal: every engine reads the same text as the same bits, which it does not for a
    decimal that is cast.

        {{ double_literal(1.96) }}
#}
{% macro double_literal(number) -%}
    cast('{{ number }}' as {{ type_double() }})
{%- endmacro %}
