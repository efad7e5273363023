{#
    A subquery of the judged answers that the warehouse holds before this run, with all
    columns; none when there are none. With `keys`, a relation that has key_hash, only
    those of these keys.

        {% if held_answers() %}
#}
{% macro held_answers(keys=none) -%}
    {%- set stored = _held_relation('int_survey_answers_stored') -%}
    {%- set kinds = _held_relation('int_answer_kinds') -%}
    {%- if none in (stored, kinds) -%} {{ return(none) }} {%- endif -%}
    {{ return(with_answer_kinds(rows_of_keys(stored, keys) if keys else stored, kinds)) }}
{%- endmacro %}
