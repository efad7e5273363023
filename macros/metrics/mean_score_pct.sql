{#
    Mean of score_pct over counted answers, from 0 (all at the worst end) to 100 (all at
    the best), comparable across scales (MeasuringU, converting scales to 100 points).
    `common_steps` is the sum over the answers of their steps above the worst end, laid
    on a common scale of `common_step_count` steps: one division, whatever the scales.
    Null when nobody answered.

        {{ mean_score_pct('sum(common_steps)', 'sum(answer_count)', 60) }}
#}
{% macro mean_score_pct(common_steps, response_count, common_step_count) -%}
    {{ share_pct(common_steps, '(' ~ response_count ~ ' * ' ~ common_step_count ~ ')') }}
{%- endmacro %}
