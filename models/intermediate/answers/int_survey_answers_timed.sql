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
        coalesce(sources.time_zone, 'UTC') as time_zone

    from survey_answers
    left join sources
        on survey_answers.source_system = sources.source_system

),

timed as (

    select
        *,
        {{ utc_instant('responded_at', 'time_zone') }} as responded_at_utc,
        {{ utc_instant('updated_at', 'time_zone') }} as updated_at_utc

    from zoned

),

dated as (

    select
        *,
        -- A bare date has no time that a zone could move: it is its own date.
        case
            when responded_at_utc is null then null
            when {{ dbt.position("':'", 'responded_at') }} = 0
                then cast({{ trimmed('responded_at') }} as date)
            else {{ local_date('responded_at_utc', var('reporting_time_zone')) }}
        end as reporting_date

    from timed

)

select * from dated
