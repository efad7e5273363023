{#
    The instant that text names, as a timestamp in UTC; null unless the text, trimmed,
    is_timestamp. Text without an offset is in `time_zone`, an expression that gives an
    IANA name; a bare date is midnight there. Digits after the sixth of a fraction are
    cut off.

        {{ utc_instant('responded_at', 'time_zone') }}
#}
{% macro utc_instant(text, time_zone) -%}
    {{ return(adapter.dispatch('utc_instant', 'cx_warehouse')(text, time_zone)) }}
{%- endmacro %}

{# Every step on the text, for any engine. #}
{% macro default__utc_instant(text, time_zone) -%}
    {%- set text = trimmed(text) -%}
    {%- set rest = 'substr(' ~ text ~ ', 12)' -%}
    {%- set clock = text_part(text_part(text_part(rest, 'Z', 1), '+', 1), '-', 1) -%}
    {%- set offset = 'substr(' ~ rest ~ ', length(' ~ clock ~ ') + 1)' -%}
    {%- set local_timestamp -%}
        cast(
            {{ first_characters(text, 10) }} || ' '
            || case length({{ clock }})
                when 0 then '00:00:00'
                when 5 then {{ clock }} || ':00'
                else {{ first_characters(clock, 15) }}
            end as {{ engine_data_type('timestamp') }}
        )
    {%- endset -%}
    case
        when not {{ is_timestamp(text) }} then null
        when {{ offset }} = '' then {{ local_to_utc(local_timestamp, time_zone) }}
        when {{ offset }} = 'Z' then {{ local_timestamp }}
        else {{ _minus_offset(local_timestamp, offset) }}
    end
{%- endmacro %}

{#
    The form is proven on the text; then DuckDB's own cast, which knows which days exist,
    cuts fractions off, and drops the offset of a timestamp but not of a timestamptz.
#}
{% macro duckdb__utc_instant(text, time_zone) -%}
    {%- set form = "'" ~ timestamp_form() ~ "'" -%}
    case
        when {{ matches(text, form) }} then {{ _duckdb_instant(text, time_zone) }}
        when {{ matches(trimmed(text), form) }}
            then {{ _duckdb_instant(trimmed(text), time_zone) }}
    end
{%- endmacro %}
