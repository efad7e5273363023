-- Cases of whole_number: decided on the text, never rounded.
with

cases (case_name, top_box_count, expected) as (

    values
    ('digit', '7', 7),
    ('spaces', ' 7 ', 7),
    ('line end', '7' || chr(13) || chr(10), 7),
    ('decimals of zero', '7.0', 7),
    ('leading zeros', '0007', 7),
    ('zero', '0', 0),
    ('minus', '-1', -1),
    ('minus zero', '-0.0', 0),
    ('decimals', '6.5', null),
    ('almost 7', '6.99999999999999999999', null),
    ('a little more than 7', '7.00000000000000000001', null),
    ('nine digits', '999999999', 999999999),
    ('nine digits and a minus', '-999999999', -999999999),
    ('nine digits and zeros', '00999999999.00', 999999999),
    ('ten digits', '1000000000', null),
    ('thirty digits', '123456789012345678901234567890', null),
    ('plus', '+7', null),
    ('exponent', '1e1', null),
    ('comma', '7,0', null),
    ('point alone', '7.', null),
    ('text', 'seven', null),
    ('digits of another script', '٣', null),
    ('minus alone', '-', null),
    ('only spaces', ' ', null),
    ('empty', '', null),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ whole_number('top_box_count') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
