with

survey_answers as (

    select * from {{ ref('int_survey_answers_judged') }}

),

counted_by_reason as (

    select
        source_system,
        survey_id,
        question_id,
        answer_status,
        status_reason,
        count(*) as answer_count

    from survey_answers

    group by source_system, survey_id, question_id, answer_status, status_reason

),

counted as (

    select
        source_system,
        survey_id,
        question_id,
        cast(sum(answer_count) as bigint) as feed_count,
        {{ count_where("answer_status = 'accepted'", 'answer_count') }}
            as accepted_count,
        {{ count_where("answer_status = 'skipped'", 'answer_count') }}
            as skipped_count,
        {{ count_where("answer_status = 'rejected'", 'answer_count') }}
            as rejected_count,
        {{ reason_counts() | join(',\n        ') }}

    from counted_by_reason

    group by source_system, survey_id, question_id

),

keyed as (

    select
        {{ surrogate_key(['source_system', 'survey_id', 'question_id']) }}
            as question_count_id,
        *

    from counted

)

select * from keyed
