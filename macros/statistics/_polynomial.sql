{# A polynomial in x, its coefficients from the highest power down, by Horner's rule. #}
{% macro _polynomial(x, coefficients) -%}
    {%- set value = namespace(text=coefficients[0] | string) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set value.text = '(' ~ value.text ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ value.text }}
{%- endmacro %}
