{#
    A subquery without rows. Takes mappings of columns, name and type.

        select * from {{ no_rows({'feed_file': 'varchar'}) }} as files
#}
{% macro no_rows(columns, more_columns={}) -%}
    {%- set all_columns = dict(columns, **more_columns) -%}
    ({{ ledger(all_columns) }})
{%- endmacro %}
