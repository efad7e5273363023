-- Cases of is_number: an optional minus, digits, optionally a point and digits.
with

cases (case_name, answer, expected) as (

    values
    ('digit', '7', true),
    ('zero', '0', true),
    ('minus', '-1', true),
    ('minus zero', '-0', true),
    ('leading zeros', '007', true),
    ('decimals', '6.50', true),
    ('minus and decimals', '-6.5', true),
    ('thirty digits', '123456789012345678901234567890', true),
    ('plus', '+7', false),
    ('two minuses', '--7', false),
    ('minus behind', '7-', false),
    ('minus alone', '-', false),
    ('point alone', '.', false),
    ('no digit before the point', '.5', false),
    ('no digit behind the point', '5.', false),
    ('two points', '1.2.3', false),
    ('comma', '1,5', false),
    ('exponent', '1e1', false),
    ('hexadecimal', '0x5', false),
    ('underscore', '5_0', false),
    ('space inside', '5 5', false),
    ('space before', ' 5', false),
    ('line end behind', '5' || chr(10), false),
    ('text behind', '5 stars', false),
    ('infinity', 'inf', false),
    ('not a number', 'NaN', false),
    ('digits of another script', '٣', false),
    ('wide digits', '５', false),
    ('empty', '', false),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ is_number('answer') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
