{#
    A key made of text columns: 32 hexadecimal digits, never null.

        {{ surrogate_key(['source_system', 'survey_id']) }} as survey_key
#}
{% macro surrogate_key(columns) -%}
    {{ text_hash(key_text(columns)) }}
{%- endmacro %}
