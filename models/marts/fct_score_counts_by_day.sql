-- depends_on: {{ ref('int_score_changes') }}
with

stored_answers as (

    select * from {{ ref('int_survey_answers_stored') }}
    where
        status_reason is null
        and {{ is_on_day_to_recount() }}

),

answer_kinds as (

    select
        answer_kind_id,
        source_system,
        survey_id,
        question_id,
        touchpoint_id,
        metric,
        scale_id,
        trimmed_channel as channel,
        trimmed_segment as segment,
        score

    from {{ ref('int_answer_kinds') }}

),

-- Kinds that differ in nothing but the spelling of a text are counted as one.
answer_groups as (

    select
        *,
        min(answer_kind_id) over (
            partition by
                source_system,
                survey_id,
                question_id,
                touchpoint_id,
                metric,
                scale_id,
                channel,
                segment,
                score
        ) as group_id,
        {{ key_text([
            'source_system', 'survey_id', 'question_id', 'channel', 'segment',
            as_text('score')
        ]) }} as group_key_text

    from answer_kinds

),

counted as (

    select
        stored_answers.reporting_date,
        answer_groups.group_id,
        count(*) as answer_count,
        sum(stored_answers.survey_weight) as weight_sum,
        {{ weight_square_sum('stored_answers.survey_weight') }} as weight_square_sum,
        {{ large_weight_square_sum('stored_answers.survey_weight') }}
            as large_weight_square_sum

    from stored_answers
    inner join answer_groups
        on stored_answers.answer_kind_id = answer_groups.answer_kind_id
    {%- if is_incremental() %}
    where
        (
            stored_answers.reporting_date,
            answer_groups.source_system,
            answer_groups.survey_id,
            answer_groups.question_id
        ) in ({{ cells_to_recount() }})
    {%- endif %}

    group by stored_answers.reporting_date, answer_groups.group_id

),

keyed as (

    select
        -- A question has one touchpoint, metric and scale on a day.
        {{ text_hash(
            'concat(' ~ key_text([as_text('counted.reporting_date')])
            ~ ', answer_groups.group_key_text)'
        ) }} as score_count_id,
        counted.reporting_date,
        answer_groups.source_system,
        answer_groups.survey_id,
        answer_groups.question_id,
        answer_groups.touchpoint_id,
        answer_groups.metric,
        answer_groups.scale_id,
        answer_groups.channel,
        answer_groups.segment,
        answer_groups.score,
        counted.answer_count,
        cast(counted.weight_sum as {{ type_decimal(38, 10) }}) as weight_sum,
        counted.weight_square_sum,
        counted.large_weight_square_sum

    from counted
    inner join answer_groups
        on counted.group_id = answer_groups.answer_kind_id

),

-- The rows of one day lie together: a query for some days reads only these.
sorted as (

    select * from keyed
    order by reporting_date

)

select * from sorted
