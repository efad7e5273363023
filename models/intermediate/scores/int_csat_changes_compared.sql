with

periods as (

    select * from {{ ref('dim_periods') }}

),

csat_by_touchpoint as (

    select * from {{ ref('fct_csat_by_touchpoint_period') }}

),

scales_compared as (

    select * from {{ ref('int_csat_scales_compared') }}

),

csat_by_channel as (

    select * from {{ ref('int_csat_changes_by_channel') }}

),

csat_changes as (

    select
        'touchpoint' as dimension,
        csat_by_touchpoint.touchpoint_id,
        {{ as_text('null') }} as channel,
        csat_by_touchpoint.period_id,
        earlier_csat.response_count as response_count_previous,
        csat_by_touchpoint.response_count,
        csat_by_touchpoint.csat_pct_previous,
        csat_by_touchpoint.csat_pct,
        csat_by_touchpoint.csat_pct_change,
        csat_by_touchpoint.csat_pct_change_z,
        csat_by_touchpoint.csat_pct_change_p_value,
        csat_by_touchpoint.is_significant_change,
        scales_compared.is_scale_changed

    from csat_by_touchpoint
    inner join scales_compared
        on
            csat_by_touchpoint.touchpoint_id = scales_compared.touchpoint_id
            and csat_by_touchpoint.period_id = scales_compared.period_id
    inner join periods
        on csat_by_touchpoint.period_id = periods.period_id
    inner join csat_by_touchpoint as earlier_csat
        on
            csat_by_touchpoint.touchpoint_id = earlier_csat.touchpoint_id
            and periods.previous_period_id = earlier_csat.period_id

    union all

    select
        'channel' as dimension,
        {{ as_text('null') }} as touchpoint_id,
        channel,
        period_id,
        response_count_previous,
        response_count,
        csat_pct_previous,
        csat_pct,
        csat_pct - csat_pct_previous as csat_pct_change,
        change_z as csat_pct_change_z,
        change_p_value as csat_pct_change_p_value,
        is_significant as is_significant_change,
        false as is_scale_changed

    from csat_by_channel

)

select * from csat_changes
