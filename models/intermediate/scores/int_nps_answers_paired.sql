-- depends_on: {{ ref('int_respondents_to_recount') }}
with

known_answers as (

    select
        {{ fingerprint(['respondent_id']) }} as respondent_key,
        respondent_id,
        response_id,
        answer_kind_id,
        responded_at_utc,
        reporting_date

    from {{ ref('int_survey_answers_stored') }}
    where
        status_reason is null
        and not {{ is_blank('respondent_id') }}
        and {{ is_respondent_to_recount(fingerprint(['respondent_id'])) }}

),

answer_kinds as (

    select * from {{ ref('int_answer_kinds') }}

),

nps_answers as (

    select
        known_answers.*,
        answer_kinds.source_system,
        answer_kinds.survey_id,
        answer_kinds.question_id,
        answer_kinds.touchpoint_id,
        answer_kinds.score

    from known_answers
    inner join answer_kinds
        on known_answers.answer_kind_id = answer_kinds.answer_kind_id
    where answer_kinds.metric = 'nps'

),

csat_answers as (

    select
        known_answers.*,
        answer_kinds.touchpoint_id,
        answer_kinds.scale_id,
        answer_kinds.score

    from known_answers
    inner join answer_kinds
        on known_answers.answer_kind_id = answer_kinds.answer_kind_id
    where answer_kinds.metric = 'csat'

),

paired as (

    select
        nps_answers.respondent_key,
        nps_answers.reporting_date,
        nps_answers.touchpoint_id as nps_touchpoint_id,
        nps_answers.score as nps_score,
        csat_answers.touchpoint_id,
        csat_answers.scale_id,
        csat_answers.score,
        row_number() over (
            partition by
                nps_answers.source_system,
                nps_answers.survey_id,
                nps_answers.question_id,
                nps_answers.response_id,
                csat_answers.touchpoint_id
            -- Of answers at one instant the lowest score counts.
            order by
                csat_answers.responded_at_utc desc,
                csat_answers.score asc,
                csat_answers.scale_id asc
        ) as recency_rank

    from nps_answers
    inner join csat_answers
        on
            nps_answers.respondent_id = csat_answers.respondent_id
            -- An experience can only weigh on what is asked after it.
            and nps_answers.responded_at_utc > csat_answers.responded_at_utc
            and nps_answers.reporting_date
            <= {{ dbt.dateadd('day', 120, 'csat_answers.reporting_date') }}

),

pairs as (

    select
        respondent_key,
        reporting_date,
        nps_touchpoint_id,
        nps_score,
        touchpoint_id,
        scale_id,
        score

    from paired
    where recency_rank = 1

)

select * from pairs
