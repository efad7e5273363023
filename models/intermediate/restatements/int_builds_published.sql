with

restatements as (

    select * from {{ earlier_restatements() }} as earlier_restatements

),

clock as (

    select * from {{ ref('int_clock') }}

),

last_build as (

    select
        coalesce(max(build_number), 0) as build_number,
        max(built_at) as built_at

    from restatements

),

builds as (

    select
        last_build.build_number + 1 as build_number,
        clock.clock_at as built_at,
        {{ local_date('last_build.built_at', var('reporting_time_zone')) }}
            as previous_build_date

    from last_build
    cross join clock

)

select * from builds
