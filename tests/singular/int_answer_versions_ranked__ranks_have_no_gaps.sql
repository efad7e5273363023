with

versions as (

    select * from {{ ref('int_answer_versions_ranked') }}

),

counted as (

    select
        answer_id,
        count(*) as version_count,
        min(version_rank) as first_rank,
        max(version_rank) as last_rank

    from versions

    group by answer_id

),

wrong as (

    select * from counted
    where (first_rank = 1 and last_rank = version_count) is not true

)

select * from wrong
