with

problems as (

    select * from {{ ref('int_definition_problems') }}

),

counted as (

    select
        count(*) as problem_count,
        min(seed_name || ', row ' || seed_row || ': ' || problem) as first_problem

    from problems

),

-- The build stops here: what reads the definitions comes behind this model.
checked as (

    select
        problem_count,
        case
            when problem_count > 0
                then {{ raise_error(
                    "'Definitions with ' || " ~ as_text('problem_count') ~ " || "
                    ~ "' problem(s), the first: ' || first_problem || "
                    ~ "'. All are in int_definition_problems.'"
                ) }}
        end as message

    from counted

)

select * from checked
