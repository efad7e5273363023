{%- set counts = ['positive_count', 'negative_count', 'response_count'] %}
{%- set earlier_counts = [
    'earlier_positive_count', 'earlier_negative_count', 'earlier_response_count'
] %}
with

scores as (

    select * from {{ ref('int_scores_to_compare') }}

),

baselines as (

    select * from {{ ref('int_score_baselines') }}

),

paired as (

    select
        scores.metric,
        scores.score_scope,
        scores.scope_id,
        scores.period_id,
        baselines.period_grain,
        baselines.baseline,
        scores.response_count,
        scores.positive_count,
        scores.negative_count,
        earlier_scores.response_count as earlier_response_count,
        earlier_scores.positive_count as earlier_positive_count,
        earlier_scores.negative_count as earlier_negative_count

    from scores
    inner join baselines
        on scores.period_id = baselines.period_id
    inner join scores as earlier_scores
        on
            baselines.baseline_period_id = earlier_scores.period_id
            and scores.metric = earlier_scores.metric
            and scores.score_scope = earlier_scores.score_scope
            and scores.scope_id = earlier_scores.scope_id

),

measured as (

    select
        metric,
        score_scope,
        scope_id,
        period_id,
        period_grain,
        baseline,
        {{ nps(*counts) }} as score,
        {{ nps(*earlier_counts) }} as earlier_score,
        case
            when metric = 'nps' then {{ nps_change_z(*(counts + earlier_counts)) }}
            else {{ share_change_z(
                'positive_count', 'response_count',
                'earlier_positive_count', 'earlier_response_count'
            ) }}
        end as change_z,
        case
            when metric = 'nps' then {{ nps_square_error(*counts) }}
            else {{ share_square_error('positive_count', 'response_count') }}
        end as square_error,
        case
            when metric = 'nps' then {{ nps_square_error(*earlier_counts) }}
            else {{ share_square_error(
                'earlier_positive_count', 'earlier_response_count'
            ) }}
        end as earlier_square_error

    from paired

),

compared as (

    select
        metric,
        score_scope,
        scope_id,
        period_id,
        period_grain,
        baseline,
        earlier_score,
        score - earlier_score as change,
        change_z,
        {{ p_value('change_z') }} as change_p_value,
        {{ minimum_detectable_change('square_error', 'earlier_square_error') }}
            as minimum_detectable_change

    from measured

)

select * from compared
