{#
    The sum of the squares of weights from 10,000 on, each square rounded to ten decimals,
    decimal(38, 10); 0 when there are none, which is nearly always.

        {{ large_weight_square_sum('survey_weight') }}
#}
{% macro large_weight_square_sum(weight) -%}
    cast(
        coalesce(
            sum(
                case
                    when {{ weight }} >= 10000
                        then {{ squared_weight(weight, 10) }}
                end
            ), 0
        ) as {{ type_decimal(38, 10) }}
    )
{%- endmacro %}
