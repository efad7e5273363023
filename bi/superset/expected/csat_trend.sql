select periods.period_label, facts.csat_pct, facts.csat_pct_low, facts.csat_pct_high
from marts.dim_periods as periods
left join marts.fct_csat_by_period as facts
    on periods.period_id = facts.period_id
where periods.period_grain = $period_grain
