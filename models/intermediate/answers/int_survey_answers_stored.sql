with

only_answers as (

    select
        *,
        coalesce(reason_before_versions, reason_after_versions) as status_reason,
        cast(1 as bigint) as copy_number

    from {{ ref('int_survey_answers_matched') }}
    where not is_repeated

),

versions as (

    select
        *,
        case
            when reason_before_versions is not null then reason_before_versions
            when version_rank = 1 then reason_after_versions
            when
                {{ same_value('updated_at_utc', 'counting_updated_at_utc') }}
                and responded_at_utc = counting_responded_at_utc
                and {{ same_value('answer', 'counting_answer') }}
                then 'duplicate'
            else 'superseded'
        end as status_reason

    from {{ ref('int_answer_versions_ranked') }}

),

numbered_versions as (

    select
        *,
        -- Rows that are alike in every column are told apart by a number; which of
        -- them gets which does not matter, but for their reasons.
        row_number() over (
            partition by
                source_system,
                survey_id,
                response_id,
                question_id,
                reason_before_versions is null,
                alike_rank,
                status_reason is null
            order by status_reason
        ) as copy_number

    from versions

),

-- Of the erased nothing is kept but that there was a row.
erased_answers as (

    select
        survey_answers.feed_file,
        answer_kinds.answer_kind_id

    from {{ ref('int_survey_answers_concerned') }} as survey_answers
    left join {{ ref('int_answer_kinds_by_day') }} as answer_kinds
        on
            {{ same_values('survey_answers', 'answer_kinds', ['source_system']) }}
            {%- for column in answer_kind_texts() if column != 'source_system' %}
            and answer_kinds.{{ column }} is null
            {%- endfor %}
    where survey_answers.is_erased

),

batches as (

    select coalesce(max(judged_batch), 0) + 1 as judged_batch

    from {{ stored_answers() }} as stored_answers

),

judged as (

    select
        {{ stored_answer_columns().keys() | join(',\n        ') }}

    from only_answers

    union all

    select
        {{ stored_answer_columns().keys() | join(',\n        ') }}

    from numbered_versions

    union all

    select
        {{ erased_answer_columns() | join(',\n        ') }}

    from erased_answers

),

batched as (

    select
        {{ (
            ['judged.*', 'batches.judged_batch']
            + partition_columns('judged.reporting_date')
        ) | join(',\n        ') }}

    from judged
    cross join batches

)

select * from batched
