select nps
from marts.fct_nps_by_period
where period_grain = $period_grain and survey_kind = 'relationship'
    and period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
