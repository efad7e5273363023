with

restatements as (

    select * from {{ earlier_restatements() }} as earlier_restatements

),

numbered as (

    select
        *,
        row_number() over (
            partition by metric, touchpoint_id, period_id
            order by build_number desc
        ) as recency_rank

    from restatements

),

published as (

    select
        metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        positive_count,
        neutral_count,
        negative_count,
        score

    from numbered
    where recency_rank = 1

)

select * from published
