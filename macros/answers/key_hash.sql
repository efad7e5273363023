{#
    A number of 64 bits from the ids of an answer: all versions of one answer share it.
    Two answers may share it too, so it finds the rows that may belong together, never
    those that do. Null ids are a value like any other.

        {{ key_hash() }} as key_hash
#}
{% macro key_hash() -%}
    {{ return(adapter.dispatch('key_hash', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__key_hash() -%}
    hash(source_system, survey_id, response_id, question_id)
{%- endmacro %}
