{#
    On which side of a score an answer is: 1 for a promoter or a satisfied answer, -1 for
    a detractor or a dissatisfied one, 0 for the rest.

        {{ answer_side('nps_category', 'satisfaction_category') }}
#}
{% macro answer_side(nps_category, satisfaction_category) -%}
    case
        when {{ nps_category }} = 'promoter' then 1
        when {{ satisfaction_category }} = 'satisfied' then 1
        when {{ nps_category }} = 'detractor' then -1
        when {{ satisfaction_category }} = 'dissatisfied' then -1
        else 0
    end
{%- endmacro %}
