{#
    The date that text in the form `YYYY-MM-DD` names, trimmed, in any year from 0001;
    null when it is null, in another form, or names a day that does not exist
    (`2026-02-30`).

        {{ calendar_date('valid_from') }}
#}
{% macro calendar_date(text) -%}
    {%- set date_text = trimmed(text) -%}
    {%- set form = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    case
        when not {{ matches(date_text, "'" ~ form ~ "'") }} then null
        when {{ first_characters(date_text, 4) }} <> '0000' and {{ _day_exists(date_text) }}
            then cast({{ date_text }} as date)
    end
{%- endmacro %}
