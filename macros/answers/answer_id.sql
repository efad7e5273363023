{#
    The key of an answer, from the feed's columns: all versions of one answer share it.
    `relation` is the name before the columns, where they need one.

        {{ answer_id() }} as answer_id
#}
{% macro answer_id(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ surrogate_key([
        prefix ~ 'source_system', prefix ~ 'survey_id',
        prefix ~ 'response_id', prefix ~ 'question_id'
    ]) }}
{%- endmacro %}
