with

survey_answers as (

    select * from {{ ref('int_survey_answers_concerned') }}

),

survey_question_spans as (

    select * from {{ ref('int_survey_question_spans') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

scale_codes as (

    select * from {{ ref('int_scale_codes') }}

),

answer_labels as (

    select * from {{ ref('stg_definitions__answer_labels') }}

),

said as (

    select
        {{ answer_kind_texts() | join(',\n        ') }}

    from survey_answers
    where not is_erased

    {{ union_distinct() }}

    -- Of the erased only the source is kept.
    select
        source_system,
        {{ as_text('null') }} as survey_id,
        {{ as_text('null') }} as question_id,
        {{ as_text('null') }} as answer,
        {{ as_text('null') }} as channel,
        {{ as_text('null') }} as segment,
        {{ as_text('null') }} as response_status

    from survey_answers
    where is_erased

),

-- What an answer means may change from one day to the next.
spanned as (

    select
        said.*,
        coalesce(survey_question_spans.first_date, cast('0001-01-01' as date))
            as first_date,
        survey_question_spans.next_date,
        survey_question_spans.metric,
        survey_question_spans.touchpoint_id,
        survey_question_spans.scale_id,
        {{ folded('said.answer') }} as folded_answer,
        {{ folded('said.response_status') }} as folded_status

    from said
    left join survey_question_spans
        on
            said.source_system = survey_question_spans.source_system
            and said.survey_id = survey_question_spans.survey_id
            and said.question_id = survey_question_spans.question_id

),

spelled as (

    select
        *,
        {{ answer_key('folded_answer') }} as answer_key,
        {{ is_number('folded_answer') }} as is_number

    from spanned

),

scored as (

    select
        spelled.*,
        rating_scales.min_score,
        rating_scales.max_score,
        scale_codes.status_reason as code_reason,
        answer_labels.score as label_score,
        coalesce(
            answer_labels.score, {{ canonical_integer('spelled.answer_key') }}
        ) as score

    from spelled
    left join rating_scales
        on spelled.scale_id = rating_scales.scale_id
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
        {{ answer_kind_texts() | join(',\n        ') }},
        first_date,
        next_date,
        {{ is_blank('source_system') }}
        or {{ is_blank('survey_id') }}
        or {{ is_blank('question_id') }} as is_missing_id,
        coalesce(folded_status, '') in ('', 'complete', 'completed', 'partial')
            as is_real_response,
        metric,
        touchpoint_id,
        scale_id,
        score,
        {{ answer_reason() }} as answer_reason,
        nullif({{ trimmed('channel') }}, '') as trimmed_channel,
        nullif({{ trimmed('segment') }}, '') as trimmed_segment

    from scored

)

select * from judged
