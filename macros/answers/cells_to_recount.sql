{#
    A subquery of the days and questions whose answers changed since they were counted.

        where (reporting_date, source_system, survey_id, question_id)
            in ({{ cells_to_recount() }})
#}
{% macro cells_to_recount() -%}
    select distinct
        changes.reporting_date,
        changes.source_system,
        changes.survey_id,
        changes.question_id
    from {{ ref('int_score_changes') }} as changes
    where not changes.is_counted
{%- endmacro %}
