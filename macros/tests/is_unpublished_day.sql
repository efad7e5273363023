{#
    Whether on a day answers changed since scores were last published. In a warehouse that
    is rebuilt, and outside `dbt build`, true: `dbt test` looks at everything.

        where {{ is_unpublished_day('period_start_date') }}
#}
{% macro is_unpublished_day(day) -%}
    {%- set stored = _held_relation('int_survey_answers_stored') -%}
    {%- set changes = _held_relation('int_score_changes') -%}
    {%- if none in (stored, changes) or flags.WHICH != 'build' or feed_plan().rebuilds -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set days -%}
        select reporting_date from {{ unpublished_rows(stored) }}
        where status_reason is null
        union
        select reporting_date from {{ changes }}
    {%- endset -%}
    {#- The first of them, as a literal: the engine passes over all rows before it. -#}
    {%- set first_day = run_query(
        'select min(reporting_date) from (' ~ days ~ ') as days'
    ).columns[0][0] -%}
    {%- if first_day is none -%} {{ return('false') }} {%- endif -%}
    {{ day }} >= cast('{{ first_day }}' as date) and {{ day }} in ({{ days }})
{%- endmacro %}
