with

survey_answers as (

    select * from {{ ref('fct_survey_answers') }}

),

counted as (

    select
        reporting_date,
        source_system,
        survey_id,
        question_id,
        touchpoint_id,
        metric,
        scale_id,
        channel,
        segment,
        score,
        count(*) as answer_count,
        cast(sum(weight) as decimal(38, 10)) as weight_sum

    from survey_answers

    group by
        reporting_date,
        source_system,
        survey_id,
        question_id,
        touchpoint_id,
        metric,
        scale_id,
        channel,
        segment,
        score

),

keyed as (

    select
        {{ surrogate_key([
            'cast(reporting_date as varchar)', 'source_system', 'survey_id',
            'question_id', 'touchpoint_id', 'metric', 'scale_id', 'channel', 'segment',
            'cast(score as varchar)'
        ]) }} as score_count_id,
        *

    from counted

)

select * from keyed
