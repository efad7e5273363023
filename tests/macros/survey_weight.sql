-- Cases of survey_weight: decided on the text, rounded half up to ten decimals.
with

cases (case_name, weight, expected) as (

    values
    ('null is 1', null, '1'),
    ('empty is 1', '', '1'),
    ('only spaces are 1', ' ' || chr(9) || chr(13) || chr(10), '1'),
    ('one', '1', '1'),
    ('with spaces', ' 2.25' || chr(9), '2.25'),
    ('leading zeros', '007.10', '7.1'),
    ('leading zeros are not digits', '000000000000000001', '1'),
    ('ten decimals', '0.5536751234', '0.5536751234'),
    ('below half: down', '0.55367512344999999999', '0.5536751234'),
    ('half: up', '0.55367512345', '0.5536751235'),
    ('above half: up', '0.55367512346', '0.5536751235'),
    ('carries over', '0.99999999995', '1'),
    ('smallest', '0.0000000001', '0.0000000001'),
    ('half of the smallest', '0.00000000005', '0.0000000001'),
    ('rounds to 0', '0.00000000004999', null),
    ('0', '0', null),
    ('0 with decimals', '0.000', null),
    ('0 with a minus', '-0', null),
    ('negative', '-1', null),
    ('negative that rounds up to 0', '-0.00000000001', null),
    ('largest', '99999999.9999999999', '99999999.9999999999'),
    ('largest, rounded down', '99999999.99999999994', '99999999.9999999999'),
    ('too large once rounded', '99999999.99999999995', null),
    ('too large', '100000000', null),
    ('thirty digits', '123456789012345678901234567890', null),
    ('thirty decimals', '1.123456789012345678901234567890', '1.123456789'),
    ('exponent', '1e3', null),
    ('plus', '+1', null),
    ('comma', '1,5', null),
    ('no digit before the point', '.5', null),
    ('no digit behind the point', '5.', null),
    ('text', 'one', null),
    ('not a number', 'NaN', null),
    ('inner space', '1 0', null),
    ('digits of another script', '٣', null)

),

judged as (

    select
        case_name,
        weight,
        cast(expected as decimal(18, 10)) as expected,
        {{ survey_weight('weight') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
