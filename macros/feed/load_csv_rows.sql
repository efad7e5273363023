{#
    dbt loads a seed with DuckDB's COPY, which sniffs at the file and can take its first
    row for something else. This takes its place: the same strict reader as the feed's,
    after the same check of the file; every cell arrives as text.
#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- do _checked_files('definition_seeds') -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.append("'" ~ name ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- set sql -%}
        insert into {{ this.render() }}
        select * from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            columns = {{ '{' }}{{ columns | join(', ') }}{{ '}' }},
            auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
            comment = '', skip = 0, nullstr = '', encoding = 'utf-8',
            strict_mode = true, null_padding = false, ignore_errors = false,
            parallel = false
        )
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{%- endmacro %}
