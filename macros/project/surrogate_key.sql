{#
    A key made of text columns: 32 hexadecimal digits, never null. Each value goes in
    with its length, so that ('a', 'bc') and ('ab', 'c') differ, and so do null and ''.

        {{ surrogate_key(['source_system', 'survey_id']) }} as survey_key
#}
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(
            "coalesce(cast(length(" ~ column ~ ") as varchar) || ':' || " ~ column
            ~ ", '-')"
        ) -%}
    {%- endfor -%}
    md5({{ dbt.concat(parts) }})
{%- endmacro %}
