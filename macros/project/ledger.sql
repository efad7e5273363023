{#
    The query of a ledger: a table that its model only makes, without rows, and that the
    transaction of another model writes. Takes the columns, name and type.

        {{ ledger({'feed_file': 'varchar', 'file_version': 'varchar'}) }}
#}
{% macro ledger(columns) -%}
    {%- set targets = [] -%}
    {%- for name, type in columns.items() -%}
        {%- do targets.append('cast(null as ' ~ engine_data_type(type) ~ ') as ' ~ name) -%}
    {%- endfor -%}
    select{{ ' ' if targets | length == 1 else '\n    ' }}{{ targets | join(',\n    ') }}
    {{ where_nothing() }}
{%- endmacro %}
