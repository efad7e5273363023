{#
    The engine's name of a data type, which the project calls as DuckDB does.

        cast(null as {{ engine_data_type('varchar') }})
#}
{% macro engine_data_type(data_type) -%}
    {{ return(adapter.dispatch('engine_data_type', 'cx_warehouse')(data_type)) }}
{%- endmacro %}

{% macro duckdb__engine_data_type(data_type) -%}
    {{ return(data_type) }}
{%- endmacro %}
