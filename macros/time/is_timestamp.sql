{#
    Whether trimmed text is a timestamp of the contract's form: `YYYY-MM-DD`, or that,
    `T` or one space, `HH:MM[:SS[.fraction]]` and nothing, `Z`, `+HH`, `+HHMM` or
    `+HH:MM` (minus too, at most 14:00); years 1900 to 9998; a day that exists. False
    for null.

        {{ is_timestamp('responded_at') }}  ->  false for '05/06/2026'
#}
{% macro is_timestamp(text) -%}
    {%- set day -%}
        (19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])
        -(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])
    {%- endset -%}
    {%- set clock = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset = 'Z|[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?)' -%}
    {%- set form = day.split() | join ~ '([T ]' ~ clock ~ '(' ~ offset ~ ')?)?' -%}
    coalesce(
        case
            when {{ matches(text, "'" ~ form ~ "'") }} then {{ _day_exists(text) }}
        end, false
    )
{%- endmacro %}
