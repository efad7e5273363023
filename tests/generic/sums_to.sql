{#
    The parts of a whole add up to it in every row, but for `tolerance`. A row in which
    the whole or a part is null or NaN fails.

        - sums_to:
            arguments:
              whole: response_count
              parts: [promoter_count, passive_count, detractor_count]
#}
{% test sums_to(model, whole, parts, tolerance=0) %}

select
    {{ parts | join(',\n    ') }},
    {{ whole }} as whole

from {{ model }}

where (abs({{ parts | join(' + ') }} - {{ whole }}) <= {{ tolerance }}) is not true

{% endtest %}
