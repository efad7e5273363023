{# A local timestamp less its offset from UTC, text of the form +HH, +HHMM or +HH:MM. #}
{% macro _minus_offset(local_timestamp, offset) -%}
    {%- set digits = 'substr(translate(' ~ offset ~ ", ':', ''), 2) || '00'" -%}
    {%- set minutes -%}
        case when {{ first_characters(offset, 1) }} = '-' then 1 else -1 end
        * (
            60 * cast({{ first_characters(digits, 2) }} as integer)
            + cast(substr({{ digits }}, 3, 2) as integer)
        )
    {%- endset -%}
    {{ dbt.dateadd('minute', minutes, local_timestamp) }}
{%- endmacro %}
