with

excluded_responses as (

    select * from {{ ref('excluded_responses') }}

),

renamed as (

    select
        source_system,
        response_id,
        reason

    from excluded_responses

)

select * from renamed
