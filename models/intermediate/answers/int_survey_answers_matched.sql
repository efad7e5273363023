with

survey_answers as (

    select * from {{ ref('int_survey_answers_timed') }}

),

answer_kinds_by_day as (

    select * from {{ ref('int_answer_kinds_by_day') }}

),

excluded_responses as (

    -- A response may be listed twice.
    select distinct
        source_system,
        response_id

    from {{ ref('stg_definitions__excluded_responses') }}

),

clock as (

    select * from {{ ref('int_clock') }}

),

matched as (

    select
        survey_answers.*,
        answer_kinds_by_day.answer_kind_id,
        answer_kinds_by_day.is_missing_id,
        answer_kinds_by_day.is_real_response,
        answer_kinds_by_day.metric,
        answer_kinds_by_day.answer_reason,
        survey_answers.responded_at_utc > clock.clock_at as is_in_future,
        excluded_responses.response_id is not null as is_excluded,
        {{ survey_weight('survey_answers.weight') }} as survey_weight

    from survey_answers
    cross join clock
    left join answer_kinds_by_day
        on
            {{ same_values(
                'survey_answers', 'answer_kinds_by_day', answer_kind_texts()
            ) }}
            -- On no day a question has a definition but the last one.
            and coalesce(
                survey_answers.reporting_date, cast('9999-12-31' as date)
            ) >= answer_kinds_by_day.first_date
            and (
                answer_kinds_by_day.next_date is null
                or survey_answers.reporting_date < answer_kinds_by_day.next_date
            )
    left join excluded_responses
        on
            survey_answers.source_system = excluded_responses.source_system
            and survey_answers.response_id = excluded_responses.response_id

),

judged as (

    select
        *,
        {{ reason_before_versions() }} as reason_before_versions,
        {{ reason_after_versions() }} as reason_after_versions

    from matched

)

select * from judged
