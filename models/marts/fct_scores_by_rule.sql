with

rule_counts as (

    select * from {{ ref('int_rule_counts_by_touchpoint_period') }}

),

scored as (

    select
        *,
        -- What a tool rounds, it rounds half up; exact, as all of it are whole numbers.
        case
            when is_rounded
                then cast(floor(
                    cast(
                        2 * value_sum + scored_count * value_divisor
                        as {{ type_double() }}
                    )
                    / nullif(2 * scored_count * value_divisor, 0)
                ) as {{ type_double() }})
            else
                cast(value_sum as {{ type_double() }})
                / nullif(scored_count * value_divisor, 0)
        end as rule_score,
        cast(own_value_sum as {{ type_double() }})
        / nullif(response_count, 0) as own_score,
        cast(own_value_sum_of_scored as {{ type_double() }})
        / nullif(scored_count, 0) as own_score_of_scored,
        score_unit = case metric when 'nps' then 'points' else 'percent' end
            as is_own_unit

    from rule_counts

),

compared as (

    select
        {{ surrogate_key(['rule_id', 'touchpoint_id', 'period_id']) }} as rule_score_id,
        rule_id,
        used_by,
        metric,
        score_unit,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        scored_count,
        unruled_point_count,
        unruled_scale_count,
        value_sum,
        value_divisor,
        is_rounded,
        rule_score,
        own_score,
        case when is_own_unit then rule_score - own_score end as score_difference,
        case when is_own_unit then rule_score - own_score_of_scored end
            as formula_difference,
        case when is_own_unit then own_score_of_scored - own_score end
            as left_out_difference

    from scored

)

select * from compared
