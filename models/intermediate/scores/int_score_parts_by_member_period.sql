with

daily as (

    select * from {{ ref('int_score_parts_by_member_day') }}

),

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

summed as (

    select
        daily.metric,
        daily.score_pool,
        daily.dimension,
        daily.member,
        periods_by_day.period_id,
        cast(sum(daily.response_count) as bigint) as response_count,
        cast(sum(daily.positive_count) as bigint) as positive_count,
        cast(sum(daily.negative_count) as bigint) as negative_count

    from daily
    inner join periods_by_day
        on daily.reporting_date = periods_by_day.reporting_date

    group by
        daily.metric,
        daily.score_pool,
        daily.dimension,
        daily.member,
        periods_by_day.period_id

)

select * from summed
