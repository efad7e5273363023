{#
    Whether the whole text matches a regular expression (a quoted literal without a
    backslash). Null when the text is null.

        {{ matches('answer', "'[0-9]+'") }}  ->  true for '42', false for '42x'
#}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'cx_warehouse')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_full_match({{ text }}, {{ pattern }})
{%- endmacro %}
