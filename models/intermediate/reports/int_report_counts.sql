with

score_parts as (

    select * from {{ ref('int_score_parts_by_period') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

report_periods as (

    select * from {{ ref('int_report_periods') }}

),

years as (

    select * from {{ ref('dim_periods') }}
    where period_grain = 'year'

),

answered_years as (

    select
        score_parts.metric,
        score_parts.score_scope,
        score_parts.score_group,
        case
            when score_parts.metric = 'nps' and score_parts.score_scope = 'touchpoint'
                then touchpoints.survey_kind
            when score_parts.metric = 'nps' then score_parts.score_group
            else 'all'
        end as score_pool,
        years.period_id as year_id,
        score_parts.response_count

    from score_parts
    inner join years
        on score_parts.period_id = years.period_id
    left join touchpoints
        on
            score_parts.score_scope = 'touchpoint'
            and score_parts.score_group = touchpoints.touchpoint_id

),

-- A row says that there is an answer in the year. Of so few that each touchpoint may
-- have just one that would be the whole number.
pools as (

    select
        metric,
        score_pool,
        year_id,
        count(*) as touchpoint_count

    from answered_years
    where score_scope = 'touchpoint'

    group by metric, score_pool, year_id
    having sum(response_count) >= count(*) + {{ var('anonymity_threshold') }}

),

-- Who has an answer in the year has a row for each of its periods: one without answers
-- looks like one with a few. Touchpoints are withheld in pairs, whatever they have: who
-- was taken along must tell nothing. The last three are one pair when they are odd.
members as (

    select
        answered_years.metric,
        answered_years.score_scope,
        answered_years.score_group,
        answered_years.score_pool,
        answered_years.year_id,
        least(
            floor((row_number() over (
                partition by
                    answered_years.metric,
                    answered_years.score_scope,
                    answered_years.score_pool,
                    answered_years.year_id
                order by answered_years.score_group
            ) + 1) / 2),
            greatest(floor(pools.touchpoint_count / 2), 1)
        ) as pair_number

    from answered_years
    inner join pools
        on
            answered_years.metric = pools.metric
            and answered_years.score_pool = pools.score_pool
            and answered_years.year_id = pools.year_id

),

counted as (

    select
        members.metric,
        members.score_scope,
        members.score_group,
        members.score_pool,
        cast(members.pair_number as integer) as pair_number,
        report_periods.period_id,
        report_periods.period_grain,
        report_periods.block_id,
        coalesce(score_parts.response_count, 0) as response_count,
        coalesce(score_parts.positive_count, 0) as positive_count,
        coalesce(score_parts.detractor_count, 0) as detractor_count

    from members
    inner join report_periods
        on members.year_id = report_periods.year_id
    left join score_parts
        on
            members.metric = score_parts.metric
            and members.score_scope = score_parts.score_scope
            and members.score_group = score_parts.score_group
            and report_periods.period_id = score_parts.period_id

)

select * from counted
