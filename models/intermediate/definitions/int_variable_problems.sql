with

variables as (

    select
        {{ string_literal(var('reporting_time_zone')) }} as reporting_time_zone,
        {{ string_literal(var('as_of') or '') }} as as_of

),

judged as (

    select
        'dbt_project.yml' as seed_name,
        'var reporting_time_zone' as seed_row,
        case
            when reporting_time_zone not in ({{ known_time_zones() }})
                then 'it must be an IANA name such as Europe/Berlin'
        end as problem

    from variables

    union all

    select
        'dbt_project.yml' as seed_name,
        'var as_of' as seed_row,
        case
            when as_of <> '' and not {{ is_timestamp('as_of') }}
                then 'it must be a timestamp such as 2026-01-31T12:00:00Z'
        end as problem

    from variables

)

select * from judged
