{#
    For the end of a select list: the column by which the store is partitioned, on an
    engine that writes whole partitions anew; nothing on others.

        select *{{ month_partition('reporting_date') }}
#}
{% macro month_partition(date) -%}
    {{ return(adapter.dispatch('month_partition', 'cx_warehouse')(date)) }}
{%- endmacro %}

{% macro default__month_partition(date) -%} {%- endmacro %}
