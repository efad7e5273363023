{# A polynomial in x by Horner's scheme, the coefficient of the highest power first. #}
{% macro _polynomial(x, coefficients) -%}
    {%- set scheme = namespace(sql=double_literal(coefficients[0])) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set scheme.sql -%}
            ({{ scheme.sql }} * {{ x }} + {{ double_literal(coefficient) }})
        {%- endset -%}
    {%- endfor -%}
    {{ return(scheme.sql) }}
{%- endmacro %}
