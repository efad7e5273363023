with

score_estimates as (

    select * from {{ ref('int_score_estimates_by_period') }}

),

score_comparisons as (

    select * from {{ ref('int_score_comparisons_by_period') }}

),

described as (

    select
        score_estimates.metric,
        score_estimates.score_scope,
        score_estimates.score_group,
        score_estimates.period_id,
        score_estimates.n_eff,
        score_estimates.score_low,
        score_estimates.score_high,
        score_estimates.weighted_score,
        score_estimates.weighted_score_low,
        score_estimates.weighted_score_high,
        previous.earlier_score as previous_score,
        previous.score_change as previous_change,
        previous.change_z as previous_change_z,
        previous.change_p_value as previous_change_p_value,
        previous.is_significant as is_significant_previous_change,
        previous.minimum_detectable_change
            as previous_minimum_detectable_change,
        year_before.earlier_score as year_before_score,
        year_before.score_change as year_before_change,
        year_before.change_z as year_before_change_z,
        year_before.change_p_value as year_before_change_p_value,
        year_before.is_significant as is_significant_year_before_change,
        year_before.minimum_detectable_change
            as year_before_minimum_detectable_change

    from score_estimates
    left join score_comparisons as previous
        on
            score_estimates.metric = previous.metric
            and score_estimates.score_scope = previous.score_scope
            and score_estimates.score_group = previous.score_group
            and score_estimates.period_id = previous.period_id
            and previous.comparison = 'previous'
    left join score_comparisons as year_before
        on
            score_estimates.metric = year_before.metric
            and score_estimates.score_scope = year_before.score_scope
            and score_estimates.score_group = year_before.score_group
            and score_estimates.period_id = year_before.period_id
            and year_before.comparison = 'year_before'

)

select * from described
