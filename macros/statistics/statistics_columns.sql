{#
    The columns that say how sure a score is and how it moved, named after the score, from
    a join with int_score_statistics_by_period as score_statistics.

        {{ statistics_columns('csat_pct') }}
#}
{% macro statistics_columns(score) -%}
    score_statistics.score_low as {{ score }}_low,
    score_statistics.score_high as {{ score }}_high,
    score_statistics.n_eff,
    score_statistics.weighted_score as weighted_{{ score }},
    score_statistics.weighted_score_low as weighted_{{ score }}_low,
    score_statistics.weighted_score_high as weighted_{{ score }}_high,
    score_statistics.previous_score as {{ score }}_previous,
    score_statistics.previous_change as {{ score }}_change,
    score_statistics.previous_change_z as {{ score }}_change_z,
    score_statistics.previous_change_p_value as {{ score }}_change_p_value,
    score_statistics.is_significant_previous_change as is_significant_change,
    score_statistics.previous_minimum_detectable_change as {{ score }}_minimum_detectable_change,
    score_statistics.year_before_score as {{ score }}_year_before,
    score_statistics.year_before_change as {{ score }}_year_change,
    score_statistics.year_before_change_z as {{ score }}_year_change_z,
    score_statistics.year_before_change_p_value as {{ score }}_year_change_p_value,
    score_statistics.is_significant_year_before_change as is_significant_year_change,
    score_statistics.year_before_minimum_detectable_change as {{ score }}_year_minimum_detectable_change
{%- endmacro %}
