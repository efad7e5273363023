select ces_pct
from marts.fct_ces_by_period
where period_grain = $period_grain 
    and period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
