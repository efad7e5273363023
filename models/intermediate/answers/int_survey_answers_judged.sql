with

only_answers as (

    select
        *,
        coalesce(reason_before_versions, reason_after_versions) as status_reason,
        cast(1 as bigint) as copy_number

    from {{ ref('int_survey_answers_scored') }}
    where not is_repeated

),

versions as (

    select
        *,
        case
            when reason_before_versions is not null then reason_before_versions
            when version_rank = 1 then reason_after_versions
            when
                (updated_at_utc is not distinct from counting_updated_at_utc)
                and responded_at_utc = counting_responded_at_utc
                and (answer is not distinct from counting_answer)
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
                {{ feed_columns() | join(',\n                ') }},
                status_reason is null
            order by status_reason
        ) as copy_number

    from versions

),

-- Of the erased nothing is kept but that there was a row.
erased_answers as (

    select
        feed_file,
        source_system

    from {{ ref('int_survey_answers_concerned') }}
    where is_erased

),

batches as (

    select coalesce(max(judged_batch), 0) + 1 as judged_batch

    from {{ stored_answers() }} as stored_answers

),

judged as (

    select
        {{ judged_answer_columns() | join(',\n        ') }},
        false as is_erased

    from only_answers

    union all

    select
        {{ judged_answer_columns() | join(',\n        ') }},
        false as is_erased

    from numbered_versions

    union all

    select
        {%- for column, type in judged_answer_columns().items() %}
        {%- if column in ('feed_file', 'source_system') %}
        {{ column }},
        {%- else %}
        cast(null as {{ type }}) as {{ column }},
        {%- endif %}
        {%- endfor %}
        true as is_erased

    from erased_answers

),

stated as (

    select
        {%- for column in judged_answer_columns() %}
        judged.{{ column }},
        {%- endfor %}
        case
            when judged.is_erased then 'erased'
            when judged.status_reason is null then 'accepted'
            when judged.status_reason in (
                'blank', 'not_applicable', 'incomplete_response'
            ) then 'skipped'
            else 'rejected'
        end as answer_status,
        batches.judged_batch

    from judged
    cross join batches

)

select * from stated
