{#
    For the end of a select list: the columns by which the store is partitioned, a list,
    on an engine that writes whole partitions anew; none on others.

        {{ (['answers.*'] + partition_columns('reporting_date')) | join(', ') }}
#}
{% macro partition_columns(date) -%}
    {{ return(adapter.dispatch('partition_columns', 'cx_warehouse')(date)) }}
{%- endmacro %}

{% macro default__partition_columns(date) -%} {{ return([]) }} {%- endmacro %}
