-- Cases of canonical_number: equal numbers, one spelling; no digit is rounded away.
with

cases (case_name, answer, expected) as (

    values
    ('as it should be', '7', '7'),
    ('decimals of zero', '7.0', '7'),
    ('many zeros', '7.0000000000000000000000', '7'),
    ('leading zeros', '007', '7'),
    ('inner zeros stay', '1001', '1001'),
    ('trailing zeros of a whole number stay', '100', '100'),
    ('trailing zeros of both', '100.00', '100'),
    ('decimals', '7.50', '7.5'),
    ('inner zeros of decimals stay', '7.0050', '7.005'),
    ('minus', '-007.50', '-7.5'),
    ('minus below 1', '-0.50', '-0.5'),
    ('zero', '0', '0'),
    ('zeros', '000', '0'),
    ('zero with decimals', '0.00', '0'),
    ('minus zero', '-0', '0'),
    ('minus zero with decimals', '-0.0', '0'),
    ('below 1', '0.5', '0.5'),
    ('almost 7', '6.99999999999999999999', '6.99999999999999999999'),
    (
        'thirty digits',
        '0123456789012345678901234567890.0',
        '123456789012345678901234567890'
    )

),

judged as (

    select
        *,
        {{ canonical_number('answer') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
