with

scores_by_rule as (

    select * from {{ ref('fct_scores_by_rule') }}

),

facts as (

    select
        'csat' as metric,
        touchpoint_id,
        period_id,
        response_count,
        csat_pct as score

    from {{ ref('fct_csat_by_touchpoint_period') }}
    where period_grain != 'day'

    union all

    select
        'ces' as metric,
        touchpoint_id,
        period_id,
        response_count,
        ces_pct as score

    from {{ ref('fct_ces_by_touchpoint_period') }}
    where period_grain != 'day'

    union all

    select
        'nps' as metric,
        touchpoint_id,
        period_id,
        response_count,
        nps as score

    from {{ ref('fct_nps_by_touchpoint_period') }}
    where period_grain != 'day'

),

rules as (

    select distinct
        rule_id,
        metric

    from {{ ref('int_metric_rule_points') }}

),

expected as (

    select
        rules.rule_id,
        facts.*

    from facts
    inner join rules
        on facts.metric = rules.metric

),

differences as (

    select
        scores_by_rule.rule_score_id,
        scores_by_rule.own_score,
        expected.*

    from scores_by_rule
    full outer join expected
        on
            scores_by_rule.rule_id = expected.rule_id
            and scores_by_rule.touchpoint_id = expected.touchpoint_id
            and scores_by_rule.period_id = expected.period_id
    where
        (
            scores_by_rule.metric = expected.metric
            and scores_by_rule.response_count = expected.response_count
            and scores_by_rule.own_score = expected.score
        ) is not true

)

select * from differences
