with

score_parts as (

    select
        *,
        -- A digit is kept free for the difference: without it, engines that have none
        -- to spare drop one behind the point.
        cast(positive_weight_sum as {{ type_decimal(37, 10) }})
        - cast(detractor_weight_sum as {{ type_decimal(37, 10) }}) as balance_weight_sum

    from {{ ref('int_score_parts_by_period') }}

),

scored as (

    select
        *,
        -- A share has nothing against it: then this is the share.
        {{ nps('positive_count', 'detractor_count', 'response_count') }} as score,
        {{ weighted_share_pct('balance_weight_sum', 'weight_sum') }} as weighted_score,
        {{ effective_count(
            'weight_sum', 'weight_square_sum', 'large_weight_square_sum'
        ) }} as n_eff

    from score_parts

),

-- Each part of the effective number of answers, once as counted and once as weighted.
effective as (

    select
        *,
        -- All of them to the last bit: a share of 1 twice has not moved.
        case
            when positive_count = response_count then n_eff
            else n_eff * positive_count / response_count
        end as positive_n_eff,
        n_eff * detractor_count / response_count as detractor_n_eff,
        n_eff * ({{ weighted_share_pct('positive_weight_sum', 'weight_sum') }} / 100)
            as weighted_positive_n_eff,
        n_eff * ({{ weighted_share_pct('detractor_weight_sum', 'weight_sum') }} / 100)
            as weighted_detractor_n_eff

    from scored

),

bounded as (

    select
        metric,
        score_scope,
        score_group,
        period_id,
        score,
        n_eff,
        positive_n_eff,
        detractor_n_eff,
        {{ _score_bound('positive_n_eff', 'detractor_n_eff', 'n_eff', 'low') }}
            as score_low,
        {{ _score_bound('positive_n_eff', 'detractor_n_eff', 'n_eff', 'high') }}
            as score_high,
        weighted_score,
        {{ _score_bound(
            'weighted_positive_n_eff', 'weighted_detractor_n_eff', 'n_eff', 'low'
        ) }} as weighted_score_low,
        {{ _score_bound(
            'weighted_positive_n_eff', 'weighted_detractor_n_eff', 'n_eff', 'high'
        ) }} as weighted_score_high

    from effective

)

select * from bounded
