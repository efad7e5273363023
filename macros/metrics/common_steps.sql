{#
    A score's steps from the worst end of its scale, laid on a common scale of
    `common_step_count` steps, which the scale's own steps divide: a whole number,
    decimal(38, 0). On it scores of any two scales add up exactly.

        {{ common_steps('score', '1', '7', 'true', '12') }}  ->  8 for a score of 5
#}
{% macro common_steps(score, min_score, max_score, best_is_high, common_step_count) -%}
    cast(
        round(
            cast(
                {{ steps_from_worst(score, min_score, max_score, best_is_high) }}
                as {{ type_decimal(38) }}
            ) * {{ common_step_count }} / ({{ max_score }} - {{ min_score }})
        ) as {{ type_decimal(38) }}
    )
{%- endmacro %}
