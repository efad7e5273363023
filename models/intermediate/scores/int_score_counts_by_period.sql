with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

daily as (

    select
        reporting_date,
        metric,
        touchpoint_id,
        scale_id,
        score,
        sum(answer_count) as answer_count,
        sum(weight_sum) as weight_sum,
        sum(weight_square_sum) as weight_square_sum,
        sum(large_weight_square_sum) as large_weight_square_sum

    from score_counts

    group by reporting_date, metric, touchpoint_id, scale_id, score

),

summed as (

    select
        daily.metric,
        daily.touchpoint_id,
        periods_by_day.period_id,
        periods_by_day.period_grain,
        periods_by_day.period_start_date,
        daily.scale_id,
        daily.score,
        cast(sum(daily.answer_count) as bigint) as answer_count,
        cast(sum(daily.weight_sum) as {{ type_decimal(38, 10) }}) as weight_sum,
        cast(sum(daily.weight_square_sum) as {{ type_decimal(38, 20) }})
            as weight_square_sum,
        cast(sum(daily.large_weight_square_sum) as {{ type_decimal(38, 10) }})
            as large_weight_square_sum

    from daily
    inner join periods_by_day
        on daily.reporting_date = periods_by_day.reporting_date

    group by
        daily.metric,
        daily.touchpoint_id,
        periods_by_day.period_id,
        periods_by_day.period_grain,
        periods_by_day.period_start_date,
        daily.scale_id,
        daily.score

)

select * from summed
