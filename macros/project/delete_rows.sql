{#
    The statements, a list, that delete the rows of a table that meet a condition.

        {{ statements(delete_rows(ref('int_feed_files'), is_from_file(files))) }}
#}
{% macro delete_rows(relation, condition) -%}
    {{ return(adapter.dispatch('delete_rows', 'cx_warehouse')(relation, condition)) }}
{%- endmacro %}

{% macro default__delete_rows(relation, condition) -%}
    {{ return(['delete from ' ~ relation ~ '\nwhere ' ~ condition]) }}
{%- endmacro %}
