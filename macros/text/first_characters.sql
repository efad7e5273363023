{#
    The first characters of text, the whole of it where it is shorter.

        {{ first_characters('answer', 1) }}
#}
{% macro first_characters(text, count) -%}
    {{ return(adapter.dispatch('first_characters', 'cx_warehouse')(text, count)) }}
{%- endmacro %}

{% macro default__first_characters(text, count) -%}
    left({{ text }}, {{ count }})
{%- endmacro %}
