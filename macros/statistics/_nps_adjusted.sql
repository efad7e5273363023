{#
    The adjusted NPS as a mean of answers that are 1, 0 or -1, from -1 to 1: that of the
    answers and of 3/4 promoters, 3/2 passives and 3/4 detractors more.
#}
{% macro _nps_adjusted(promoters, detractors, n) -%}
    (cast({{ promoters }} - {{ detractors }} as {{ type_double() }}) / ({{ n }} + 3))
{%- endmacro %}
