-- Cases of local_to_utc: of two instants the later, in a gap the offset before it.
with

cases (case_name, local_text, time_zone, expected) as (

    values
    ('UTC', '2026-01-05 10:20:30.123456', 'UTC', '2026-01-05 10:20:30.123456'),
    ('UTC in a gap of Berlin', '2025-03-30 02:30:00', 'UTC', '2025-03-30 02:30:00'),
    ('Berlin', '2026-01-05 10:20:00', 'Europe/Berlin', '2026-01-05 09:20:00'),
    ('gap', '2025-03-30 02:30:00', 'Europe/Berlin', '2025-03-30 01:30:00'),
    ('twice', '2025-10-26 02:30:00', 'Europe/Berlin', '2025-10-26 01:30:00'),
    ('west', '2026-01-05 22:00:00', 'America/New_York', '2026-01-06 03:00:00'),
    ('far east', '2026-01-05 01:00:00', 'Pacific/Kiritimati', '2026-01-04 11:00:00'),
    ('null', null, 'Europe/Berlin', null),
    ('null in UTC', null, 'UTC', null)

),

typed as (

    select
        case_name,
        cast(local_text as timestamp) as local_timestamp,
        time_zone,
        cast(expected as timestamp) as expected

    from cases

),

judged as (

    select
        *,
        {{ local_to_utc('local_timestamp', 'time_zone') }} as actual

    from typed

)

select * from judged
where actual is distinct from expected
