with

nps_drops as (

    select * from {{ ref('fct_nps_by_period') }}
    where survey_kind = 'relationship' and nps_change < 0

),

periods as (

    select * from {{ ref('dim_periods') }}

),

csat_changes as (

    select * from {{ ref('int_csat_changes_compared') }}

),

nps_by_satisfaction as (

    select * from {{ ref('int_nps_by_earlier_satisfaction') }}

),

-- Customers meet a broken touchpoint before they are asked about the brand: what
-- happened in the period before the fall may be behind it, too.
lagged as (

    select
        nps_drops.*,
        0 as period_lag,
        nps_drops.period_id as csat_period_id

    from nps_drops

    union all

    select
        nps_drops.*,
        1 as period_lag,
        periods.previous_period_id as csat_period_id

    from nps_drops
    inner join periods
        on nps_drops.period_id = periods.period_id

),

drilled as (

    select
        {{ surrogate_key([
            'lagged.period_id',
            as_text('lagged.period_lag'),
            'csat_changes.dimension',
            'csat_changes.touchpoint_id',
            'csat_changes.channel'
        ]) }} as drilldown_id,
        lagged.period_id,
        lagged.period_grain,
        lagged.period_start_date,
        lagged.nps_previous,
        lagged.nps,
        lagged.nps_change,
        lagged.is_significant_change as is_significant_nps_change,
        lagged.period_lag,
        lagged.csat_period_id,
        csat_changes.dimension,
        csat_changes.touchpoint_id,
        csat_changes.channel,
        csat_changes.response_count_previous,
        csat_changes.response_count,
        csat_changes.csat_pct_previous,
        csat_changes.csat_pct,
        csat_changes.csat_pct_change,
        csat_changes.csat_pct_change_z,
        csat_changes.csat_pct_change_p_value,
        csat_changes.is_scale_changed,
        -- A new scale moves top boxes without a change of mind, and the test knows
        -- little of a few answers.
        csat_changes.csat_pct_change < 0
        and csat_changes.is_significant_change
        and not csat_changes.is_scale_changed
        and least(csat_changes.response_count, csat_changes.response_count_previous)
        >= {{ var('minimum_reportable_responses') }} as is_named,
        case
            when not csat_changes.is_scale_changed then cast(row_number() over (
                partition by
                    lagged.period_id,
                    lagged.period_lag,
                    csat_changes.dimension,
                    csat_changes.is_scale_changed
                order by
                    csat_changes.csat_pct_change asc,
                    csat_changes.response_count desc,
                    csat_changes.touchpoint_id asc nulls last,
                    csat_changes.channel asc nulls last
            ) as bigint)
        end as fall_rank,
        nps_by_satisfaction.pair_count,
        nps_by_satisfaction.satisfied_pair_count,
        nps_by_satisfaction.satisfied_nps,
        nps_by_satisfaction.dissatisfied_pair_count,
        nps_by_satisfaction.dissatisfied_nps,
        nps_by_satisfaction.satisfied_nps - nps_by_satisfaction.dissatisfied_nps
            as nps_gap,
        nps_by_satisfaction.score_correlation

    from lagged
    inner join csat_changes
        on lagged.csat_period_id = csat_changes.period_id
    left join nps_by_satisfaction
        on
            lagged.period_id = nps_by_satisfaction.period_id
            and csat_changes.touchpoint_id = nps_by_satisfaction.touchpoint_id

)

select * from drilled
