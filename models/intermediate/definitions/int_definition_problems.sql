with

rating_scale_problems as (

    select * from {{ ref('int_rating_scale_problems') }}

),

answer_label_problems as (

    select * from {{ ref('int_answer_label_problems') }}

),

touchpoint_problems as (

    select * from {{ ref('int_touchpoint_problems') }}

),

source_problems as (

    select * from {{ ref('int_source_problems') }}

),

survey_question_problems as (

    select * from {{ ref('int_survey_question_problems') }}

),

excluded_response_problems as (

    select * from {{ ref('int_excluded_response_problems') }}

),

metric_rule_problems as (

    select * from {{ ref('int_metric_rule_problems') }}

),

variable_problems as (

    select * from {{ ref('int_variable_problems') }}

),

judged as (

    select * from rating_scale_problems
    union all
    select * from answer_label_problems
    union all
    select * from touchpoint_problems
    union all
    select * from source_problems
    union all
    select * from survey_question_problems
    union all
    select * from excluded_response_problems
    union all
    select * from metric_rule_problems
    union all
    select * from variable_problems

),

problems as (

    select
        seed_name,
        seed_row,
        problem

    from judged
    where problem is not null

)

select * from problems
