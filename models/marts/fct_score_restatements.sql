with

scores as (

    select * from {{ ref('int_scores_by_touchpoint_period') }}

),

published as (

    select * from {{ ref('int_scores_last_published') }}

),

changes as (

    select * from {{ ref('int_score_changes_by_period') }}

),

builds as (

    select * from {{ ref('int_builds_published') }}

),

-- A score that nobody answered any more stays published until it is taken back.
compared as (

    select
        coalesce(scores.metric, published.metric) as metric,
        coalesce(scores.touchpoint_id, published.touchpoint_id) as touchpoint_id,
        coalesce(scores.period_id, published.period_id) as period_id,
        coalesce(scores.period_grain, published.period_grain) as period_grain,
        coalesce(scores.period_start_date, published.period_start_date)
            as period_start_date,
        coalesce(scores.response_count, 0) as response_count,
        coalesce(scores.positive_count, 0) as positive_count,
        coalesce(scores.neutral_count, 0) as neutral_count,
        coalesce(scores.negative_count, 0) as negative_count,
        scores.score,
        published.response_count as previous_response_count,
        published.score as previous_score

    from scores
    full outer join published
        on
            scores.metric = published.metric
            and scores.touchpoint_id = published.touchpoint_id
            and scores.period_id = published.period_id
    where
        {{ other_value(
            'coalesce(scores.response_count, 0)', 'published.response_count'
        ) }}
        or {{ other_value(
            'coalesce(scores.positive_count, 0)', 'published.positive_count'
        ) }}
        or {{ other_value(
            'coalesce(scores.neutral_count, 0)', 'published.neutral_count'
        ) }}
        or {{ other_value(
            'coalesce(scores.negative_count, 0)', 'published.negative_count'
        ) }}

),

explained as (

    select
        {{ surrogate_key([
            'compared.metric', 'compared.touchpoint_id', 'compared.period_id',
            as_text('builds.build_number')
        ]) }} as score_restatement_id,
        builds.build_number,
        builds.built_at,
        compared.*,
        compared.score - compared.previous_score as score_change,
        -- Late is what was added to a period that had ended when it was last published.
        {%- for name, condition in {
            'new': 'changes.period_end_date > builds.previous_build_date',
            'late': 'changes.period_end_date <= builds.previous_build_date',
        }.items() %}
        case when {{ condition }} then changes.added_count else 0 end
            as {{ name }}_count,
        {%- endfor %}
        {%- for cause in ['edited', 'excluded', 'erased', 'redefined', 'withdrawn'] %}
        coalesce(changes.{{ cause }}_count, 0) as {{ cause }}_count,
        {%- endfor %}
        compared.previous_response_count is null as is_first_publication,
        coalesce(changes.is_rebuilt, false) as is_rebuilt

    from compared
    cross join builds
    left join changes
        on
            compared.metric = changes.metric
            and compared.touchpoint_id = changes.touchpoint_id
            and compared.period_id = changes.period_id
    where {{ publishes() }}

)

select * from explained
