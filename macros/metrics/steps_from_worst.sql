{#
    How many points a score lies above the worst end of its scale: 0 at the worst,
    max - min at the best, as a bigint. Null when the score is null.

        {{ steps_from_worst('score', 'min_score', 'max_score', 'best_is_high') }}
#}
{% macro steps_from_worst(score, min_score, max_score, best_is_high) -%}
    cast(
        case
            when {{ best_is_high }} then {{ score }} - {{ min_score }}
            else {{ max_score }} - {{ score }}
        end as bigint
    )
{%- endmacro %}
