with

parts as (

    select * from {{ ref('int_score_parts_by_member_period') }}

),

periods as (

    select * from {{ ref('dim_periods') }}

),

-- Each row twice: as what a period has, and as what its next period had before.
both_periods as (

    select
        parts.*,
        0 as previous_response_count,
        0 as previous_positive_count,
        0 as previous_negative_count

    from parts

    union all

    select
        parts.metric,
        parts.score_pool,
        parts.dimension,
        parts.member,
        periods.period_id,
        0 as response_count,
        0 as positive_count,
        0 as negative_count,
        parts.response_count as previous_response_count,
        parts.positive_count as previous_positive_count,
        parts.negative_count as previous_negative_count

    from parts
    inner join periods
        on parts.period_id = periods.previous_period_id

),

members as (

    select
        metric,
        score_pool,
        dimension,
        member,
        period_id,
        cast(sum(previous_response_count) as bigint) as previous_response_count,
        cast(sum(previous_positive_count) as bigint) as previous_positive_count,
        cast(sum(previous_negative_count) as bigint) as previous_negative_count,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count

    from both_periods

    group by metric, score_pool, dimension, member, period_id

),

totals as (

    select
        metric,
        score_pool,
        dimension,
        period_id,
        cast(sum(previous_response_count) as bigint) as previous_response_count,
        cast(sum(previous_positive_count) as bigint) as previous_positive_count,
        cast(sum(previous_negative_count) as bigint) as previous_negative_count,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count

    from members

    group by metric, score_pool, dimension, period_id

),

scored as (

    select
        members.*,
        periods.period_grain,
        periods.period_start_date,
        {{ share_pct(
            'members.previous_response_count', 'totals.previous_response_count'
        ) }} as previous_share_pct,
        {{ share_pct('members.response_count', 'totals.response_count') }} as share_pct,
        {{ metric_score(
            'members.metric',
            'members.previous_positive_count',
            'members.previous_negative_count',
            'members.previous_response_count'
        ) }} as previous_score,
        {{ metric_score(
            'members.metric',
            'members.positive_count',
            'members.negative_count',
            'members.response_count'
        ) }} as score,
        {{ metric_score(
            'totals.metric',
            'totals.previous_positive_count',
            'totals.previous_negative_count',
            'totals.previous_response_count'
        ) }} as previous_pooled_score,
        {{ metric_score(
            'totals.metric',
            'totals.positive_count',
            'totals.negative_count',
            'totals.response_count'
        ) }} as pooled_score

    from members
    inner join totals
        on
            members.metric = totals.metric
            and members.score_pool = totals.score_pool
            and members.dimension = totals.dimension
            and members.period_id = totals.period_id
    inner join periods
        on members.period_id = periods.period_id
    -- Where nobody answered in one of the two there is no change.
    where totals.previous_response_count > 0 and totals.response_count > 0

),

explained as (

    select
        metric,
        score_pool,
        dimension,
        member,
        period_id,
        period_grain,
        period_start_date,
        previous_response_count,
        response_count,
        previous_positive_count,
        positive_count,
        previous_negative_count,
        negative_count,
        previous_share_pct,
        share_pct,
        previous_score,
        score,
        {{ rate_effect('previous_share_pct', 'share_pct', 'previous_score', 'score') }}
            as rate_effect,
        {{ mix_effect(
            'previous_share_pct',
            'share_pct',
            'previous_score',
            'score',
            'previous_pooled_score',
            'pooled_score'
        ) }} as mix_effect,
        previous_pooled_score,
        pooled_score

    from scored

)

select * from explained
