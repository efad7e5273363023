with

touchpoints as (

    select * from {{ ref('stg_definitions__touchpoints') }}

),

counted as (

    select
        *,
        count(*) over (partition by touchpoint_id) as row_count

    from touchpoints

),

judged as (

    select
        'touchpoints' as seed_name,
        coalesce(touchpoint_id, '(empty)') as seed_row,
        case
            when touchpoint_id is null
                then 'touchpoint_id is empty'
            when row_count > 1
                then 'touchpoint_id stands there twice'
            when survey_kind is null
                then 'survey_kind is empty'
            when survey_kind not in ('transactional', 'relationship')
                then 'survey_kind must be transactional or relationship'
            when journey_order is null and journey_order_text is not null
                then 'journey_order must be a whole number'
        end as problem

    from counted

)

select * from judged
