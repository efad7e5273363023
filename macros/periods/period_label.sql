{#
    The name of the period of a grain that begins on a date: 2026-01-05, 2026-W02 (ISO
    week and its year), 2026-01, 2026-Q1, 2026. Where the fiscal year does not begin in
    January FY2026-Q1 and FY2026, after the calendar year in which it ends.

        {{ period_label('quarter', 'period_start_date') }}
#}
{% macro period_label(grain, start_date) -%}
    {%- set shift = fiscal_shift(grain) -%}
    {%- set prefix = "'FY' || " if shift else '' -%}
    {%- set month = 'cast(' ~ dbt.dateadd('month', -shift, start_date) ~ ' as date)' -%}
    {%- if grain == 'day' -%}
        {{ as_text(start_date) }}
    {%- elif grain == 'week' -%}
        {{ _iso_week(start_date) }}
    {%- elif grain == 'month' -%}
        {{ first_characters(as_text(start_date), 7) }}
    {%- else -%}
        {%- set year = 'extract(year from ' ~ month ~ ') + ' ~ (1 if shift else 0) -%}
        {{ prefix }}{{ as_text(year) }}
        {%- if grain == 'quarter' %}
        || '-Q' || {{ as_text('extract(quarter from ' ~ month ~ ')') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
