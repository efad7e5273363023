{#
    An expression that gives a fingerprint of the code and the engine that judge an
    answer: rows that were judged by another one are judged again.

        {{ judging_code() }} as rule_text
#}
{% macro judging_code() -%}
    {{ return(adapter.dispatch('judging_code', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__judging_code() -%}
    getvariable('cx_warehouse').judging_code
{%- endmacro %}
