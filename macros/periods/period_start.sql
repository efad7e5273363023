{#
    The first day of the period in which a date falls. Grains: day, week (from Monday),
    month, quarter, year; quarters and years begin in the var fiscal_year_start_month.
    Null when the date is null.

        {{ period_start('quarter', 'reporting_date') }}
#}
{% macro period_start(grain, date) -%}
    {%- set shift = fiscal_shift(grain) -%}
    {%- if grain == 'day' -%}
        {{ date }}
    {%- elif shift == 0 -%}
        cast({{ dbt.date_trunc(grain, date) }} as date)
    {%- else -%}
        {%- set shifted = dbt.date_trunc(grain, dbt.dateadd('month', -shift, date)) -%}
        cast({{ dbt.dateadd('month', shift, shifted) }} as date)
    {%- endif -%}
{%- endmacro %}
