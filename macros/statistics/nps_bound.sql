{#
    The lower or upper bound (`low`, `high`) of an NPS, from -100 to 100, at the
    confidence of the project: the adjusted Wald interval, which adds 3/4 promoters, 3/2
    passives and 3/4 detractors (Rocks 2016). The counts may be parts of an effective
    number of answers, with decimals. Null when n is 0.

        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'low') }}
#}
{% macro nps_bound(promoters, detractors, n, bound) -%}
    case
        -- Greatest and least would pass over a null.
        when {{ promoters }} + {{ detractors }} + {{ n }} > 0 then greatest(-100, least(100, 100 * (
            {{ _nps_adjusted(promoters, detractors, n) }}
            {{ '-' if bound == 'low' else '+' }} {{ double_literal(confidence_z()) }}
            * sqrt({{ _nps_variance(promoters, detractors, n) }})
        )))
    end
{%- endmacro %}
