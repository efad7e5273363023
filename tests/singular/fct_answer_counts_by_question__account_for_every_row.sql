with

stored_answers as (

    select
        answer_kind_id,
        status_reason,
        count(*) as row_count

    from {{ ref('int_survey_answers_stored') }}

    group by answer_kind_id, status_reason

),

judged_answers as (

    select
        answer_kinds.source_system,
        answer_kinds.survey_id,
        answer_kinds.question_id,
        coalesce(stored_answers.status_reason, 'accepted') as outcome,
        sum(stored_answers.row_count) as row_count

    from stored_answers
    left join {{ ref('int_answer_kinds') }} as answer_kinds
        on stored_answers.answer_kind_id = answer_kinds.answer_kind_id
    where stored_answers.status_reason is distinct from 'erased'

    group by
        answer_kinds.source_system,
        answer_kinds.survey_id,
        answer_kinds.question_id,
        coalesce(stored_answers.status_reason, 'accepted')

),

counts as (

    select * from {{ ref('fct_answer_counts_by_question') }}

),

outcomes as (

    {% for outcome in ['accepted'] + status_reasons() %}
    select
        source_system,
        survey_id,
        question_id,
        '{{ outcome }}' as outcome,
        {{ outcome }}_count as row_count

    from counts
    -- A reason that no row has is not among the judged answers.
    where {{ outcome }}_count is distinct from 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

missing as (

    select * from judged_answers
    except
    select * from outcomes

),

too_many as (

    select * from outcomes
    except
    select * from judged_answers

),

wrong as (

    select * from missing
    union all
    select * from too_many

)

select * from wrong
