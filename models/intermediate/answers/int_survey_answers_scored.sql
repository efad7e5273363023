with

survey_answers as (

    select * from {{ ref('int_survey_answers_matched') }}

),

scale_codes as (

    select * from {{ ref('int_scale_codes') }}

),

answer_labels as (

    select * from {{ ref('stg_definitions__answer_labels') }}

),

spelled as (

    select
        *,
        {{ folded('answer') }} as folded_answer,
        {{ answer_key(folded('answer')) }} as answer_key

    from survey_answers

),

scored as (

    select
        spelled.*,
        scale_codes.status_reason as code_reason,
        answer_labels.score as label_score,
        {{ is_number('spelled.folded_answer') }} as is_number,
        coalesce(
            answer_labels.score, {{ canonical_integer('spelled.answer_key') }}
        ) as score,
        {{ survey_weight('spelled.weight') }} as survey_weight

    from spelled
    left join scale_codes
        on
            spelled.scale_id = scale_codes.scale_id
            and spelled.answer_key = scale_codes.code
    left join answer_labels
        on
            spelled.scale_id = answer_labels.scale_id
            and spelled.folded_answer = answer_labels.label

),

judged as (

    select
        *,
        {{ reason_before_versions() }} as reason_before_versions,
        {{ reason_after_versions() }} as reason_after_versions

    from scored

)

select * from judged
