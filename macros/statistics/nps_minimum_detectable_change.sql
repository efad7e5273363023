{#
    The smallest change of an NPS, in points, that two groups of answers would show as
    significant in four cases of five (80 % power). Null when nobody answered one of the
    times.

        {{ nps_minimum_detectable_change(478, 191, 955, 478, 191, 955) }}  ->  10.0
#}
{% macro nps_minimum_detectable_change(
    promoters, detractors, n, earlier_promoters, earlier_detractors, earlier_n
) -%}
    case
        when {{ n }} > 0 and {{ earlier_n }} > 0
            then {{ double_literal(100 * (confidence_z() + normal_quantile(0.8))) }} * sqrt(
                {{ _nps_variance(promoters, detractors, n) }}
                + {{ _nps_variance(earlier_promoters, earlier_detractors, earlier_n) }}
            )
    end
{%- endmacro %}
