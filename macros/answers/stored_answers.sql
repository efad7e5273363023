{#
    A subquery that gives the judged answers which the warehouse holds before this run
    and goes on to hold: without those of withdrawn files; when the warehouse is rebuilt,
    only those of files that went and are kept. (A model cannot refer to one that comes
    behind it.) With `withdrawn` those that it gives up.

        select * from {{ stored_answers() }} as stored
#}
{% macro stored_answers(withdrawn=false) -%}
    {%- set plan = feed_plan() -%}
    {%- set held = held_answers() if plan.holds and not (withdrawn and plan.rebuilds) -%}
    {%- if not held -%}
        {{ with_answer_kinds(
            no_rows(stored_answer_columns(), {'judged_batch': 'bigint'}),
            no_rows({'answer_kind_id': 'integer'}, answer_kind_columns())
        ) }}
    {%- else -%}
        (
            select * from {{ held }} as held
            where
                {% if plan.rebuilds -%}
                {{ is_from_file(kept_files()) }}
                {%- elif withdrawn -%}
                {{ is_from_file(withdrawn_files()) }}
                {%- else -%}
                not {{ is_from_file(withdrawn_files()) }}
                {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}
