-- Cases of calendar_date: a date that exists, alone; trimmed.
with

cases (case_name, valid_from, expected) as (

    values
    ('date', '2026-01-31', '2026-01-31'),
    ('spaces', ' 2026-01-31' || chr(10), '2026-01-31'),
    ('leap day', '2024-02-29', '2024-02-29'),
    ('no leap year', '2026-02-29', null),
    ('30 February', '2026-02-30', null),
    ('with a time', '2026-01-31T10:00', null),
    ('no zeros', '2026-1-31', null),
    ('day first', '31.01.2026', null),
    ('ten letters', 'long ago, ', null),
    ('word', 'tomorrow', null),
    ('long ago', '1899-12-31', '1899-12-31'),
    ('first year', '0001-01-01', '0001-01-01'),
    ('before the first year', '0000-12-31', null),
    ('last day', '9999-12-31', '9999-12-31'),
    ('empty', '', null),
    ('null', null, null)

),

judged as (

    select
        case_name,
        valid_from,
        cast(expected as date) as expected,
        {{ calendar_date('valid_from') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
