{#
    Fills the table of a seed on DuckDB, in place of dbt's own. dbt's way is COPY, which
    sniffs at the file and takes columns by their position. Here a seed is read like the
    feed: by the same strict reader, after the same check, columns by name. dbt calls
    this whenever it loads a seed.
#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- do _checked_files('seed_' ~ model.name) -%}
    {%- set cells = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do cells.append(string_literal(name) ~ ": 'varchar'") -%}
    {%- endfor -%}
    {%- set columns = [] -%}
    {%- for name in model.config.get('column_types') or agate_table.column_names -%}
        {%- do columns.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {%- set path = adapter.get_seed_file_path(model) | replace('[', '[[]') -%}
    {%- set sql -%}
        insert into {{ this.render() }} ({{ columns | join(', ') }})
        select {{ columns | join(', ') }} from read_csv(
            {{ string_literal(path) }},
            columns = {{ '{' }} {{ cells | join(', ') }} {{ '}' }},
            auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
            comment = '', skip = 0, nullstr = '', encoding = 'utf-8',
            strict_mode = true, null_padding = false, ignore_errors = false,
            parallel = false, hive_partitioning = false
        )
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{%- endmacro %}
