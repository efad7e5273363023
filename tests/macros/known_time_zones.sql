-- Cases of known_time_zones: IANA names, in their own case, and nothing like them.
with

zones as (

    {{ known_time_zones() }}

),

cases (case_name, time_zone, expected) as (

    values
    ('UTC', 'UTC', true),
    ('GMT', 'GMT', true),
    ('area and city', 'Europe/Berlin', true),
    ('area, state and city', 'America/Indiana/Knox', true),
    ('underscore', 'America/New_York', true),
    ('minutes in its offset', 'Asia/Kathmandu', true),
    ('half an hour of summer', 'Australia/Lord_Howe', true),
    ('older name', 'Asia/Calcutta', true),
    ('offset as a name', 'Etc/GMT+5', true),
    ('summer time of its own', 'CET', true),
    ('abbreviation of two countries', 'IST', false),
    ('abbreviation', 'PST', false),
    ('abbreviation of summer time', 'CEST', false),
    ('another case', 'europe/berlin', false),
    ('city alone', 'Berlin', false),
    ('no such city', 'Europe/Bielefeld', false),
    ('offset', '+01:00', false),
    ('spaces', ' UTC ', false),
    ('system name', 'SystemV/EST5', false),
    ('draft name', 'US/Pacific-New', false),
    ('empty', '', false)

),

judged as (

    select
        cases.*,
        zones.time_zone is not null as actual

    from cases
    left join zones
        on cases.time_zone = zones.time_zone

)

select * from judged
where actual is distinct from expected
