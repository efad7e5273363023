{#
    How many standard errors an interval of the var confidence_level reaches to each side,
    a number: 1.96 for 0.95.

        {{ double_literal(confidence_z()) }}
#}
{% macro confidence_z() -%}
    {{ return(normal_quantile(0.5 + _confidence_level() / 2)) }}
{%- endmacro %}
