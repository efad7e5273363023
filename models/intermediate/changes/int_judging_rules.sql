with

survey_questions as (

    select * from {{ ref('int_survey_questions') }}

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

sources as (

    select * from {{ ref('stg_definitions__sources') }}

),

excluded_responses as (

    select * from {{ ref('stg_definitions__excluded_responses') }}

),

-- Boxes and directions are no rules: they make scores of counts, and judge no answer.
question_rules as (

    select
        survey_questions.source_system,
        survey_questions.survey_id,
        survey_questions.question_id,
        {{ dbt.concat([
            as_text('survey_questions.first_valid_date'), "' '",
            as_text('survey_questions.first_invalid_date'), "' '",
            'survey_questions.metric', "' '",
            as_text('rating_scales.min_score'), "' '",
            as_text('rating_scales.max_score'), "' '",
            'survey_questions.touchpoint_id', "' '", 'survey_questions.scale_id',
        ]) }} as rule_text

    from survey_questions
    inner join rating_scales
        on survey_questions.scale_id = rating_scales.scale_id

),

code_rules as (

    select
        survey_questions.source_system,
        survey_questions.survey_id,
        survey_questions.question_id,
        {{ dbt.concat([
            'scale_codes.status_reason', "' '", 'scale_codes.code', "' of '",
            'scale_codes.scale_id',
        ]) }} as rule_text

    from survey_questions
    inner join scale_codes
        on survey_questions.scale_id = scale_codes.scale_id

),

label_rules as (

    select
        survey_questions.source_system,
        survey_questions.survey_id,
        survey_questions.question_id,
        {{ dbt.concat([
            as_text('answer_labels.score'), "' is '", 'answer_labels.label',
            "' of '", 'answer_labels.scale_id',
        ]) }} as rule_text

    from survey_questions
    inner join answer_labels
        on survey_questions.scale_id = answer_labels.scale_id

),

rules as (

    select
        'question' as rule_kind,
        source_system,
        survey_id,
        question_id,
        {{ as_text('null') }} as response_id,
        rule_text

    from question_rules

    union all

    select
        'question' as rule_kind,
        source_system,
        survey_id,
        question_id,
        {{ as_text('null') }} as response_id,
        rule_text

    from code_rules

    union all

    select
        'question' as rule_kind,
        source_system,
        survey_id,
        question_id,
        {{ as_text('null') }} as response_id,
        rule_text

    from label_rules

    union all

    select
        'source' as rule_kind,
        source_system,
        null as survey_id,
        null as question_id,
        null as response_id,
        time_zone as rule_text

    from sources

    union all

    select
        'exclusion' as rule_kind,
        source_system,
        null as survey_id,
        null as question_id,
        response_id,
        'excluded' as rule_text

    from excluded_responses

    {% for hash in erased_respondents() %}
    union all

    select
        'erasure' as rule_kind,
        null as source_system,
        null as survey_id,
        null as question_id,
        null as response_id,
        {{ hash }} as rule_text
    {% endfor %}

    union all

    select
        'everything' as rule_kind,
        null as source_system,
        null as survey_id,
        null as question_id,
        null as response_id,
        {{ judging_code() }} || ' '
        || {{ string_literal(var('reporting_time_zone')) }} as rule_text

),

distinct_rules as (

    select distinct
        rule_kind,
        source_system,
        survey_id,
        question_id,
        response_id,
        rule_text

    from rules

)

select * from distinct_rules
