{#
    Rows for the ledger int_score_changes: every day and question that was counted before
    a warehouse was rebuilt, or is to be counted now.
#}
{% macro _cells_of_a_rebuilt_store(counts, judged) -%}
    {%- set cell = [
        'reporting_date', 'source_system', 'survey_id', 'question_id', 'metric',
        'touchpoint_id'
    ] | join(', ') -%}
    select
        'rebuilt' as cause,
        {{ cell }},
        cast(0 as bigint) as answer_count,
        false as is_counted
    from (
        select {{ cell }} from {{ counts }}
        union
        select {{ cell }} from {{ judged }} as judged_answers
        where answer_status = 'accepted'
    ) as cells
{%- endmacro %}
