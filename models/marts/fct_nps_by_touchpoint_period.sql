with

nps_counts as (

    select * from {{ ref('int_nps_counts_by_touchpoint_period') }}

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
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable,
        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'low') }}
            as nps_low,
        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'high') }}
            as nps_high

    from nps_counts

)

select * from scored
