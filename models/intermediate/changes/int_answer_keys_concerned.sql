with

arriving as (

    select {{ key_hash() }} as key_hash

    from {{ ref('stg_raw__survey_answers') }}
    -- A warehouse that is rebuilt judges everything: there is nothing to look up.
    where {{ 'false' if feed_plan().rebuilds else 'true' }}

),

changed_rules as (

    select * from {{ ref('int_judging_rules_changed') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

-- Each question to the store stands by itself: the engine answers those that nothing
-- asks for without a look, where one result for all would be written down.
concerned as (

    select
        'withdrawn' as cause,
        key_hash

    from {{ stored_answers(withdrawn=true) }} as withdrawn

    union all

    select
        'redefined' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        {{ is_among(
            ['source_system', 'survey_id', 'question_id'],
            'changed_rules',
            "changed_rules.rule_kind = 'question'"
        ) }}

    union all

    select
        'redefined' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        source_system in (
            select changed_rules.source_system
            from changed_rules
            where changed_rules.rule_kind = 'source'
        )

    union all

    select
        'redefined' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        'everything' in (select changed_rules.rule_kind from changed_rules)

    union all

    select
        'excluded' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        {{ is_among(
            ['source_system', 'response_id'],
            'changed_rules',
            "changed_rules.rule_kind = 'exclusion'"
        ) }}

    union all

    select
        'erased' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        {{ respondent_hash() }} in (
            select changed_rules.rule_text
            from changed_rules
            where changed_rules.rule_kind = 'erasure'
        )

    union all

    -- What lay in the future lies there no more, or the clock was put back.
    select
        'clock' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        responded_at_utc <= (select clock.clock_at from clock)
        and status_reason = 'future_timestamp'

    union all

    select
        'clock' as cause,
        key_hash

    from {{ stored_answers() }} as stored_answers
    where
        responded_at_utc > (select clock.clock_at from clock)
        and coalesce(status_reason, '') not in ('missing_id', 'future_timestamp')

    union all

    -- They come last: where a rule of everything changed, DuckDB runs out of memory
    -- when the few come before the many.
    select
        'arriving' as cause,
        key_hash

    from arriving

),

gathered as (

    select
        key_hash,
        {{ dbt.bool_or("cause = 'arriving'") }} as is_arriving,
        {{ dbt.bool_or("cause = 'withdrawn'") }} as is_withdrawn,
        {{ dbt.bool_or("cause = 'redefined'") }} as is_redefined,
        {{ dbt.bool_or("cause = 'excluded'") }} as is_excluded,
        {{ dbt.bool_or("cause = 'erased'") }} as is_erased

    from concerned
    -- What is left of the erased has no key.
    where key_hash is not null

    group by key_hash

)

select * from gathered
