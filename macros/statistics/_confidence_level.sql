{#
    The var confidence_level as a number. What is none, or not below 1, becomes 0.95 here
    and is told by int_variable_problems.
#}
{% macro _confidence_level() -%}
    {%- set level = var('confidence_level') | string | float(0.95) -%}
    {{ return(level if 0.5 <= level <= 0.999 else 0.95) }}
{%- endmacro %}
