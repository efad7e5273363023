{#
    The first day after the period of a grain that begins on a date.

        {{ period_end('month', 'period_start_date') }}
#}
{% macro period_end(grain, start_date) -%}
    {%- if grain == 'week' -%}
        cast({{ dbt.dateadd('day', 7, start_date) }} as date)
    {%- elif grain == 'quarter' -%}
        cast({{ dbt.dateadd('month', 3, start_date) }} as date)
    {%- else -%}
        cast({{ dbt.dateadd(grain, 1, start_date) }} as date)
    {%- endif -%}
{%- endmacro %}
