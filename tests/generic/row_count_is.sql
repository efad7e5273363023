{#
    The relation has exactly so many rows.

        - row_count_is:
            arguments: {row_count: 1}
#}
{% test row_count_is(model, row_count) %}

select count(*) as row_count

from {{ model }}

having count(*) <> {{ row_count }}

{% endtest %}
