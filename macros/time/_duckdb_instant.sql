{# The instant of text that has the form of a timestamp; null on a day that is none. #}
{% macro _duckdb_instant(text, time_zone) -%}
    case
        when right({{ text }}, 1) = 'Z' then try_cast({{ text }} as timestamp)
        when
            position('+' in {{ text }}) = 0
            and substr({{ text }}, position(':' in {{ text }})) not like ':%-%'
            then {{ local_to_utc('try_cast(' ~ text ~ ' as timestamp)', time_zone) }}
        else make_timestamp(epoch_us(try_cast({{ text }} as timestamptz)))
    end
{%- endmacro %}
