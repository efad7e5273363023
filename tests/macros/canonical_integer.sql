-- Cases of canonical_integer: what answer_key spells as a whole number of up to nine
-- digits, and nothing else.
with

cases (case_name, answer_key, expected) as (

    values
    ('digit', '7', 7),
    ('zero', '0', 0),
    ('minus', '-3', -3),
    ('two digits', '10', 10),
    ('nine digits', '999999999', 999999999),
    ('nine digits below zero', '-999999999', -999999999),
    ('ten digits', '1000000000', null),
    ('ten digits below zero', '-1000000000', null),
    ('thirty digits', '123456789012345678901234567890', null),
    ('fraction', '6.5', null),
    ('nearly seven', '6.99999999999999999999', null),
    ('point', '.', null),
    ('minus alone', '-', null),
    ('plus', '+7', null),
    ('exponent', '1e3', null),
    ('hexadecimal', '0x7', null),
    ('other digits', '٧', null),
    ('text', 'good', null),
    ('text behind', '7 points', null),
    ('text before', 'about 7', null),
    ('space', '7 ', null),
    ('two lines', '7' || chr(10) || '8', null),
    ('empty', '', null),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ canonical_integer('answer_key') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
