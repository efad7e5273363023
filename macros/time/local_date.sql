{#
    The date on which an instant (a timestamp in UTC) falls in a time zone (an IANA
    name, not an expression). Null when the instant is null.

        {{ local_date('responded_at', var('reporting_time_zone')) }}
#}
{% macro local_date(instant, time_zone) -%}
    {%- if time_zone == 'UTC' -%}
        cast({{ instant }} as date)
    {%- else -%}
        {{ return(adapter.dispatch('local_date', 'cx_warehouse')(instant, time_zone)) }}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__local_date(instant, time_zone) -%}
    cast(timezone({{ string_literal(time_zone) }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}
