{#
    Condition: the answer is of a day whose counts are made anew, which in a
    full build is any day.
#}
{% macro is_on_day_to_recount() -%}
    {%- if is_incremental() -%}
        reporting_date in (
            select cells.reporting_date from ({{ cells_to_recount() }}) as cells
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
