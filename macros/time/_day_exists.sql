{#
    Whether the day exists that text begins with: `YYYY-MM-DD`, digits all, month 01 to
    12 and day 01 to 31.
#}
{% macro _day_exists(text) -%}
    case
        when substr({{ text }}, 9, 2) <= '28' then true
        when substr({{ text }}, 6, 2) = '02'
            then substr({{ text }}, 9, 2) = '29' and {{ _is_leap_year(text) }}
        when substr({{ text }}, 6, 2) in ('04', '06', '09', '11')
            then substr({{ text }}, 9, 2) <> '31'
        else true
    end
{%- endmacro %}
