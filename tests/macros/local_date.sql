-- Cases of local_date: the calendar of a zone, before and after its midnight.
{%- set time_zones = [
    'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'
] %}
with

cases (case_name, instant_text, time_zone, expected) as (

    values
    ('last moment', '2026-01-04 23:59:59.999999', 'UTC', '2026-01-04'),
    ('midnight', '2026-01-05 00:00:00', 'UTC', '2026-01-05'),
    ('last moment', '2026-01-04 22:59:59.999999', 'Europe/Berlin', '2026-01-04'),
    ('midnight', '2026-01-04 23:00:00', 'Europe/Berlin', '2026-01-05'),
    ('summer midnight', '2026-07-04 22:00:00', 'Europe/Berlin', '2026-07-05'),
    ('last moment', '2026-01-05 04:59:59', 'America/New_York', '2026-01-04'),
    ('midnight', '2026-01-05 05:00:00', 'America/New_York', '2026-01-05'),
    ('last moment', '2026-01-04 18:14:59', 'Asia/Kathmandu', '2026-01-04'),
    ('midnight', '2026-01-04 18:15:00', 'Asia/Kathmandu', '2026-01-05'),
    ('last moment', '2026-01-04 09:59:59', 'Pacific/Kiritimati', '2026-01-04'),
    ('midnight', '2026-01-04 10:00:00', 'Pacific/Kiritimati', '2026-01-05'),
    ('null', null, 'UTC', null),
    ('null', null, 'Europe/Berlin', null)

),

typed as (

    select
        case_name,
        cast(instant_text as timestamp) as responded_at,
        time_zone,
        cast(expected as date) as expected

    from cases

),

judged as (

    select
        *,
        case time_zone
            {%- for time_zone in time_zones %}
            when '{{ time_zone }}' then {{ local_date('responded_at', time_zone) }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
