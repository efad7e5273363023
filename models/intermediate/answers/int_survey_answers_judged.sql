with

survey_answers as (

    select * from {{ ref('int_survey_answers_scored') }}

),

repeated_answer_keys as (

    select * from {{ ref('int_repeated_answer_keys') }}

),

ranked_versions as (

    select * from {{ ref('int_answer_versions_ranked') }}

),

only_versions as (

    select
        survey_answers.*,
        coalesce(
            survey_answers.reason_before_versions, survey_answers.reason_after_versions
        ) as status_reason

    from survey_answers
    left join repeated_answer_keys
        on survey_answers.answer_id = repeated_answer_keys.answer_id
    where
        survey_answers.reason_before_versions is not null
        or repeated_answer_keys.answer_id is null

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

    from ranked_versions

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
