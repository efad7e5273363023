{#
    The columns of the feed with few values, of which a kind of answer is made.

        select distinct {{ answer_kind_texts() | join(', ') }} from ...
#}
{% macro answer_kind_texts() -%}
    {{ return([
        'source_system', 'survey_id', 'question_id', 'answer', 'channel', 'segment',
        'response_status'
    ]) }}
{%- endmacro %}
