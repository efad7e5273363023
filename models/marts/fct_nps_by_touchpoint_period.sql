with

nps_counts as (

    select * from {{ ref('int_nps_counts_by_touchpoint_period') }}

),

score_statistics as (

    select * from {{ ref('int_score_statistics_by_period') }}
    where metric = 'nps' and score_scope = 'touchpoint'

),

scored as (

    select
        {{ surrogate_key(['touchpoint_id', 'period_id']) }} as touchpoint_period_id,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        promoter_count,
        passive_count,
        detractor_count,
        {{ share_pct('promoter_count', 'response_count') }} as promoter_pct,
        {{ share_pct('passive_count', 'response_count') }} as passive_pct,
        {{ share_pct('detractor_count', 'response_count') }} as detractor_pct,
        {{ nps('promoter_count', 'detractor_count', 'response_count') }} as nps,
        standard_scale_count = response_count as is_standard_scale,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from nps_counts

),

described as (

    select
        scored.*,
        score_statistics.score_low as nps_low,
        score_statistics.score_high as nps_high,
        score_statistics.n_eff,
        score_statistics.weighted_score as weighted_nps,
        score_statistics.weighted_score_low as weighted_nps_low,
        score_statistics.weighted_score_high as weighted_nps_high,
        score_statistics.previous_score as nps_previous,
        score_statistics.previous_change as nps_change,
        score_statistics.previous_change_z as nps_change_z,
        score_statistics.previous_change_p_value as nps_change_p_value,
        score_statistics.is_significant_previous_change as is_significant_change,
        score_statistics.previous_minimum_detectable_change
            as nps_minimum_detectable_change,
        score_statistics.year_before_score as nps_year_before,
        score_statistics.year_before_change as nps_year_change,
        score_statistics.year_before_change_z as nps_year_change_z,
        score_statistics.year_before_change_p_value as nps_year_change_p_value,
        score_statistics.is_significant_year_before_change
            as is_significant_year_change,
        score_statistics.year_before_minimum_detectable_change
            as nps_year_minimum_detectable_change

    from scored
    left join score_statistics
        on
            scored.touchpoint_id = score_statistics.score_group
            and scored.period_id = score_statistics.period_id

)

select * from described
