-- All less what is shown is one group more: of two touchpoints at least, and of as many
-- answers as a score needs to be shown. And what is withheld is withheld in every
-- period of its block.
with

report_cells as (

    select * from {{ ref('int_report_cells') }}

),

report_counts as (

    select * from {{ ref('int_report_counts') }}

),

cells as (

    select
        report_counts.*,
        report_cells.is_withheld

    from report_counts
    inner join report_cells
        on
            report_counts.metric = report_cells.metric
            and report_counts.score_scope = report_cells.score_scope
            and report_counts.score_group = report_cells.score_group
            and report_counts.period_id = report_cells.period_id

),

left_over as (

    select
        totals.metric,
        totals.score_pool as group_name,
        totals.period_id,
        'a small group is left over' as problem

    from cells as totals
    inner join cells as touchpoints
        on
            totals.metric = touchpoints.metric
            and totals.score_pool = touchpoints.score_pool
            and totals.period_id = touchpoints.period_id
            and touchpoints.score_scope = 'touchpoint'
            and touchpoints.is_withheld
    where totals.score_scope = 'all' and not totals.is_withheld

    group by totals.metric, totals.score_pool, totals.period_id
    having
        count(*) < 2
        or sum(touchpoints.response_count) < {{ var('anonymity_threshold') }}

),

half_shown as (

    select
        metric,
        score_group as group_name,
        block_id as period_id,
        'a block is shown in part' as problem

    from cells

    group by metric, score_scope, score_group, period_grain, block_id
    having
        min(case when is_withheld then 1 else 0 end)
        <> max(case when is_withheld then 1 else 0 end)

),

problems as (

    select * from left_over
    union all
    select * from half_shown

)

select * from problems
