{#
    The text behind a surrogate_key. Each value goes in behind its length, so that
    ('a', 'bc') and ('ab', 'c') differ, and so do null, which has no length, and ''. The
    texts of two lists, one behind the other, are the text of both. (Unlike ||, concat
    takes a null for nothing, and builds the text in one go.)

        {{ key_text(['source_system', 'survey_id']) }}  ->  '3:app2:s1'
#}
{% macro key_text(columns) -%}
    {{ return(adapter.dispatch('key_text', 'cx_warehouse')(columns)) }}
{%- endmacro %}

{% macro default__key_text(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append('length(' ~ column ~ "), ':', " ~ column) -%}
    {%- endfor -%}
    concat({{ parts | join(', ') }})
{%- endmacro %}
