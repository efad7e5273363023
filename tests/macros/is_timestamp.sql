-- Cases of is_timestamp: the contract's form, a day that exists, and nothing else.
with

cases (case_name, responded_at, expected) as (

    values
    ('date', '2026-01-05', true),
    ('T', '2026-01-05T10:00', true),
    ('space', '2026-01-05 10:00', true),
    ('seconds', '2026-01-05T10:00:59', true),
    ('fraction', '2026-01-05T10:00:00.5', true),
    ('long fraction', '2026-01-05T10:00:00.123456789012345', true),
    ('Z', '2026-01-05T10:00Z', true),
    ('seconds and Z', '2026-01-05T10:00:00Z', true),
    ('hours', '2026-01-05T10:00+05', true),
    ('hours and minutes', '2026-01-05T10:00+0530', true),
    ('hours, colon and minutes', '2026-01-05T10:00-05:30', true),
    ('fraction and offset', '2026-01-05 10:00:00.1+05:45', true),
    ('minus zero', '2026-01-05T10:00-00:00', true),
    ('first minute', '2026-01-05T00:00', true),
    ('last second', '2026-01-05T23:59:59', true),
    ('24 o''clock', '2026-01-05T24:00', false),
    ('60 minutes', '2026-01-05T23:60', false),
    ('leap second', '2026-01-05T23:59:60', false),
    ('largest offset', '2026-01-05T10:00+14:00', true),
    ('largest offset, hours only', '2026-01-05T10:00-14', true),
    ('largest minutes', '2026-01-05T10:00+13:59', true),
    ('offset too large', '2026-01-05T10:00+14:01', false),
    ('offset too large, without a colon', '2026-01-05T10:00-1401', false),
    ('offset far too large', '2026-01-05T10:00+15', false),
    ('offset of 60 minutes', '2026-01-05T10:00+05:60', false),
    ('offset of one digit', '2026-01-05T10:00+5', false),
    ('offset of three digits', '2026-01-05T10:00+053', false),
    ('offset of a date', '2026-01-05+01:00', false),
    ('Z of a date', '2026-01-05Z', false),
    ('space before an offset', '2026-01-05T10:00 +01:00', false),
    ('space before Z', '2026-01-05T10:00 Z', false),
    ('small z', '2026-01-05T10:00z', false),
    ('small t', '2026-01-05t10:00', false),
    ('two spaces', '2026-01-05  10:00', false),
    ('tab', '2026-01-05' || chr(9) || '10:00', false),
    ('hour alone', '2026-01-05T10', false),
    ('nothing behind T', '2026-01-05T', false),
    ('hour of one digit', '2026-01-05T1:00', false),
    ('fraction of minutes', '2026-01-05T10:00.5', false),
    ('empty fraction', '2026-01-05T10:00:00.', false),
    ('comma', '2026-01-05T10:00:00,5', false),
    ('name of a zone', '2026-01-05 10:00 UTC', false),
    ('afternoon', '2026-01-05 10:00 PM', false),
    ('nobody can know', '05/06/2026', false),
    ('points', '05.06.2026', false),
    ('no zeros', '2026-1-5', false),
    ('no dashes', '20260105', false),
    ('other dashes', '2026–01–05', false),
    ('digits of another script', '٢٠٢٦-01-05', false),
    ('first year', '1900-01-01', true),
    ('before the first year', '1899-12-31', false),
    ('last year', '9998-12-31', true),
    ('after the last year', '9999-01-01', false),
    ('year 2000', '2000-02-29', true),
    ('year 1900 has no 29 February', '1900-02-29', false),
    ('leap year', '2024-02-29', true),
    ('leap year with a time', '2024-02-29T10:00', true),
    ('no leap year', '2025-02-29', false),
    ('no leap year, with a time', '2025-02-29T10:00Z', false),
    ('30 February', '2024-02-30', false),
    ('28 February', '2025-02-28', true),
    ('30 April', '2025-04-30', true),
    ('31 April', '2025-04-31', false),
    ('31 June', '2025-06-31', false),
    ('31 September', '2025-09-31', false),
    ('31 November', '2025-11-31', false),
    ('31 January', '2025-01-31', true),
    ('31 July', '2025-07-31', true),
    ('31 December', '2025-12-31', true),
    ('32 December', '2025-12-32', false),
    ('month 0', '2025-00-10', false),
    ('month 13', '2025-13-01', false),
    ('day 0', '2025-01-00', false),
    ('negative year', '-2025-01-01', false),
    ('not trimmed', ' 2026-01-05', false),
    ('line end', '2026-01-05' || chr(10), false),
    ('two dates', '2026-01-05' || chr(10) || '2026-01-06', false),
    ('two Z', '2026-01-05T10:00ZZ', false),
    ('seconds since 1970', '1736071200', false),
    ('word', 'today', false),
    ('infinity', 'infinity', false),
    ('empty', '', false),
    ('null', null, false)

),

judged as (

    select
        *,
        {{ is_timestamp('responded_at') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
