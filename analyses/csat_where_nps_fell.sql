-- NPS says that, CSAT says where. For each quarter in which relationship NPS fell: how
-- much each touchpoint's CSAT moved in that quarter and in the one before (customers
-- meet a broken touchpoint before they are asked about the brand). Mixed scales are
-- left out, since a change of the scale moves top boxes too.
with

periods as (

    select * from {{ ref('dim_periods') }}
    where period_grain = 'quarter'

),

nps_by_period as (

    select * from {{ ref('fct_nps_by_period') }}
    where survey_kind = 'relationship'

),

csat_by_period as (

    select * from {{ ref('fct_csat_by_touchpoint_period') }}
    where not is_mixed_scale

),

nps_falls as (

    select
        periods.period_label,
        periods.period_id,
        periods.previous_period_id,
        earlier_periods.previous_period_id as second_previous_period_id,
        current_nps.nps - earlier_nps.nps as nps_change

    from periods
    inner join periods as earlier_periods
        on periods.previous_period_id = earlier_periods.period_id
    inner join nps_by_period as current_nps
        on periods.period_id = current_nps.period_id
    inner join nps_by_period as earlier_nps
        on periods.previous_period_id = earlier_nps.period_id
    where current_nps.nps < earlier_nps.nps

),

csat_changes as (

    select
        nps_falls.period_label,
        nps_falls.nps_change,
        csat_now.touchpoint_id,
        csat_now.response_count,
        csat_now.csat_pct - csat_before.csat_pct as csat_change,
        csat_before.csat_pct - csat_second_before.csat_pct as earlier_csat_change

    from nps_falls
    inner join csat_by_period as csat_now
        on nps_falls.period_id = csat_now.period_id
    inner join csat_by_period as csat_before
        on
            nps_falls.previous_period_id = csat_before.period_id
            and csat_now.touchpoint_id = csat_before.touchpoint_id
    left join csat_by_period as csat_second_before
        on
            nps_falls.second_previous_period_id = csat_second_before.period_id
            and csat_now.touchpoint_id = csat_second_before.touchpoint_id

)

select * from csat_changes
order by nps_change asc, least(csat_change, earlier_csat_change) asc
