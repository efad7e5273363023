{#
    An expression that stops the build with a message (an expression that gives text)
    for the first row that evaluates it.

        case when problem is not null then {{ raise_error('problem') }} end
#}
{% macro raise_error(message) -%}
    {{ return(adapter.dispatch('raise_error', 'cx_warehouse')(message)) }}
{%- endmacro %}

{% macro duckdb__raise_error(message) -%}
    cast(error({{ message }}) as varchar)
{%- endmacro %}
