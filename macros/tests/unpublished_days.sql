{#
    A subquery of the rows whose reporting_date is a day on which answers changed since
    scores were last published. In a warehouse that is rebuilt, and outside `dbt build`,
    all of the relation: `dbt test` looks at everything.

        {{ unpublished_days(ref('fct_score_counts_by_day')) }}
#}
{% macro unpublished_days(relation) -%}
    {%- set judged = _held_relation('int_survey_answers_judged') -%}
    {%- set changes = _held_relation('int_score_changes') -%}
    {%- if none in (judged, changes) or flags.WHICH != 'build' or feed_plan().rebuilds -%}
        {{ return(relation) }}
    {%- endif -%}
    (
        select * from {{ relation }}
        where reporting_date in (
            select unpublished_rows.reporting_date
            from {{ unpublished_rows(judged) }}
            union
            select changes.reporting_date from {{ changes }} as changes
        )
    ) as unpublished_days
{%- endmacro %}
