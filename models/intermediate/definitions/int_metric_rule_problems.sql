with

metric_rules as (

    select * from {{ ref('stg_definitions__metric_rules') }}

),

neighbours as (

    select
        *,
        lag(to_point) over (
            partition by rule_id, point_count
            order by from_point asc, to_point asc
        ) as previous_point,
        lead(from_point) over (
            partition by rule_id, point_count
            order by from_point asc, to_point asc
        ) as next_point,
        min(metric) over (partition by rule_id) as first_metric,
        max(metric) over (partition by rule_id) as last_metric

    from metric_rules

),

judged as (

    select
        'metric_rules' as seed_name,
        coalesce(rule_id, '(empty)') || ', '
        || coalesce(cast(point_count as varchar), '(empty)') || ', '
        || coalesce(cast(from_point as varchar), '(empty)') as seed_row,
        case
            when coalesce(rule_id, '') = ''
                then 'rule_id is empty'
            when coalesce(metric, '') not in ('csat', 'ces')
                then 'metric must be csat or ces'
            when first_metric <> last_metric
                then 'one rule is for one metric'
            when coalesce(point_count, 0) < 2
                then 'point_count must be a whole number, at least 2'
            when
                from_point is null
                or to_point is null
                or from_point < 1
                or to_point > point_count
                or from_point > to_point
                then 'from_point and to_point must be points of the scale, 1 the worst'
            when answer_value is null
                then 'answer_value must be a number with at most four decimals'
            when
                from_point <> coalesce(previous_point, 0) + 1
                or coalesce(next_point, point_count + 1) <> to_point + 1
                then 'each point of the scale must have one value'
        end as problem

    from neighbours

)

select * from judged
