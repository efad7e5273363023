-- depends_on: {{ ref('int_definitions_checked') }}
with

touchpoints as (

    select * from {{ ref('stg_definitions__touchpoints') }}

),

described as (

    select
        touchpoint_id,
        touchpoint_name,
        journey_stage,
        journey_order,
        survey_kind

    from touchpoints

)

select * from described
