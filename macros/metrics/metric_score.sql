{#
    The score of counted answers in points, by their metric: the NPS, or the share of the
    positive answers in percent (CSAT, CES). Null when nobody answered.

        {{ metric_score('metric', 'positive_count', 'negative_count', 'response_count') }}
#}
{% macro metric_score(metric, positive_count, negative_count, response_count) -%}
    case
        when {{ metric }} = 'nps'
            then {{ nps(positive_count, negative_count, response_count) }}
        else {{ share_pct(positive_count, response_count) }}
    end
{%- endmacro %}
