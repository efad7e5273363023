with

sources as (

    select * from {{ ref('stg_definitions__sources') }}

),

counted as (

    select
        *,
        count(*) over (partition by source_system) as row_count

    from sources

),

judged as (

    select
        'sources' as seed_name,
        coalesce(source_system, '(empty)') as seed_row,
        case
            when source_system is null
                then 'source_system is empty'
            when row_count > 1
                then 'source_system stands there twice'
            when time_zone is null
                then 'time_zone is empty'
            when time_zone not in ({{ known_time_zones() }})
                then 'time_zone must be an IANA name such as Europe/Berlin'
        end as problem

    from counted

)

select * from judged
