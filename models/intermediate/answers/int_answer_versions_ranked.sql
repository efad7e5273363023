{%- set version_order -%}
    partition by
        source_system,
        survey_id,
        response_id,
        question_id,
        -- Only rows that got as far as the comparison are versions.
        reason_before_versions is null
    order by
        updated_at_utc desc nulls last,
        responded_at_utc desc nulls last,
        answer asc nulls last,
        comment asc nulls last,
        respondent_id asc nulls last,
        channel asc nulls last,
        segment asc nulls last,
        interaction_at asc nulls last,
        invited_at asc nulls last,
        response_status asc nulls last,
        weight asc nulls last,
        responded_at asc nulls last,
        updated_at asc nulls last
{%- endset -%}
{%- set from_the_first = version_order ~ ' rows unbounded preceding' -%}
with

-- A key that occurs once has nothing to rank: only the others are sorted.
versions as (

    select * from {{ ref('int_survey_answers_matched') }}
    where is_repeated

),

-- Behind the contract's order stand the two instants as exported: rows that differ in
-- nothing but their spelling have a winner too, whatever the order of the rows.
ranked as (

    select
        *,
        row_number() over ({{ version_order }}) as version_rank,
        -- Rows that are alike in every column of the feed share this one.
        rank() over ({{ version_order }}) as alike_rank,
        first_value(updated_at_utc) over ({{ from_the_first }})
            as counting_updated_at_utc,
        first_value(responded_at_utc) over ({{ from_the_first }})
            as counting_responded_at_utc,
        first_value(answer) over ({{ from_the_first }}) as counting_answer

    from versions

)

select * from ranked
