{#
    Wilson's lower bound as a share, in the form that subtracts nothing: it is 0, not
    nearly 0, for a count of 0. The upper bound is what is left by that of the others.
#}
{% macro _wilson_low(count, n) -%}
    {%- set part = 'cast(' ~ count ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set others = '(' ~ n ~ ' - ' ~ count ~ ')' -%}
    {%- set whole = 'nullif(' ~ n ~ ', 0)' -%}
    {%- set z = confidence_z() -%}
    ({{ part }} * {{ part }} / {{ whole }} / (
        {{ part }} + {{ double_literal(z * z / 2) }}
        + {{ double_literal(z) }} * sqrt({{ part }} * {{ others }} / {{ whole }} + {{ double_literal(z * z / 4) }})
    ))
{%- endmacro %}
