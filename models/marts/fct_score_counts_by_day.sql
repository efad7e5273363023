-- depends_on: {{ ref('int_score_changes') }}
with

survey_answers as (

    select * from {{ ref('fct_survey_answers') }}
    {%- if is_incremental() %}
    where (reporting_date, source_system, survey_id, question_id) in (
        {{ cells_to_recount() }}
    )
    {%- endif %}

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
        -- A question has one touchpoint, metric and scale on a day.
        {{ surrogate_key([
            'cast(reporting_date as varchar)', 'source_system', 'survey_id',
            'question_id', 'channel', 'segment', 'cast(score as varchar)'
        ]) }} as score_count_id,
        *

    from counted

),

-- The rows of one day lie together: a query for some days reads only these.
sorted as (

    select * from keyed
    order by reporting_date

)

select * from sorted
