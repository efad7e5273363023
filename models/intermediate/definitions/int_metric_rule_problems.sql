with

metric_rules as (

    select * from {{ ref('stg_definitions__metric_rules') }}

),

described as (

    select
        *,
        -- What is said of a whole rule, in each of its rows.
        {{ dbt.concat([
            "coalesce(metric, '')", "' '", "coalesce(score_unit, '')", "' '",
            "coalesce(" ~ as_text('value_divisor') ~ ", '')", "' '",
            "case when is_rounded then 'rounded' else '' end", "' '",
            "coalesce(used_by, '')",
        ]) }} as rule_text

    from metric_rules

),

compared as (

    select
        *,
        count(*) over (partition by rule_id, point_count) as row_count,
        min(rule_text) over (partition by rule_id) as first_rule_text,
        max(rule_text) over (partition by rule_id) as last_rule_text

    from described

),

judged as (

    select
        'metric_rules' as seed_name,
        coalesce(rule_id, '(empty)') || ', ' || coalesce(answer_values, '(empty)')
            as seed_row,
        case
            when rule_id is null
                then 'rule_id is empty'
            when coalesce(metric, '') not in ('csat', 'nps', 'ces')
                then 'metric must be csat, nps or ces'
            when coalesce(score_unit, '') not in ('percent', 'points', 'mean')
                then 'score_unit must be percent, points or mean'
            when
                answer_values is null
                or not {{ matches(
                    'answer_values',
                    "'( *(-?[0-9]{1,6}|none) *[|])+ *(-?[0-9]{1,6}|none) *'"
                ) }}
                then
                    'answer_values must be one value for each point of the scale, the '
                    || 'worst first, such as 0|0|100: whole numbers, or none'
            when value_divisor is null or value_divisor < 1
                then 'value_divisor must be a whole number, at least 1'
            when is_rounded is null
                then 'is_rounded must be true or false'
            when row_count > 1
                then 'the rule stands there twice for a scale of so many points'
            when first_rule_text <> last_rule_text
                then
                    'all rows of a rule must agree in metric, used_by, score_unit, '
                    || 'value_divisor and is_rounded'
        end as problem

    from compared

)

select * from judged
