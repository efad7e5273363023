{# A decimal as decimal(18, 10) when it is above 0 and fits; null otherwise. #}
{% macro _weight_in_range(value) -%}
    case
        when {{ value }} > 0 and {{ value }} < 100000000
            then cast({{ value }} as {{ type_decimal(18, 10) }})
    end
{%- endmacro %}
