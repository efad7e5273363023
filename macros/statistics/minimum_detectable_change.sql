{#
    The smallest change, in points, that a test at the var confidence_level sees four times
    out of five (80 % power) with so many answers in both groups: (z_confidence + 0.8416)
    times the standard error of the difference. Takes the squares of both standard errors,
    on shares.

        {{ minimum_detectable_change('square_error', 'earlier_square_error') }}
#}
{% macro minimum_detectable_change(square_error, earlier_square_error) -%}
    100 * {{ double_literal(confidence_z() + normal_quantile(0.8)) }}
    * sqrt({{ square_error }} + {{ earlier_square_error }})
{%- endmacro %}
