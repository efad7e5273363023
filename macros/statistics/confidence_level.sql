{#
    The level of confidence of every interval and of every test, a number: the var
    confidence_level. (A var that is no level stops the build before it is used, in
    int_variable_problems.)

        {{ 1 - confidence_level() }}  ->  0.05 when the var is 0.95
#}
{% macro confidence_level() -%}
    {%- set level = var('confidence_level') | string | trim | float(0) -%}
    {{ return(level if 0 < level < 1 else 0.95) }}
{%- endmacro %}
