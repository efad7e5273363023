with

report_cells as (

    select * from {{ ref('int_report_cells') }}
    where metric = 'nps'

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

named as (

    select
        {{ surrogate_key([
            'report_cells.score_scope',
            'report_cells.score_group',
            'report_cells.period_id'
        ]) }} as report_row_id,
        report_cells.score_scope,
        report_cells.score_pool as survey_kind,
        touchpoints.touchpoint_id,
        case
            when report_cells.score_scope = 'all' then 'All touchpoints'
            else coalesce(touchpoints.touchpoint_name, touchpoints.touchpoint_id)
        end as touchpoint_name,
        report_cells.period_id,
        report_cells.period_grain,
        report_cells.period_start_date,
        report_cells.period_label,
        report_cells.is_withheld,
        report_cells.response_count,
        report_cells.score as nps

    from report_cells
    left join touchpoints
        on
            report_cells.score_scope = 'touchpoint'
            and report_cells.score_group = touchpoints.touchpoint_id

)

select * from named
