{#
    The status_reason that follows from what an answer says and the scale that it is read
    on, from the columns of int_answer_kinds_concerned; null when it is a point of the
    scale. The order is the contract's.
#}
{% macro answer_reason() -%}
    case
        when {{ is_blank('answer') }} then 'blank'
        when code_reason is not null then code_reason
        when folded_status = 'partial' then 'incomplete_response'
        when label_score is null and not is_number then 'unknown_label'
        when label_score is null and {{ dbt.position("'.'", 'answer_key') }} > 0
            then 'not_a_whole_number'
        -- More than nine digits leave the score null: no scale is that long.
        when score is null or score < min_score or score > max_score then 'off_scale'
    end
{%- endmacro %}
