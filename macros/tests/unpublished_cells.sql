{#
    A subquery of the rows that lie in a cell, a day and question, of which an answer
    changed since scores were last published. In a warehouse that is rebuilt, and outside
    `dbt build`, all of the relation: `dbt test` looks at everything.

        {{ unpublished_cells(ref('fct_score_counts_by_day')) }}
#}
{% macro unpublished_cells(relation) -%}
    {%- set judged = _held_relation('int_survey_answers_judged') -%}
    {%- set changes = _held_relation('int_score_changes') -%}
    {%- if none in (judged, changes) or flags.WHICH != 'build' or feed_plan().rebuilds -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- set cell = 'reporting_date, source_system, survey_id, question_id' -%}
    (
        select * from {{ relation }}
        where
            -- The days alone let the engine pass over most of the rows unread.
            {{ is_unpublished_day('reporting_date') }}
            and ({{ cell }}) in (
                select {{ cell }} from {{ unpublished_rows(judged) }}
                where answer_status = 'accepted'
                union
                select {{ cell }} from {{ changes }}
            )
    ) as unpublished_cells
{%- endmacro %}
