{#
    A subquery without rows. Takes mappings of columns, name and type.

        select * from {{ no_rows({'feed_file': 'varchar'}) }} as files
#}
{% macro no_rows(columns, more_columns={}) -%}
    {%- set targets = [] -%}
    {%- for mapping in (columns, more_columns) -%}
        {%- for name, type in mapping.items() -%}
            {%- do targets.append('cast(null as ' ~ type ~ ') as ' ~ name) -%}
        {%- endfor -%}
    {%- endfor -%}
    (select {{ targets | join(', ') }} where false)
{%- endmacro %}
