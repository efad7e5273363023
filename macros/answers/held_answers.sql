{#
    A subquery of the judged answers that the warehouse holds before this run, with all
    columns; none when there are none.

        {% if held_answers() %}
#}
{% macro held_answers() -%}
    {%- set stored = _held_relation('int_survey_answers_stored') -%}
    {%- set kinds = _held_relation('int_answer_kinds') -%}
    {{ return(none if none in (stored, kinds) else with_answer_kinds(stored, kinds)) }}
{%- endmacro %}
