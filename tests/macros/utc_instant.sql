-- Cases of utc_instant: every form of a timestamp, and the nights in which clocks
-- change.
with

cases (case_name, responded_at, time_zone, expected) as (

    values
    ('date', '2026-01-05', 'UTC', '2026-01-05 00:00:00'),
    ('date elsewhere', '2026-01-05', 'Asia/Kathmandu', '2026-01-04 18:15:00'),
    ('minutes', '2026-01-05T10:20', 'UTC', '2026-01-05 10:20:00'),
    ('seconds', '2026-01-05 10:20:30', 'UTC', '2026-01-05 10:20:30'),
    ('tenths', '2026-01-05 10:20:30.5', 'UTC', '2026-01-05 10:20:30.5'),
    ('six', '2026-01-05 10:20:30.123456', 'UTC', '2026-01-05 10:20:30.123456'),
    ('cut', '2026-01-05 10:20:30.1234569', 'UTC', '2026-01-05 10:20:30.123456'),
    ('cut, Z', '2026-01-05 23:59:59.9999999Z', 'UTC', '2026-01-05 23:59:59.999999'),
    ('cut, +', '2026-01-05 01:00:00.9999999+01', 'UTC', '2026-01-05 00:00:00.999999'),
    ('Z', '2026-01-05T10:20Z', 'Europe/Berlin', '2026-01-05 10:20:00'),
    ('hours', '2026-01-05T10:20+05', 'Europe/Berlin', '2026-01-05 05:20:00'),
    ('minus', '2026-01-05T10:20-05', 'UTC', '2026-01-05 15:20:00'),
    ('four digits', '2026-01-05T10:20+0530', 'UTC', '2026-01-05 04:50:00'),
    ('colon', '2026-01-05T10:20:30-05:30', 'UTC', '2026-01-05 15:50:30'),
    ('fraction', '2026-01-05T10:20:30.5-0530', 'UTC', '2026-01-05 15:50:30.5'),
    ('minus zero', '2026-01-05T10:20-00:00', 'Asia/Tokyo', '2026-01-05 10:20:00'),
    ('into last year', '2026-01-01T00:00+14:00', 'UTC', '2025-12-31 10:00:00'),
    ('into next year', '2025-12-31T23:59:59-14', 'UTC', '2026-01-01 13:59:59'),
    ('spaces', ' 2026-01-05 ', 'UTC', '2026-01-05 00:00:00'),
    ('tab', '2026-01-05' || chr(9), 'Asia/Tokyo', '2026-01-04 15:00:00'),
    ('line end', '2026-01-05 10:20' || chr(13), 'UTC', '2026-01-05 10:20:00'),
    ('tab, Z', chr(9) || '2026-01-05T10:20Z' || chr(9), 'UTC', '2026-01-05 10:20:00'),
    ('space, +', ' 2026-01-05T10:20+01 ', 'UTC', '2026-01-05 09:20:00'),
    ('space, -', ' 2026-01-05T10:20:30.5-01:30 ', 'UTC', '2026-01-05 11:50:30.5'),
    ('other space', '2026-01-05' || chr(160), 'UTC', null),
    ('only spaces', ' ' || chr(9), 'UTC', null),
    ('first year', '1900-01-01T00:00+14', 'UTC', '1899-12-31 10:00:00'),
    ('last year', '9998-12-31T23:59:59-14', 'UTC', '9999-01-01 13:59:59'),
    ('winter', '2026-01-05T10:20', 'Europe/Berlin', '2026-01-05 09:20:00'),
    ('summer', '2026-07-05T10:20', 'Europe/Berlin', '2026-07-05 08:20:00'),
    ('summer west', '2026-07-05T10:20', 'America/New_York', '2026-07-05 14:20:00'),
    ('Berlin: before', '2025-03-30T01:59:59', 'Europe/Berlin', '2025-03-30 00:59:59'),
    ('Berlin: gap begins', '2025-03-30T02:00', 'Europe/Berlin', '2025-03-30 01:00:00'),
    ('Berlin: gap', '2025-03-30T02:30', 'Europe/Berlin', '2025-03-30 01:30:00'),
    ('Berlin: gap ends', '2025-03-30T03:00', 'Europe/Berlin', '2025-03-30 01:00:00'),
    ('Berlin: before', '2025-10-26T01:59', 'Europe/Berlin', '2025-10-25 23:59:00'),
    ('Berlin: twice', '2025-10-26T02:00', 'Europe/Berlin', '2025-10-26 01:00:00'),
    ('Berlin: twice', '2025-10-26T02:30', 'Europe/Berlin', '2025-10-26 01:30:00'),
    ('Berlin: after', '2025-10-26T03:00', 'Europe/Berlin', '2025-10-26 02:00:00'),
    ('Berlin: +02', '2025-10-26T02:30+02', 'Europe/Berlin', '2025-10-26 00:30:00'),
    ('New York: gap', '2025-03-09T02:30', 'America/New_York', '2025-03-09 07:30:00'),
    ('New York: gap', '2025-03-09T03:00', 'America/New_York', '2025-03-09 07:00:00'),
    ('New York: twice', '2025-11-02T01:30', 'America/New_York', '2025-11-02 06:30:00'),
    ('New York: after', '2025-11-02T02:00', 'America/New_York', '2025-11-02 07:00:00'),
    ('half: gap', '2025-10-05T02:15', 'Australia/Lord_Howe', '2025-10-04 15:45:00'),
    ('half: twice', '2025-04-06T01:45', 'Australia/Lord_Howe', '2025-04-05 15:15:00'),
    ('midnight is gone', '2025-04-25', 'Africa/Cairo', '2025-04-24 22:00:00'),
    ('midnight twice', '2025-11-02', 'America/Havana', '2025-11-02 05:00:00'),
    ('not readable', '05/06/2026', 'UTC', null),
    ('no such day', '2026-02-30', 'UTC', null),
    ('no such day there', '2026-02-30T10:20', 'Europe/Berlin', null),
    ('empty', '', 'UTC', null),
    ('null', null, 'UTC', null)

),

judged as (

    select
        case_name,
        responded_at,
        time_zone,
        cast(expected as timestamp) as expected,
        {{ utc_instant('responded_at', 'time_zone') }} as actual,
        -- The way for engines that have none of their own.
        {{ default__utc_instant('responded_at', 'time_zone') }} as step_by_step

    from cases

)

select * from judged
where
    actual is distinct from expected
    or step_by_step is distinct from expected
