with

satisfaction_counts as (

    select * from {{ ref('int_satisfaction_counts_by_touchpoint_period') }}
    where metric = 'csat'

),

score_statistics as (

    select * from {{ ref('int_score_statistics_by_period') }}
    where metric = 'csat' and score_scope = 'all'

),

pooled as (

    select
        period_id,
        period_grain,
        period_start_date,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(satisfied_count) as bigint) as satisfied_count,
        cast(sum(neutral_count) as bigint) as neutral_count,
        cast(sum(dissatisfied_count) as bigint) as dissatisfied_count,
        cast(sum(common_steps) as {{ type_decimal(38) }}) as common_steps,
        max(common_step_count) as common_step_count,
        min(first_scale_shape) as first_scale_shape,
        max(last_scale_shape) as last_scale_shape

    from satisfaction_counts

    group by period_id, period_grain, period_start_date

),

scored as (

    select
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

    from pooled

),

described as (

    select
        scored.*,
        {{ statistics_columns('csat_pct') }}

    from scored
    left join score_statistics
        on scored.period_id = score_statistics.period_id

)

select * from described
