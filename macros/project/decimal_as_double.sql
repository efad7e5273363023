{#
    The double that is nearest to a decimal: every engine reads its digits as the same
    bits. The engines' own casts of a long decimal round it once or twice. Null for null.

        {{ decimal_as_double('weight_sum') }}
#}
{% macro decimal_as_double(value) -%}
    cast({{ as_text(value) }} as {{ type_double() }})
{%- endmacro %}
