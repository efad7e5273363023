{#
    ISO 8601 year and week of the week that begins on a Monday: those of its Thursday.

        2025-12-29  ->  '2026-W01'
#}
{% macro _iso_week(monday) -%}
    {%- set thursday = 'cast(' ~ dbt.dateadd('day', 3, monday) ~ ' as date)' -%}
    cast(extract(year from {{ thursday }}) as varchar) || '-W' || lpad(
        cast(
            cast(floor((extract(doy from {{ thursday }}) + 6) / 7.0) as integer)
            as varchar
        ), 2, '0'
    )
{%- endmacro %}
