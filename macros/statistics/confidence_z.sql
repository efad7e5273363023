{#
    How many standard errors an interval reaches to either side at the confidence of the
    project, a number.

        {{ confidence_z() }}  ->  1.95996398454005 when the var confidence_level is 0.95
#}
{% macro confidence_z() -%}
    {{ return(normal_quantile((1 + confidence_level()) / 2)) }}
{%- endmacro %}
