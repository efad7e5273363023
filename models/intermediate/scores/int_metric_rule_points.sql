-- depends_on: {{ ref('int_definitions_checked') }}
with

metric_rules as (

    select * from {{ ref('stg_definitions__metric_rules') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers') }}

),

pointed as (

    select
        metric_rules.rule_id,
        metric_rules.metric,
        metric_rules.used_by,
        metric_rules.score_unit,
        metric_rules.value_divisor,
        metric_rules.is_rounded,
        metric_rules.point_count,
        whole_numbers.whole_number as scale_point,
        {{ whole_number(
            text_part('metric_rules.answer_values', '|', 'whole_numbers.whole_number')
        ) }} as answer_value

    from metric_rules
    inner join whole_numbers
        -- A list has a value for each point from the worst, 1.
        on whole_numbers.whole_number between 1 and metric_rules.point_count

)

select * from pointed
