{# Whether the first four characters of text, digits all, name a leap year. #}
{% macro _is_leap_year(text) -%}
    {%- set year = 'cast(substr(' ~ text ~ ', 1, 4) as integer)' -%}
    (
        {{ remainder(year, 4) }} = 0
        and ({{ remainder(year, 100) }} <> 0 or {{ remainder(year, 400) }} = 0)
    )
{%- endmacro %}
