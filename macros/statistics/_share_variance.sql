{# The variance of a share with one answer more in it and one more beside it. Never 0. #}
{% macro _share_variance(count, n) -%}
    {%- set double = type_double() -%}
    (cast({{ count }} + 1 as {{ double }}) / ({{ n }} + 2)
        * cast({{ n }} - {{ count }} + 1 as {{ double }}) / ({{ n }} + 2) / ({{ n }} + 2))
{%- endmacro %}
