select
    'touchpoint', (
        select touchpoint_name from marts.dim_touchpoints
        where touchpoint_id = facts.touchpoint_id
    ),
    nps_previous, response_count_previous, nps, response_count,
    rate_effect, mix_effect, total_effect
from marts.fct_nps_change_by_touchpoint as facts
where period_grain = $period_grain and survey_kind = $survey_kind
    and period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
union all
select
    'channel', coalesce(channel, '(not given)'),
    nps_previous, response_count_previous, nps, response_count,
    rate_effect, mix_effect, total_effect
from marts.fct_nps_change_by_channel as facts
where period_grain = $period_grain and survey_kind = $survey_kind
    and period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
union all
select
    'segment', coalesce(segment, '(not given)'),
    nps_previous, response_count_previous, nps, response_count,
    rate_effect, mix_effect, total_effect
from marts.fct_nps_change_by_segment as facts
where period_grain = $period_grain and survey_kind = $survey_kind
    and period_start_date = (select max(period_start_date) from marts.dim_periods where period_grain = $period_grain and is_complete)
