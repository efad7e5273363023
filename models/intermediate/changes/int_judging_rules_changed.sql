with

rules as (

    select * from {{ ref('int_judging_rules') }}

),

applied_rules as (

    select * from {{ ref('int_judging_rules_applied') }}

),

-- A rule that came and a rule that went concern the same answers.
new_rules as (

    select * from rules
    {{ dbt.except() }}
    select * from applied_rules

),

old_rules as (

    select * from applied_rules
    {{ dbt.except() }}
    select * from rules

),

changed as (

    select * from new_rules
    union all
    select * from old_rules

)

select * from changed
