{#
    Whether trimmed text is a timestamp of the contract's form: `YYYY-MM-DD`, or that,
    `T` or one space, `HH:MM[:SS[.fraction]]` and nothing, `Z`, `+HH`, `+HHMM` or
    `+HH:MM` (minus too, at most 14:00); years 1900 to 9998; a day that exists. False
    for null.

        {{ is_timestamp('responded_at') }}  ->  false for '05/06/2026'
#}
{% macro is_timestamp(text) -%}
    coalesce(
        case
            when {{ matches(text, "'" ~ timestamp_form() ~ "'") }}
                then {{ _day_exists(text) }}
        end, false
    )
{%- endmacro %}
