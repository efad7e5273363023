{#
    How far an NPS has moved, in standard errors: the z of the difference of two adjusted
    NPS (Rocks 2016). Parts of an effective number of answers will do. Null when nobody
    answered one of the times.

        {{ nps_change_z('promoters', 'detractors', 'n', 'p_before', 'd_before', 'n_before') }}
#}
{% macro nps_change_z(
    promoters, detractors, n, earlier_promoters, earlier_detractors, earlier_n
) -%}
    case
        when {{ n }} > 0 and {{ earlier_n }} > 0
            then (
                {{ _nps_adjusted(promoters, detractors, n) }}
                - {{ _nps_adjusted(earlier_promoters, earlier_detractors, earlier_n) }}
            ) / sqrt(
                {{ _nps_variance(promoters, detractors, n) }}
                + {{ _nps_variance(earlier_promoters, earlier_detractors, earlier_n) }}
            )
    end
{%- endmacro %}
