{#
    ISO 8601 year and week of the week that begins on a Monday: those of its Thursday.

        2025-12-29  ->  '2026-W01'
#}
{% macro _iso_week(monday) -%}
    {{ return(adapter.dispatch('_iso_week', 'cx_warehouse')(monday)) }}
{%- endmacro %}

{% macro default___iso_week(monday) -%}
    {%- set thursday = 'cast(' ~ dbt.dateadd('day', 3, monday) ~ ' as date)' -%}
    {%- set week = 'floor((extract(doy from ' ~ thursday ~ ') + 6) / 7.0)' -%}
    {{ as_text('extract(year from ' ~ thursday ~ ')') }} || '-W' || lpad(
        {{ as_text('cast(' ~ week ~ ' as integer)') }}, 2, '0'
    )
{%- endmacro %}
