{#
    The first day of the period a year before that of a grain that begins on a date: the
    same day, month, quarter or year of the year before (for 29 February the 28th); for a
    week the one 52 weeks before, so that every week has exactly one, on the same weekdays.

        {{ year_before('quarter', 'period_start_date') }}
#}
{% macro year_before(grain, start_date) -%}
    {%- if grain == 'week' -%}
        cast({{ dbt.dateadd('day', -364, start_date) }} as date)
    {%- else -%}
        cast({{ dbt.dateadd('year', -1, start_date) }} as date)
    {%- endif -%}
{%- endmacro %}
