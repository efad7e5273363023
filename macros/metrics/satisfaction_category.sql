{#
    Top-two-box classification, for any scale and direction: `satisfied` in the
    `top_box_count` best points of the scale, `dissatisfied` in the `bottom_box_count`
    worst, `neutral` between. Null when the score is null.

        {{ satisfaction_category('score', 1, 7, true, 2, 2) }}  ->  6 is satisfied
#}
{% macro satisfaction_category(
    score, min_score, max_score, best_is_high, top_box_count, bottom_box_count
) -%}
    {%- set steps = steps_from_worst(score, min_score, max_score, best_is_high) -%}
    case
        when {{ score }} is null then null
        when {{ steps }} > {{ max_score }} - {{ min_score }} - {{ top_box_count }}
            then 'satisfied'
        when {{ steps }} < {{ bottom_box_count }} then 'dissatisfied'
        else 'neutral'
    end
{%- endmacro %}
