-- depends_on: {{ ref('int_respondents_to_recount') }}
with

-- Who gave no id is a respondent of one answer, which none overtakes.
known_answers as (

    select
        {{ fingerprint(['respondent_id']) }} as respondent_key,
        respondent_id,
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
    where metric in ('csat', 'nps')

),

followed as (

    select
        known_answers.respondent_key,
        answer_kinds.metric,
        answer_kinds.touchpoint_id,
        answer_kinds.scale_id,
        answer_kinds.score,
        known_answers.reporting_date,
        lead(known_answers.reporting_date) over (
            partition by
                known_answers.respondent_id,
                answer_kinds.metric,
                answer_kinds.touchpoint_id
            -- Of answers at one instant the lowest score is taken for the latest.
            order by
                known_answers.reporting_date asc,
                known_answers.responded_at_utc asc,
                answer_kinds.score desc,
                answer_kinds.scale_id asc
        ) as next_date

    from known_answers
    inner join answer_kinds
        on known_answers.answer_kind_id = answer_kinds.answer_kind_id

),

overtaken as (

    select * from followed
    -- Later ones meet it in no window.
    where
        next_date
        < {{ dbt.dateadd('day', trailing_window_days() | max, 'reporting_date') }}

)

select * from overtaken
