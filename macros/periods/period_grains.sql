{#
    The grains of a period, from fine to coarse, for a loop.

        {% for grain in period_grains() %}
#}
{% macro period_grains() -%}
    {{ return(['day', 'week', 'month', 'quarter', 'year']) }}
{%- endmacro %}
