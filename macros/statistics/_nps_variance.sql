{# The variance of the adjusted NPS, the square of its standard error. Never 0. #}
{% macro _nps_variance(promoters, detractors, n) -%}
    {%- set mean = _nps_adjusted(promoters, detractors, n) -%}
    (((cast({{ promoters }} + {{ detractors }} as {{ type_double() }}) + 1.5) / ({{ n }} + 3)
        - {{ mean }} * {{ mean }}) / ({{ n }} + 3))
{%- endmacro %}
