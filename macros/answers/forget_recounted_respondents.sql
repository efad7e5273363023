{#
    The pre-hook of a model by respondent, inside its transaction: the rows of those who
    are counted anew go.
#}
{% macro forget_recounted_respondents() -%}
    {%- if load_cached_relation(this) and not should_full_refresh() and models_by_respondent() -%}
    {{ statements(delete_rows(this, _is_in_ledger_of_respondents('respondent_key'))) }}
    {%- endif -%}
{%- endmacro %}
