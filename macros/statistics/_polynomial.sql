{# A polynomial in x, its coefficients from the highest power down, by Horner's rule. #}
{% macro _polynomial(x, coefficients) -%}
    {%- set value = namespace(text=double_literal(coefficients[0])) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set value.text =
            '(' ~ value.text ~ ' * ' ~ x ~ ' + ' ~ double_literal(coefficient) ~ ')' -%}
    {%- endfor -%}
    {{ value.text }}
{%- endmacro %}
