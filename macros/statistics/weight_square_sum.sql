{#
    The sum of the squares of weights below 10,000, exact, decimal(38, 20); 0 when there
    are none. The squares of larger ones would not fit together: they have a sum of their
    own, large_weight_square_sum.

        {{ weight_square_sum('survey_weight') }}
#}
{% macro weight_square_sum(weight) -%}
    cast(
        coalesce(sum(case when {{ weight }} < 10000 then {{ squared_weight(weight) }} end), 0)
        as {{ type_decimal(38, 20) }}
    )
{%- endmacro %}
