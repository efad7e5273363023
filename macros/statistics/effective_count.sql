{#
    How many answers of equal weight would say as much as these weighted ones: Kish's
    effective sample size (1965), the square of the sum of the weights over the sum of
    their squares. The number of answers where all weigh the same. Null for none.

        {{ effective_count('weight_sum', 'weight_square_sum', 'large_weight_square_sum') }}
#}
{% macro effective_count(weight_sum, weight_square_sum, large_weight_square_sum) -%}
    {{ decimal_as_double(weight_sum) }}
    * {{ decimal_as_double(weight_sum) }}
    / nullif(
        {{ decimal_as_double(weight_square_sum) }}
        + {{ decimal_as_double(large_weight_square_sum) }}, 0
    )
{%- endmacro %}
