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
        0 as response_count_previous,
        0 as positive_count_previous,
        0 as negative_count_previous

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
        parts.response_count as response_count_previous,
        parts.positive_count as positive_count_previous,
        parts.negative_count as negative_count_previous

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
        cast(sum(response_count_previous) as bigint) as response_count_previous,
        cast(sum(positive_count_previous) as bigint) as positive_count_previous,
        cast(sum(negative_count_previous) as bigint) as negative_count_previous,
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
        cast(sum(response_count_previous) as bigint) as response_count_previous,
        cast(sum(positive_count_previous) as bigint) as positive_count_previous,
        cast(sum(negative_count_previous) as bigint) as negative_count_previous,
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
            'members.response_count_previous', 'totals.response_count_previous'
        ) }} as share_pct_previous,
        {{ share_pct('members.response_count', 'totals.response_count') }} as share_pct,
        {{ metric_score(
            'members.metric',
            'members.positive_count_previous',
            'members.negative_count_previous',
            'members.response_count_previous'
        ) }} as score_previous,
        {{ metric_score(
            'members.metric',
            'members.positive_count',
            'members.negative_count',
            'members.response_count'
        ) }} as score,
        {{ metric_score(
            'totals.metric',
            'totals.positive_count_previous',
            'totals.negative_count_previous',
            'totals.response_count_previous'
        ) }} as pooled_score_previous,
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
    where totals.response_count_previous > 0 and totals.response_count > 0

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
        response_count_previous,
        response_count,
        positive_count_previous,
        positive_count,
        negative_count_previous,
        negative_count,
        share_pct_previous,
        share_pct,
        score_previous,
        score,
        {{ rate_effect('share_pct_previous', 'share_pct', 'score_previous', 'score') }}
            as rate_effect,
        {{ mix_effect(
            'share_pct_previous',
            'share_pct',
            'score_previous',
            'score',
            'pooled_score_previous',
            'pooled_score'
        ) }} as mix_effect,
        pooled_score_previous,
        pooled_score

    from scored

)

select * from explained
