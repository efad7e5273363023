-- Cases of _score_changes: what a batch says about the answers it adds, takes away or
-- changes, by cause and by the day, question, metric and touchpoint it moves. Each case
-- has a question of its own.
with

-- The answers of a key in the store and in the batch; null where it is not accepted.
cases (
    case_name,
    status_before, day_before, touchpoint_before, score_before, segment_before,
    status_after, day_after, touchpoint_after, score_after, segment_after,
    cause_flag
) as (

    values
    ('same', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 5, 'x', 'arriving'),
    ('new', null, null, null, null, null, 'accepted', '01', 't', 5, 'x', 'arriving'),
    ('two', null, null, null, null, null, 'accepted', '01', 't', 5, 'x', 'arriving'),
    ('two', null, null, null, null, null, 'accepted', '01', 't', 4, 'y', 'arriving'),
    ('was rejected', 'rejected', '01', 't', 5, 'x', 'accepted', '01', 't', 5, 'x', '-'),
    ('is rejected', 'accepted', '01', 't', 5, 'x', 'rejected', '01', 't', 5, 'x', '-'),
    ('was out', 'rejected', '01', 't', 5, 'x', 'skipped', '01', 't', 5, 'x', '-'),
    ('score', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 4, 'x', 'arriving'),
    ('segment', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 5, 'y', '-'),
    ('no segment', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 5, null, '-'),
    ('day', 'accepted', '01', 't', 5, 'x', 'accepted', '02', 't', 5, 'x', 'arriving'),
    ('place', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 'u', 5, 'x', 'rule'),
    ('gone', 'accepted', '01', 't', 5, 'x', null, null, null, null, null, 'withdrawn'),
    ('again', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 4, 'x', 'both'),
    ('moved', 'accepted', '01', 't', 5, 'x', 'accepted', '01', 't', 5, 'x', 'both'),
    ('out', 'accepted', '01', 't', 5, 'x', 'rejected', '01', 't', 5, 'x', 'excluded'),
    ('in', 'rejected', '01', 't', 5, 'x', 'accepted', '01', 't', 5, 'x', 'excluded'),
    ('erased', 'accepted', '01', 't', 5, 'x', null, null, null, null, null, 'erased'),
    ('all', 'accepted', '01', 't', 5, 'x', null, null, null, null, null, 'every'),
    ('rule', 'accepted', '01', 't', 5, 'x', null, null, null, null, null, 'most'),
    ('clock', null, null, null, null, null, 'accepted', '01', 't', 5, 'x', '-')

),

keyed as (

    select
        *,
        row_number() over (order by case_name, score_after) as key_hash

    from cases

),

numbered as (

    select
        *,
        'app' as source_system,
        's' as survey_id,
        case_name as question_id,
        {{ as_text('key_hash') }} as response_id

    from keyed

),

store as (

    select
        key_hash,
        source_system,
        survey_id,
        question_id,
        response_id,
        status_before as answer_status,
        cast('2026-01-' || day_before as date) as reporting_date,
        'csat' as metric,
        touchpoint_before as touchpoint_id,
        'five' as scale_id,
        score_before as score,
        'web' as channel,
        segment_before as segment,
        1 as survey_weight

    from numbered
    where status_before is not null

),

judged as (

    select
        key_hash,
        source_system,
        survey_id,
        question_id,
        response_id,
        status_after as answer_status,
        cast('2026-01-' || day_after as date) as reporting_date,
        'csat' as metric,
        touchpoint_after as touchpoint_id,
        'five' as scale_id,
        score_after as score,
        'web' as channel,
        segment_after as segment,
        1 as survey_weight

    from numbered
    where status_after is not null

),

keys as (

    select
        key_hash,
        cause_flag in ('arriving', 'both', 'every', 'most') as is_arriving,
        cause_flag in ('withdrawn', 'both', 'every', 'most') as is_withdrawn,
        cause_flag in ('rule', 'every', 'most') as is_redefined,
        cause_flag in ('excluded', 'every') as is_excluded,
        cause_flag in ('erased', 'every') as is_erased

    from numbered

),

changes as (

    {{ _score_changes('store', 'judged', 'keys') }}

),

expectations (case_name, cause, day_text, touchpoint_id, answer_count) as (

    values
    ('new', 'added', '01', 't', 1),
    ('two', 'added', '01', 't', 2),
    ('was rejected', 'added', '01', 't', 1),
    ('is rejected', 'edited', '01', 't', 1),
    ('score', 'edited', '01', 't', 1),
    ('segment', 'edited', '01', 't', 1),
    ('no segment', 'edited', '01', 't', 1),
    ('day', 'edited', '01', 't', 1),
    ('day', 'edited', '02', 't', 1),
    ('place', 'redefined', '01', 't', 1),
    ('place', 'redefined', '01', 'u', 1),
    ('gone', 'withdrawn', '01', 't', 1),
    ('again', 'edited', '01', 't', 1),
    ('out', 'excluded', '01', 't', 1),
    ('in', 'excluded', '01', 't', 1),
    ('erased', 'erased', '01', 't', 1),
    ('all', 'erased', '01', 't', 1),
    ('rule', 'redefined', '01', 't', 1),
    ('clock', 'added', '01', 't', 1)

),

compared as (

    select
        coalesce(expectations.case_name, changes.question_id) as case_name,
        expectations.cause as expected_cause,
        changes.cause,
        changes.reporting_date,
        changes.touchpoint_id,
        expectations.answer_count as expected_count,
        changes.answer_count,
        changes.is_counted

    from expectations
    full outer join changes
        on
            expectations.case_name = changes.question_id
            and cast('2026-01-' || expectations.day_text as date)
            = changes.reporting_date
            and expectations.touchpoint_id = changes.touchpoint_id

)

select * from compared
where
    expected_cause is distinct from cause
    or expected_count is distinct from answer_count
    or is_counted is distinct from false
