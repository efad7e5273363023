with

survey_questions as (

    select * from {{ ref('int_survey_questions') }}

),

bounds as (

    select
        source_system,
        survey_id,
        question_id,
        cast('0001-01-01' as date) as first_date

    from survey_questions

    {{ union_distinct() }}

    select
        source_system,
        survey_id,
        question_id,
        first_valid_date as first_date

    from survey_questions

    {{ union_distinct() }}

    select
        source_system,
        survey_id,
        question_id,
        first_invalid_date as first_date

    from survey_questions

),

spans as (

    select
        *,
        lead(first_date) over (
            partition by source_system, survey_id, question_id
            order by first_date
        ) as next_date

    from bounds

),

defined as (

    select
        spans.*,
        survey_questions.metric,
        survey_questions.touchpoint_id,
        survey_questions.scale_id

    from spans
    left join survey_questions
        on
            spans.source_system = survey_questions.source_system
            and spans.survey_id = survey_questions.survey_id
            and spans.question_id = survey_questions.question_id
            -- Validities are half-open: the first invalid day is another span's.
            and spans.first_date >= survey_questions.first_valid_date
            and spans.first_date < survey_questions.first_invalid_date

)

select * from defined
