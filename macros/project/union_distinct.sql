{#
    The word between two queries whose rows are put together, equal ones once.

        select ... {{ union_distinct() }} select ...
#}
{% macro union_distinct() -%}
    {{ return(adapter.dispatch('union_distinct', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__union_distinct() -%} union {%- endmacro %}
