{#
    A subquery that gives the judged answers which the warehouse holds before this run
    and goes on to hold: without those of withdrawn files; when the warehouse is rebuilt,
    only those of files that went and are kept. (A model cannot refer to one that comes
    behind it.) With `withdrawn` those that it gives up.

        select * from {{ stored_answers() }} as stored
#}
{% macro stored_answers(withdrawn=false) -%}
    {%- set store = _held_relation('int_survey_answers_judged') -%}
    {%- set plan = feed_plan() -%}
    {%- if store is none or not plan.holds or (withdrawn and plan.rebuilds) -%}
        (
            select
                {%- for name, type in judged_answer_columns().items() %}
                cast(null as {{ type }}) as {{ name }},
                {%- endfor %}
                cast(null as varchar) as answer_status,
                cast(null as bigint) as judged_batch
            where false
        )
    {%- elif plan.rebuilds -%}
        (
            select * from {{ store }}
            where {{ is_from_file(kept_files()) }}
        )
    {%- elif withdrawn -%}
        (
            select * from {{ store }}
            where {{ is_from_file(withdrawn_files()) }}
        )
    {%- else -%}
        (
            select * from {{ store }}
            where not {{ is_from_file(withdrawn_files()) }}
        )
    {%- endif -%}
{%- endmacro %}
