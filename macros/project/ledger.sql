{#
    The query of a ledger: a table that its model only makes, without rows, and that the
    transaction of another model writes. Takes the columns, name and type.

        {{ ledger({'feed_file': 'varchar', 'file_version': 'varchar'}) }}
#}
{% macro ledger(columns) -%}
    select * from {{ no_rows(columns) }} as no_rows
{%- endmacro %}
