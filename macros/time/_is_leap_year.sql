{# Whether the first four characters of text, digits all, name a leap year. #}
{% macro _is_leap_year(text) -%}
    {%- set year = 'cast(substr(' ~ text ~ ', 1, 4) as integer)' -%}
    ({{ year }} % 4 = 0 and ({{ year }} % 100 <> 0 or {{ year }} % 400 = 0))
{%- endmacro %}
