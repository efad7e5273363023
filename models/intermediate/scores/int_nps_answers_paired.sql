-- depends_on: {{ ref('int_respondents_to_recount') }}
with

answer_kinds as (

    select * from {{ ref('int_answer_kinds') }}

),

{% for metric in ['nps', 'csat'] -%}
{{ metric }}_answers as (

    select
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
        and answer_kind_id in (
            select answer_kinds.answer_kind_id
            from answer_kinds
            where answer_kinds.metric = '{{ metric }}'
        )

),

{% endfor -%}
met as (

    select
        nps_answers.respondent_id,
        nps_answers.response_id,
        nps_answers.answer_kind_id as nps_answer_kind_id,
        nps_answers.reporting_date,
        csat_answers.answer_kind_id,
        csat_answers.responded_at_utc

    from nps_answers
    inner join csat_answers
        on
            nps_answers.respondent_id = csat_answers.respondent_id
            -- An experience can only weigh on what is asked after it.
            and nps_answers.responded_at_utc > csat_answers.responded_at_utc
            and nps_answers.reporting_date
            <= {{ dbt.dateadd('day', 120, 'csat_answers.reporting_date') }}

),

paired as (

    select
        {{ fingerprint(['met.respondent_id']) }} as respondent_key,
        met.reporting_date,
        nps_kinds.touchpoint_id as nps_touchpoint_id,
        nps_kinds.score as nps_score,
        csat_kinds.touchpoint_id,
        csat_kinds.scale_id,
        csat_kinds.score,
        row_number() over (
            partition by
                nps_kinds.source_system,
                nps_kinds.survey_id,
                nps_kinds.question_id,
                met.response_id,
                csat_kinds.touchpoint_id
            -- Of answers at one instant the lowest score counts.
            order by
                met.responded_at_utc desc,
                csat_kinds.score asc,
                csat_kinds.scale_id asc
        ) as recency_rank

    from met
    inner join answer_kinds as nps_kinds
        on met.nps_answer_kind_id = nps_kinds.answer_kind_id
    inner join answer_kinds as csat_kinds
        on met.answer_kind_id = csat_kinds.answer_kind_id

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
