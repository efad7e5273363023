{#
    The square of a weight, exact; with a scale rounded to as many decimals.

        {{ squared_weight('survey_weight') }}
#}
{% macro squared_weight(weight, scale=none) -%}
    {{ return(adapter.dispatch('squared_weight', 'cx_warehouse')(weight, scale)) }}
{%- endmacro %}

{% macro default__squared_weight(weight, scale) -%}
    {%- set square = weight ~ ' * ' ~ weight -%}
    {{ square if scale is none else 'cast(' ~ square ~ ' as ' ~ type_decimal(26, scale) ~ ')' }}
{%- endmacro %}
