select
    printf('%02d %s', touchpoints.journey_order, touchpoints.touchpoint_name),
    (select period_label from marts.dim_periods where period_id = facts.period_id),
    facts.csat_pct,
    facts.response_count
from marts.fct_csat_by_touchpoint_period as facts
inner join marts.dim_touchpoints as touchpoints using (touchpoint_id)
where facts.period_grain = $period_grain
