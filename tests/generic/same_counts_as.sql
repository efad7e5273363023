{#
    Two relations count the same: for every group of the columns `by` the sums of
    `counts` (columns or expressions; `1` counts rows) agree with those of `other`. Null
    is a group like any other. A group that only one side has fails, and so does a count
    that is null. `other_by` and `other_counts` are for other names on the other side (a
    single one of `other_counts` is compared with each of `counts`), `where` and
    `other_where` for a part of the rows. The config `where: in_unpublished_cells` holds
    for both sides. `days` names the day on both sides: only days are compared of which an
    answer changed since scores were last published. `after` names a relation without
    which the test must not run.

        - same_counts_as:
            arguments:
              by: [touchpoint_id]
              counts: [response_count]
              other: ref('fct_score_counts_by_day')
              other_counts: [answer_count]
#}
{% test same_counts_as(
    model,
    other,
    by,
    counts,
    other_by=none,
    other_counts=none,
    where=none,
    other_where=none,
    days=none,
    after=none
) %}

{%- set other_counts = other_counts or counts -%}
{%- if other_counts | length == 1 -%}
    {%- set other_counts = other_counts * (counts | length) -%}
{%- endif -%}
{%- if config.get('where') == 'in_unpublished_cells' -%}
    {%- set other = unpublished_cells(other) -%}
{%- endif -%}
{%- set sides = [
    ('ours', model, by, counts, where),
    ('theirs', other, other_by or by, other_counts, other_where)
] -%}

with

{% for side, relation, keys, numbers, condition in sides -%}
{{ side }} as (

    select
        {%- for key in keys %}
        {{ key }} as key_{{ loop.index }},
        {%- endfor %}
        {%- for number in numbers %}
        sum({{ number }}) as total_{{ loop.index }},
        count(*) - count({{ number }}) as null_count_{{ loop.index }},
        {%- endfor %}
        '{{ side }}' as side

    from {{ relation }}
    where
        {{ condition or 'true' }}
        {%- if days %}
        and {{ is_unpublished_day(days[0] if side == 'ours' else days[1]) }}
        {%- endif %}

    group by {{ keys | join(', ') }}

),

{% endfor -%}
both_sides as (

    select * from ours
    union all
    select * from theirs

),

compared as (

    select
        {%- for key in by %}
        key_{{ loop.index }},
        {%- endfor %}
        {%- for number in counts %}
        max(case when side = 'ours' then total_{{ loop.index }} end)
            as our_total_{{ loop.index }},
        max(case when side = 'theirs' then total_{{ loop.index }} end)
            as their_total_{{ loop.index }},
        sum(null_count_{{ loop.index }}) as null_count_{{ loop.index }}
        {{- ',' if not loop.last }}
        {%- endfor %}

    from both_sides

    group by
        {%- for key in by %}
        key_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}

),

differences as (

    select * from compared
    where
        {%- for number in counts %}
        {{ 'or ' if not loop.first -}}
        our_total_{{ loop.index }} is distinct from their_total_{{ loop.index }}
        or null_count_{{ loop.index }} > 0
        {%- endfor %}

)

select * from differences

{% endtest %}
