{#
    MD5 of text in UTF-8, 32 hexadecimal digits in lower case. Null for null.

        {{ text_hash(key_text(['channel', 'segment'])) }}
#}
{% macro text_hash(text) -%}
    {{ return(adapter.dispatch('text_hash', 'cx_warehouse')(text)) }}
{%- endmacro %}

{% macro default__text_hash(text) -%}
    md5({{ text }})
{%- endmacro %}
