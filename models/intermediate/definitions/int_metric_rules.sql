-- depends_on: {{ ref('int_definitions_checked') }}
with

metric_rules as (

    select * from {{ ref('stg_definitions__metric_rules') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers') }}

),

-- One row for each point of a scale.
pointed as (

    select
        metric_rules.rule_id,
        metric_rules.metric,
        metric_rules.used_by,
        metric_rules.point_count,
        whole_numbers.whole_number as point,
        metric_rules.answer_value

    from metric_rules
    inner join whole_numbers
        on
            -- A row of the seed is for all points from one to another.
            whole_numbers.whole_number
            between metric_rules.from_point and metric_rules.to_point

)

select * from pointed
