with

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

-- The same words for all metrics: what counts for the score, and what against it.
counted as (

    select
        metric,
        touchpoint_id,
        period_id,
        response_count,
        satisfied_count as positive_count,
        -- A share has nothing against it.
        0 as detractor_count,
        weight_sum,
        satisfied_weight_sum as positive_weight_sum,
        cast(0 as {{ type_decimal(38, 10) }}) as detractor_weight_sum,
        weight_square_sum,
        large_weight_square_sum

    from {{ ref('int_satisfaction_counts_by_touchpoint_period') }}

    union all

    select
        'nps' as metric,
        touchpoint_id,
        period_id,
        response_count,
        promoter_count as positive_count,
        detractor_count,
        weight_sum,
        promoter_weight_sum as positive_weight_sum,
        detractor_weight_sum,
        weight_square_sum,
        large_weight_square_sum

    from {{ ref('int_nps_counts_by_touchpoint_period') }}

),

-- Each answer twice: in the sample of its touchpoint and in that of all.
in_scope as (

    select
        counted.*,
        'touchpoint' as score_scope,
        counted.touchpoint_id as score_group

    from counted

    union all

    select
        counted.*,
        'all' as score_scope,
        -- Relationship and transactional NPS are never added up.
        case when counted.metric = 'nps' then touchpoints.survey_kind else 'all' end
            as score_group

    from counted
    inner join touchpoints
        on counted.touchpoint_id = touchpoints.touchpoint_id

),

pooled as (

    select
        metric,
        score_scope,
        score_group,
        period_id,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(detractor_count) as bigint) as detractor_count,
        cast(sum(weight_sum) as {{ type_decimal(38, 10) }}) as weight_sum,
        cast(sum(positive_weight_sum) as {{ type_decimal(38, 10) }})
            as positive_weight_sum,
        cast(sum(detractor_weight_sum) as {{ type_decimal(38, 10) }})
            as detractor_weight_sum,
        cast(sum(weight_square_sum) as {{ type_decimal(38, 20) }}) as weight_square_sum,
        cast(sum(large_weight_square_sum) as {{ type_decimal(38, 10) }})
            as large_weight_square_sum

    from in_scope

    group by metric, score_scope, score_group, period_id

)

select * from pooled
