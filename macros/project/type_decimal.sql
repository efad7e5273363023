{#
    The engine's decimal of a precision and a scale.

        cast(sum(weight_sum) as {{ type_decimal(38, 10) }})
#}
{% macro type_decimal(precision, scale=0) -%}
    {{ return(engine_data_type('decimal(' ~ precision ~ ', ' ~ scale ~ ')')) }}
{%- endmacro %}
