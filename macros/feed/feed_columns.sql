{#
    The columns of the answer feed, in the order of the contract.

        {% for column in feed_columns() %}
#}
{% macro feed_columns() -%}
    {{ return([
        'source_system', 'survey_id', 'question_id', 'response_id', 'answer',
        'responded_at', 'respondent_id', 'channel', 'segment', 'comment',
        'interaction_at', 'invited_at', 'response_status', 'updated_at', 'weight'
    ]) }}
{%- endmacro %}
