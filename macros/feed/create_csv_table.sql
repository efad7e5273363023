{#
    The table of a seed on DuckDB, in place of dbt's own. A definition seed has the
    columns for which column_types are configured; others, such as notes of the user's
    own, are ignored. dbt calls this when it makes a seed's table.
#}
{% macro duckdb__create_csv_table(model, agate_table) -%}
    {%- if not model.config.get('column_types') -%}
        {{ return(default__create_csv_table(model, agate_table)) }}
    {%- endif -%}
    {%- set definitions = [] -%}
    {%- for name, type in model.config.column_types.items() -%}
        {%- do definitions.append(adapter.quote(name) ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- set sql = 'create table ' ~ this.render() ~ ' (' ~ definitions | join(', ') ~ ')' -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}
