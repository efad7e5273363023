{#
    The end of a query that reads no relation and gives no row.

        select cast(null as date) as reporting_date {{ where_nothing() }}
#}
{% macro where_nothing() -%}
    {{ return(adapter.dispatch('where_nothing', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__where_nothing() -%} where false {%- endmacro %}
