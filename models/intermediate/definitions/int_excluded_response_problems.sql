with

excluded_responses as (

    select * from {{ ref('stg_definitions__excluded_responses') }}

),

judged as (

    select
        'excluded_responses' as seed_name,
        coalesce(source_system, '(empty)') || ', '
        || coalesce(response_id, '(empty)') as seed_row,
        case
            when source_system is null or response_id is null
                then 'source_system or response_id is empty'
        end as problem

    from excluded_responses

)

select * from judged
