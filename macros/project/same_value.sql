{#
    Whether two expressions have the same value; null is a value like any other.

        {{ same_value('arriving.channel', 'held.channel') }}
#}
{% macro same_value(left, right) -%}
    {{ return(adapter.dispatch('same_value', 'cx_warehouse')(left, right)) }}
{%- endmacro %}

{% macro default__same_value(left, right) -%}
    ({{ left }} is not distinct from {{ right }})
{%- endmacro %}
