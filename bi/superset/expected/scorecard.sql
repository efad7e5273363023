select scores.score, labels.period_label, scores.* exclude (score, period_id)
from (
    select
        'NPS, ' || survey_kind as score,
        period_id, nps, nps_low, nps_high, nps_change,
        case
            when not is_reportable then 'too few answers'
            when nps_change is null then 'nothing to compare'
            when is_significant_change and nps_change > 0 then 'rise'
            when is_significant_change then 'fall'
            else 'within chance'
        end,
        response_count
    from marts.fct_nps_by_period
    union all
    select
        'CSAT' as score,
        period_id, csat_pct, csat_pct_low, csat_pct_high, csat_pct_change,
        case
            when not is_reportable then 'too few answers'
            when csat_pct_change is null then 'nothing to compare'
            when is_significant_change and csat_pct_change > 0 then 'rise'
            when is_significant_change then 'fall'
            else 'within chance'
        end,
        response_count
    from marts.fct_csat_by_period
    union all
    select
        'CES' as score,
        period_id, ces_pct, ces_pct_low, ces_pct_high, ces_pct_change,
        case
            when not is_reportable then 'too few answers'
            when ces_pct_change is null then 'nothing to compare'
            when is_significant_change and ces_pct_change > 0 then 'rise'
            when is_significant_change then 'fall'
            else 'within chance'
        end,
        response_count
    from marts.fct_ces_by_period
) as scores
inner join marts.dim_periods as labels using (period_id)
where labels.period_grain = $period_grain
    and labels.period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
