-- depends_on: {{ ref('int_definitions_checked') }}
with

survey_questions as (

    select * from {{ ref('stg_definitions__survey_questions') }}

),

keyed as (

    select
        {{ surrogate_key(
            ['source_system', 'survey_id', 'question_id', 'valid_from_text']
        ) }} as survey_question_id,
        source_system,
        survey_id,
        question_id,
        question_text,
        metric,
        touchpoint_id,
        scale_id,
        valid_from,
        valid_to,
        -- An open end is an early or a late day, so that a join compares two dates.
        coalesce(valid_from, cast('0001-01-01' as date)) as first_valid_date,
        coalesce(valid_to, cast('9999-12-31' as date)) as first_invalid_date

    from survey_questions

)

select * from keyed
