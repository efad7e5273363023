{# The plan of this run, as JSON: where it was decided depends on the engine. #}
{% macro _feed_plan_text() -%}
    {{ return(adapter.dispatch('_feed_plan_text', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb___feed_plan_text() -%}
    {{ return(_checked_files('feed_plan')) }}
{%- endmacro %}
