{#
    The instant that trimmed text names, as a timestamp in UTC; null unless it
    is_timestamp. Text without an offset is in `time_zone`, an expression that gives an
    IANA name; a bare date is midnight there. Digits after the sixth of a fraction are
    cut off.

        {{ utc_instant('responded_at', 'time_zone') }}
#}
{% macro utc_instant(text, time_zone) -%}
    {%- set rest = 'substr(' ~ text ~ ', 12)' -%}
    {%- set clock -%}
        split_part(split_part(split_part({{ rest }}, 'Z', 1), '+', 1), '-', 1)
    {%- endset -%}
    {%- set offset = 'substr(' ~ rest ~ ', length(' ~ clock ~ ') + 1)' -%}
    {%- set local_timestamp -%}
        cast(
            left({{ text }}, 10) || ' '
            || case length({{ clock }})
                when 0 then '00:00:00'
                when 5 then {{ clock }} || ':00'
                else left({{ clock }}, 15)
            end as timestamp
        )
    {%- endset -%}
    case
        when not {{ is_timestamp(text) }} then null
        when {{ offset }} = '' then {{ local_to_utc(local_timestamp, time_zone) }}
        when {{ offset }} = 'Z' then {{ local_timestamp }}
        else {{ _minus_offset(local_timestamp, offset) }}
    end
{%- endmacro %}
