-- depends_on: {{ ref('int_definitions_checked') }}
{%- set start = run_started_at.strftime('%Y-%m-%dT%H:%M:%S.%fZ') %}
{%- set as_of = start if var('as_of') is none else var('as_of') %}
with

clock as (

    select {{ string_literal(as_of) }} as clock_text

),

told as (

    select {{ utc_instant(trimmed('clock_text'), "'UTC'") }} as clock_at

    from clock

),

dated as (

    select
        clock_at,
        {{ local_date('clock_at', var('reporting_time_zone')) }} as clock_date

    from told

)

select * from dated
