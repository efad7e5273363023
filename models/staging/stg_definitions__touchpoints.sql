with

touchpoints as (

    select * from {{ ref('touchpoints') }}

),

typed as (

    select
        touchpoint_id,
        touchpoint_name,
        journey_stage,
        {{ whole_number('journey_order') }} as journey_order,
        nullif({{ trimmed('journey_order') }}, '') as journey_order_text,
        survey_kind

    from touchpoints

)

select * from typed
