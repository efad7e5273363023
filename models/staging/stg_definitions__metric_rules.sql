with

metric_rules as (

    select * from {{ ref('metric_rules') }}

),

typed as (

    select
        rule_id,
        metric,
        used_by,
        score_unit,
        answer_values,
        -- A list has one value more than it has separators.
        cast(
            length(answer_values) - length(replace(answer_values, '|', '')) + 1
            as integer
        ) as point_count,
        {{ whole_number('value_divisor') }} as value_divisor,
        case {{ folded('is_rounded') }}
            when 'true' then true
            when 'false' then false
        end as is_rounded

    from metric_rules

)

select * from typed
