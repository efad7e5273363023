with

satisfaction_counts as (

    select * from {{ ref('int_satisfaction_counts_by_touchpoint_period') }}
    where metric = 'csat'

),

score_statistics as (

    select * from {{ ref('int_score_statistics_by_period') }}
    where metric = 'csat' and score_scope = 'touchpoint'

),

scored as (

    select
        {{ surrogate_key(['touchpoint_id', 'period_id']) }} as touchpoint_period_id,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        satisfied_count,
        neutral_count,
        dissatisfied_count,
        {{ csat_pct('satisfied_count', 'response_count') }} as csat_pct,
        {{ mean_score_pct('common_steps', 'response_count', 'common_step_count') }}
            as mean_score_pct,
        first_scale_shape <> last_scale_shape as is_mixed_scale,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from satisfaction_counts

),

described as (

    select
        scored.*,
        {{ statistics_columns('csat_pct') }}

    from scored
    left join score_statistics
        on
            scored.touchpoint_id = score_statistics.score_group
            and scored.period_id = score_statistics.period_id

)

select * from described
