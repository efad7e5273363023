{#
    Text as codes, labels and statuses are compared: trimmed, in lower case. Null when
    the text is null.

        {{ folded('label') }}  ->  ' Very Satisfied' becomes 'very satisfied'
#}
{% macro folded(text) -%}
    {{ return(adapter.dispatch('folded', 'cx_warehouse')(text)) }}
{%- endmacro %}

{% macro duckdb__folded(text) -%}
    lower({{ trimmed(text) }})
{%- endmacro %}
