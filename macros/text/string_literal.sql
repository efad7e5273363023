{#
    A value of the configuration as a literal of the engine, quotes doubled.

        {{ string_literal(var('reporting_time_zone')) }}
#}
{% macro string_literal(text) -%}
    {{ dbt.string_literal(dbt.escape_single_quotes(text | string)) }}
{%- endmacro %}
