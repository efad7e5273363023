{#
    Whether two expressions have different values; null is a value like any other.

        where {{ other_value('arriving.channel', 'held.channel') }}
#}
{% macro other_value(left, right) -%}
    {{ return(adapter.dispatch('other_value', 'cx_warehouse')(left, right)) }}
{%- endmacro %}

{% macro default__other_value(left, right) -%}
    {{ left }} is distinct from {{ right }}
{%- endmacro %}
