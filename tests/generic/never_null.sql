{#
    None of the columns is ever null: one test where dbt's not_null takes one for each.
    `after` names a relation without which the test must not run.

        - never_null:
            arguments: {columns: [promoter_count, detractor_count]}
#}
{% test never_null(model, columns, after=none) %}

select {{ columns | join(', ') }}

from {{ model }}

where {{ columns | join(' is null or ') }} is null

{% endtest %}
