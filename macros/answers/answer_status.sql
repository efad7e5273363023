{#
    The answer_status that follows from a stored status_reason, which is null for what is
    accepted and `erased` for what is left of a row of an erased respondent.

        {{ answer_status('status_reason') }} as answer_status
#}
{% macro answer_status(status_reason) -%}
    case
        when {{ status_reason }} is null then 'accepted'
        when {{ status_reason }} = 'erased' then 'erased'
        when {{ status_reason }} in ('blank', 'not_applicable', 'incomplete_response')
            then 'skipped'
        else 'rejected'
    end
{%- endmacro %}
