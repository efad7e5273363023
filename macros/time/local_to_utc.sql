{#
    The instant, in UTC, of a local timestamp in a time zone (an expression that gives
    an IANA name). A local time that occurs twice is the later instant; one that does
    not exist is read with the offset before the change.

        {{ local_to_utc('local_timestamp', "'Europe/Berlin'") }}
#}
{% macro local_to_utc(local_timestamp, time_zone) -%}
    {{ return(adapter.dispatch('local_to_utc', 'cx_warehouse')(
        local_timestamp, time_zone
    )) }}
{%- endmacro %}

{% macro duckdb__local_to_utc(local_timestamp, time_zone) -%}
    case
        when {{ time_zone }} = 'UTC' then {{ local_timestamp }}
        -- A timestamptz is an instant already; no calendar has to be asked again.
        else make_timestamp(epoch_us(timezone({{ time_zone }}, {{ local_timestamp }})))
    end
{%- endmacro %}
