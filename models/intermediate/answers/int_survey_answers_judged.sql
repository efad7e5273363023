with

survey_answers as (

    select * from {{ ref('int_survey_answers_scored') }}
    where
        not is_repeated
        or reason_before_versions is not null

),

versions as (

    select * from {{ ref('int_answer_versions_ranked') }}

),

only_versions as (

    select
        *,
        coalesce(reason_before_versions, reason_after_versions) as status_reason

    from survey_answers

),

several_versions as (

    select
        *,
        case
            when version_rank = 1 then reason_after_versions
            when
                (updated_at_utc is not distinct from counting_updated_at_utc)
                and responded_at_utc = counting_responded_at_utc
                and (answer is not distinct from counting_answer)
                then 'duplicate'
            else 'superseded'
        end as status_reason

    from versions

),

judged as (

    select
        {{ judged_answer_columns() | join(',\n        ') }}

    from only_versions

    union all

    select
        {{ judged_answer_columns() | join(',\n        ') }}

    from several_versions

),

stated as (

    select
        *,
        case
            when status_reason is null then 'accepted'
            when status_reason in ('blank', 'not_applicable', 'incomplete_response')
                then 'skipped'
            else 'rejected'
        end as answer_status

    from judged

)

select * from stated
