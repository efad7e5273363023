{#
    The category of a score by its metric: promoter, passive or detractor for nps;
    satisfied, neutral or dissatisfied for csat and ces; `unknown` for another metric.
    Takes the name of the relation that has the columns of its rating scale.

        {{ score_category('counts.metric', 'counts.score', 'rating_scales') }} as category
#}
{% macro score_category(metric, score, rating_scale) -%}
    case
        when {{ metric }} = 'nps' then {{ nps_category(score) }}
        when {{ metric }} in ('csat', 'ces')
            then {{ satisfaction_category(
                score,
                rating_scale ~ '.min_score',
                rating_scale ~ '.max_score',
                rating_scale ~ '.best_is_high',
                rating_scale ~ '.top_box_count',
                rating_scale ~ '.bottom_box_count'
            ) }}
        else 'unknown'
    end
{%- endmacro %}
