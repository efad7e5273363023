{#
    The date that text in the form `YYYY-MM-DD` names; null when it is null, in another
    form, or names a day that does not exist (`2026-02-30`).

        {{ calendar_date('valid_from') }}
#}
{% macro calendar_date(text) -%}
    case
        when length({{ trimmed(text) }}) = 10 and {{ is_timestamp(trimmed(text)) }}
            then cast({{ trimmed(text) }} as date)
    end
{%- endmacro %}
