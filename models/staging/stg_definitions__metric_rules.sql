with

metric_rules as (

    select * from {{ ref('metric_rules') }}

),

typed as (

    select
        rule_id,
        metric,
        used_by,
        {{ whole_number('point_count') }} as point_count,
        {{ whole_number('from_point') }} as from_point,
        {{ whole_number('to_point') }} as to_point,
        -- Only a number that fits is cast.
        cast(
            case
                when {{ matches(
                    trimmed('answer_value'), "'-?[0-9]{1,6}([.][0-9]{1,4})?'"
                ) }} then {{ trimmed('answer_value') }}
            end as decimal(10, 4)
        ) as answer_value

    from metric_rules

)

select * from typed
