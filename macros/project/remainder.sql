{#
    What is left of a whole number, not below 0, when it is divided by another.

        {{ remainder('year', 4) }}
#}
{% macro remainder(number, divisor) -%}
    {{ return(adapter.dispatch('remainder', 'cx_warehouse')(number, divisor)) }}
{%- endmacro %}

{% macro default__remainder(number, divisor) -%}
    {{ number }} % {{ divisor }}
{%- endmacro %}
