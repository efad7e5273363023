{#
    The reasons why an answer is not accepted, in the order in which they are tried.

        {% for reason in status_reasons() %}
#}
{% macro status_reasons() -%}
    {{ return([
        'missing_id', 'missing_timestamp', 'unreadable_timestamp', 'future_timestamp',
        'unknown_question', 'excluded_response', 'not_a_real_response', 'duplicate',
        'superseded', 'blank', 'not_applicable', 'incomplete_response',
        'unknown_label', 'not_a_whole_number', 'off_scale', 'bad_weight'
    ]) }}
{%- endmacro %}
