{#
    The key of an answer, from the feed's columns: all versions of one answer share it.

        {{ answer_id() }} as answer_id
#}
{% macro answer_id() -%}
    {{ surrogate_key(['source_system', 'survey_id', 'response_id', 'question_id']) }}
{%- endmacro %}
