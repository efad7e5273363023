{#
    The pre-hook of the daily counts, inside their transaction: the counts of days and
    questions that are counted anew go.
#}
{% macro forget_recounted_cells() -%}
    {%- if load_cached_relation(this) and not should_full_refresh() -%}
    {{ statements(delete_rows(
        this,
        '(reporting_date, source_system, survey_id, question_id) in ('
        ~ cells_to_recount() ~ ')'
    )) }}
    {%- endif -%}
{%- endmacro %}
