{#
    A score on the way from the worst end of its scale (0) to the best (100), unrounded.
    Null when the score is null.

        {{ score_pct('score', 'min_score', 'max_score', 'best_is_high') }}
#}
{% macro score_pct(score, min_score, max_score, best_is_high) -%}
    {{ share_pct(
        steps_from_worst(score, min_score, max_score, best_is_high),
        '(' ~ max_score ~ ' - ' ~ min_score ~ ')'
    ) }}
{%- endmacro %}
