{#
    The models that hold rows of single respondents, whom a run counts anew when an answer
    of theirs came, went or changed; for a loop. None where an engine makes them anew.

        {% for name in models_by_respondent() %}
#}
{% macro models_by_respondent() -%}
    {{ return(adapter.dispatch('models_by_respondent', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__models_by_respondent() -%}
    {{ return(['int_answers_overtaken', 'int_nps_answers_paired']) }}
{%- endmacro %}
