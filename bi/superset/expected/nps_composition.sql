select
    periods.period_label,
    facts.promoter_pct,
    facts.passive_pct,
    facts.detractor_pct
from marts.dim_periods as periods
left join marts.fct_nps_by_period as facts
    on periods.period_id = facts.period_id and facts.survey_kind = $survey_kind
where periods.period_grain = $period_grain
