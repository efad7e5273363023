{# A bound of the score in points, by the column metric: nps_bound, or wilson_pct. #}
{% macro _score_bound(positives, negatives, n, bound) -%}
    case
        when metric = 'nps' then {{ nps_bound(positives, negatives, n, bound) }}
        else {{ wilson_pct(positives, n, bound) }}
    end
{%- endmacro %}
