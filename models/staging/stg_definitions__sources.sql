with

sources as (

    select * from {{ ref('sources') }}

),

renamed as (

    select
        source_system,
        time_zone

    from sources

)

select * from renamed
