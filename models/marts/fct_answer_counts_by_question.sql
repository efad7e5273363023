with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

unaccepted_answers as (

    select * from {{ ref('fct_unaccepted_answers') }}

),

-- Accepted answers are counted already.
counted_by_reason as (

    select
        source_system,
        survey_id,
        question_id,
        'accepted' as answer_status,
        null as status_reason,
        sum(answer_count) as answer_count

    from score_counts

    group by source_system, survey_id, question_id

    union all

    select
        source_system,
        survey_id,
        question_id,
        answer_status,
        status_reason,
        count(*) as answer_count

    from unaccepted_answers

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
