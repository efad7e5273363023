{#
    A part of text between delimiters (a character, not an expression), by its number from
    1 on; empty behind the last one, where no more than one number is asked for.

        {{ text_part("'a|b'", '|', 2) }}  ->  'b'
#}
{% macro text_part(text, delimiter, number) -%}
    {{ return(adapter.dispatch('text_part', 'cx_warehouse')(text, delimiter, number)) }}
{%- endmacro %}

{% macro default__text_part(text, delimiter, number) -%}
    split_part({{ text }}, '{{ delimiter }}', {{ number }})
{%- endmacro %}
