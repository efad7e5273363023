{#
    A key made of text columns: 32 hexadecimal digits, never null. Each value goes in
    behind its length, so that ('a', 'bc') and ('ab', 'c') differ, and so do null, which
    has no length, and ''. (Unlike ||, concat takes a null for nothing, and builds the text
    in one go.)

        {{ surrogate_key(['source_system', 'survey_id']) }} as survey_key
#}
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append('length(' ~ column ~ "), ':', " ~ column) -%}
    {%- endfor -%}
    md5(concat({{ parts | join(', ') }}))
{%- endmacro %}
