select periods.period_label, facts.response_count
from marts.dim_periods as periods
left join marts.fct_csat_by_period as facts
    on periods.period_id = facts.period_id
where periods.period_grain = $period_grain
