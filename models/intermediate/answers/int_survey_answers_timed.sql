-- depends_on: {{ ref('int_definitions_checked') }}
with

survey_answers as (

    select * from {{ ref('int_survey_answers_keyed') }}

),

sources as (

    select * from {{ ref('stg_definitions__sources') }}

),

zoned as (

    select
        survey_answers.*,
        {{ trimmed('survey_answers.responded_at') }} as responded_at_text,
        {{ trimmed('survey_answers.updated_at') }} as updated_at_text,
        {{ trimmed('survey_answers.interaction_at') }} as interaction_at_text,
        {{ trimmed('survey_answers.invited_at') }} as invited_at_text,
        coalesce(sources.time_zone, 'UTC') as time_zone

    from survey_answers
    left join sources
        on survey_answers.source_system = sources.source_system

),

timed as (

    select
        *,
        {{ utc_instant('responded_at_text', 'time_zone') }} as responded_at_utc,
        {{ utc_instant('updated_at_text', 'time_zone') }} as updated_at_utc,
        {{ utc_instant('interaction_at_text', 'time_zone') }} as interaction_at_utc,
        {{ utc_instant('invited_at_text', 'time_zone') }} as invited_at_utc

    from zoned

),

dated as (

    select
        *,
        -- A bare date has no time that a zone could move: it is its own date.
        case
            when responded_at_utc is null then null
            when length(responded_at_text) = 10 then cast(responded_at_text as date)
            else {{ local_date('responded_at_utc', var('reporting_time_zone')) }}
        end as reporting_date

    from timed

)

select * from dated
