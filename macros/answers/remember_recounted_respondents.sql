{#
    The post-hook of a model by respondent, inside its transaction: its respondents are
    counted, and leave the ledger.
#}
{% macro remember_recounted_respondents() -%}
    {%- if models_by_respondent() -%}
    {{ statements(delete_rows(
        ref('int_respondents_to_recount'), "counted_by = '" ~ this.identifier ~ "'"
    )) }}
    {%- endif -%}
{%- endmacro %}
