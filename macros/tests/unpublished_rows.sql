{#
    A subquery of the judged answers that no published build has tested: those that were
    judged since. What was published passed its tests before and has not changed. In a
    warehouse that is rebuilt, and outside `dbt build`, all of the relation: `dbt test`
    looks at everything.

        {{ unpublished_rows(ref('int_survey_answers_judged')) }}
#}
{% macro unpublished_rows(relation) -%}
    {%- set batches = _held_relation('int_batches_unpublished') -%}
    {%- if batches is none or flags.WHICH != 'build' or feed_plan().rebuilds -%}
        {{ return(relation) }}
    {%- endif -%}
    (
        select * from {{ relation }}
        where judged_batch in (select batches.judged_batch from {{ batches }} as batches)
    ) as unpublished_rows
{%- endmacro %}
