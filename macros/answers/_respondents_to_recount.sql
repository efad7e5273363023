{#
    Rows for the ledger int_respondents_to_recount: whose accepted answers a batch has
    judged, or had to judge again.
#}
{% macro _respondents_to_recount(store, judged) -%}
    {%- for name in models_by_respondent() %}
    select '{{ name }}' as counted_by, {{ fingerprint(['respondent_id']) }} as respondent_key
    from {{ store }} as stored_answers
    where answer_status = 'accepted' and respondent_id is not null
    union
    select '{{ name }}' as counted_by, {{ fingerprint(['respondent_id']) }} as respondent_key
    from {{ judged }} as judged_answers
    where status_reason is null and respondent_id is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
