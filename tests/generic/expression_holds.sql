{#
    A condition is true for every row. A row for which it is null fails.

        - expression_holds:
            arguments: {expression: period_start_date < period_end_date}
#}
{% test expression_holds(model, expression) %}

select *

from {{ model }}

where ({{ expression }}) is not true

{% endtest %}
