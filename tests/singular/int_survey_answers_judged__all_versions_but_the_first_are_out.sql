with

versions as (

    select * from {{ ref('int_answer_versions_ranked') }}

),

judged_out as (

    select
        key_hash,
        count(*) as row_count

    from {{ ref('int_survey_answers_judged') }}
    where
        status_reason in ('duplicate', 'superseded')
        and key_hash in (select versions.key_hash from versions)

    group by key_hash

),

ranked_out as (

    select
        key_hash,
        count(*) as row_count

    from versions
    where
        version_rank > 1
        and reason_before_versions is null

    group by key_hash

),

wrong as (

    select
        coalesce(judged_out.key_hash, ranked_out.key_hash) as key_hash,
        judged_out.row_count as judged_count,
        ranked_out.row_count as ranked_count

    from judged_out
    full outer join ranked_out
        on judged_out.key_hash = ranked_out.key_hash
    where judged_out.row_count is distinct from ranked_out.row_count

)

select * from wrong
