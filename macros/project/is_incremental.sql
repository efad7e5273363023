{#
    Whether a model adds to the table that is there, in place of dbt's own macro, which
    would ask the database in `dbt compile --no-introspect` too: there it is false.

        {% if is_incremental() %}
#}
{% macro is_incremental() -%}
    {{ return(flags.INTROSPECT and dbt.is_incremental()) }}
{%- endmacro %}
