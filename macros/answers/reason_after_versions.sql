{#
    The status_reason of an answer that counts among its versions, from the columns of
    int_survey_answers_matched; null when it is accepted. The order is the contract's.
#}
{% macro reason_after_versions() -%}
    coalesce(answer_reason, case when survey_weight is null then 'bad_weight' end)
{%- endmacro %}
