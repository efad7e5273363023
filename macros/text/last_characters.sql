{#
    The last characters of text, the whole of it where it is shorter.

        {{ last_characters('answer', 1) }}
#}
{% macro last_characters(text, count) -%}
    {{ return(adapter.dispatch('last_characters', 'cx_warehouse')(text, count)) }}
{%- endmacro %}

{% macro default__last_characters(text, count) -%}
    right({{ text }}, {{ count }})
{%- endmacro %}
