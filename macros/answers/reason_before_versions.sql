{#
    The status_reason that an answer gets before its versions are compared, from the
    columns of int_survey_answers_matched; null when there is none. The order is the
    contract's.
#}
{% macro reason_before_versions() -%}
    case
        when is_missing_id or {{ is_blank('response_id') }} then 'missing_id'
        when responded_at_utc is null and {{ is_blank('responded_at') }}
            then 'missing_timestamp'
        when responded_at_utc is null then 'unreadable_timestamp'
        when is_in_future then 'future_timestamp'
        when metric is null then 'unknown_question'
        when is_excluded then 'excluded_response'
        when not is_real_response then 'not_a_real_response'
    end
{%- endmacro %}
