with

versions as (

    select * from {{ ref('int_answer_versions_ranked') }}

),

counted as (

    select
        source_system,
        survey_id,
        response_id,
        question_id,
        reason_before_versions is null as is_compared,
        count(*) as version_count,
        min(version_rank) as first_rank,
        max(version_rank) as last_rank,
        count(distinct version_rank) as rank_count

    from versions

    group by
        source_system,
        survey_id,
        response_id,
        question_id,
        reason_before_versions is null

),

wrong as (

    select * from counted
    where
        (
            first_rank = 1
            and last_rank = version_count
            and rank_count = version_count
        ) is not true

)

select * from wrong
