-- depends_on: {{ ref('int_respondents_to_recount') }}
with

-- Who gave no id is a respondent of one answer, which none overtakes.
known_answers as (

    select
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

-- All answers are sorted, with numbers in the place of texts.
answer_kinds as (

    select
        answer_kind_id,
        metric,
        touchpoint_id,
        scale_id,
        score,
        dense_rank() over (order by metric, touchpoint_id) as series_number,
        -- Of answers at one instant the lowest score is taken for the latest.
        dense_rank() over (order by score desc, scale_id asc) as instant_rank

    from {{ ref('int_answer_kinds') }}
    where metric in ('csat', 'nps')

),

followed as (

    select
        known_answers.respondent_id,
        known_answers.answer_kind_id,
        known_answers.reporting_date,
        lead(known_answers.reporting_date) over (
            partition by known_answers.respondent_id, answer_kinds.series_number
            order by
                known_answers.reporting_date asc,
                known_answers.responded_at_utc asc,
                answer_kinds.instant_rank asc
        ) as next_date

    from known_answers
    inner join answer_kinds
        on known_answers.answer_kind_id = answer_kinds.answer_kind_id

),

overtaken as (

    select
        {{ fingerprint(['followed.respondent_id']) }} as respondent_key,
        answer_kinds.metric,
        answer_kinds.touchpoint_id,
        answer_kinds.scale_id,
        answer_kinds.score,
        followed.reporting_date,
        followed.next_date

    from followed
    inner join answer_kinds
        on followed.answer_kind_id = answer_kinds.answer_kind_id
    -- Later ones meet it in no window.
    where
        followed.next_date
        < {{ dbt.dateadd(
            'day', trailing_window_days() | max, 'followed.reporting_date'
        ) }}

)

select * from overtaken
