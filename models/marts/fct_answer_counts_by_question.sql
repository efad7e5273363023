with

survey_answers as (

    select * from {{ ref('int_survey_answers_judged') }}

),

counted as (

    select
        source_system,
        survey_id,
        question_id,
        count(*) as feed_count,
        {{ count_where("answer_status = 'accepted'") }} as accepted_count,
        {{ count_where("answer_status = 'skipped'") }} as skipped_count,
        {{ count_where("answer_status = 'rejected'") }} as rejected_count
        {%- for reason in status_reasons() %},
        {{ count_where("status_reason = '" ~ reason ~ "'") }} as {{ reason }}_count
        {%- endfor %}

    from survey_answers

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
