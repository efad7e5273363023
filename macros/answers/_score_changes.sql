{#
    The accepted answers that a batch adds, takes away or changes, counted by cause and
    by the day, question, metric and touchpoint whose scores they move: rows for the
    ledger int_score_changes. An answer that moves between two such cells is in both.
#}
{% macro _score_changes(store, judged, concerned_keys) -%}
    {%- set ids = ['source_system', 'survey_id', 'question_id'] -%}
    {%- set cell = ['reporting_date', 'metric', 'touchpoint_id'] -%}
    {%- set facts = cell + ['scale_id', 'score', 'channel', 'segment', 'survey_weight'] -%}
    with

    concerned_keys as (
        select * from {{ concerned_keys }}
    ),

    before as (
        select stored_answers.* from {{ store }} as stored_answers
        where answer_status = 'accepted'
    ),

    after as (
        select judged_answers.* from {{ judged }} as judged_answers
        where answer_status = 'accepted'
    ),

    changed as (
        select
            {%- for column in ids %}
            coalesce(after.{{ column }}, before.{{ column }}) as {{ column }},
            {%- endfor %}
            {%- for column in cell %}
            before.{{ column }} as {{ column }}_before,
            after.{{ column }} as {{ column }}_after,
            {%- endfor %}
            coalesce(after.key_hash, before.key_hash) as key_hash
        from before
        full outer join after
            on
                before.source_system = after.source_system
                and before.survey_id = after.survey_id
                and before.question_id = after.question_id
                and before.response_id = after.response_id
        where
            {%- for column in facts %}
            {{ 'or ' if not loop.first }}{{ other_value('before.' ~ column, 'after.' ~ column) }}
            {%- endfor %}
    ),

    explained as (
        select
            changed.*,
            case
                when concerned_keys.is_erased then 'erased'
                when concerned_keys.is_excluded then 'excluded'
                when concerned_keys.is_redefined then 'redefined'
                when changed.reporting_date_before is null then 'added'
                when concerned_keys.is_withdrawn and not concerned_keys.is_arriving
                    then 'withdrawn'
                else 'edited'
            end as cause
        from changed
        left join concerned_keys
            on changed.key_hash = concerned_keys.key_hash
    ),

    cells as (
        {%- for side in ['after', 'before'] %}
        select
            cause,
            {{ ids | join(',\n            ') }},
            {%- for column in cell %}
            {{ column }}_{{ side }} as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from explained
        where
            reporting_date_{{ side }} is not null
            {%- if side == 'before' %}
            and (
                {%- for column in cell %}
                {{ 'or ' if not loop.first -}}
                {{ other_value(column ~ '_before', column ~ '_after') }}
                {%- endfor %}
            )
            {%- else %}
            union all
            {%- endif %}
        {%- endfor %}
    )

    select
        cause,
        reporting_date,
        {{ ids | join(',\n        ') }},
        metric,
        touchpoint_id,
        count(*) as answer_count,
        false as is_counted
    from cells
    group by cause, reporting_date, {{ ids | join(', ') }}, metric, touchpoint_id
{%- endmacro %}
