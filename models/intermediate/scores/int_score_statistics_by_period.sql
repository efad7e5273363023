with

score_estimates as (

    select * from {{ ref('int_score_estimates_by_period') }}

),

described as (

    select
        metric,
        score_scope,
        score_group,
        period_id,
        n_eff,
        score_low,
        score_high,
        weighted_score,
        weighted_score_low,
        weighted_score_high

    from score_estimates

)

select * from described
