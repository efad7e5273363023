{#
    The columns that a judged answer carries: its key, the feed's columns as exported,
    what was read from them, and the status_reason.

        select {{ judged_answer_columns() | join(', ') }} from ...
#}
{% macro judged_answer_columns() -%}
    {{ return(
        ['answer_id']
        + feed_columns()
        + ['metric', 'touchpoint_id', 'scale_id', 'score', 'survey_weight']
        + ['responded_at_utc', 'reporting_date', 'interaction_at_utc', 'invited_at_utc']
        + ['status_reason']
    ) }}
{%- endmacro %}
