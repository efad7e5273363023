with

survey_questions as (

    select * from {{ ref('survey_questions') }}

),

typed as (

    select
        source_system,
        survey_id,
        question_id,
        question_text,
        metric,
        touchpoint_id,
        scale_id,
        {{ calendar_date('valid_from') }} as valid_from,
        {{ calendar_date('valid_to') }} as valid_to,
        -- A date that cannot be read must not pass for an open end.
        nullif({{ trimmed('valid_from') }}, '') as valid_from_text,
        nullif({{ trimmed('valid_to') }}, '') as valid_to_text

    from survey_questions

)

select * from typed
