{#
    Every row keeps every rule: conditions by name, each true; one that is null fails. A
    row that breaks some is given back with the name of the first. One look at the
    relation, where a test for each rule would take one each. `columns` names what to
    give back of a wide relation: what is not asked for is not read. `after` names a
    relation without which the test must not run.

        - rules_hold:
            arguments:
              rules:
                a period takes time: period_start_date < period_end_date
                a period has a name: period_label is not null
#}
{% test rules_hold(model, rules, columns=['*'], after=none) %}

select
    {{ columns | join(',\n    ') }},
    case
        {%- for name, condition in rules.items() %}
        when ({{ condition }}) is not true then {{ string_literal(name) }}
        {%- endfor %}
    end as broken_rule

from {{ model }}

where
    (
        {%- for condition in rules.values() %}
        {{ 'and ' if not loop.first -}}
        ({{ condition }})
        {%- endfor %}
    ) is not true

{% endtest %}
