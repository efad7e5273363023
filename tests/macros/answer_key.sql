-- Cases of answer_key: one spelling of a number, any other text as it is.
with

cases (case_name, folded_answer, expected) as (

    values
    ('code 6', '6', '6'),
    ('6.0 is code 6', '6.0', '6'),
    ('06 is code 6', '06', '6'),
    ('6.5 is not', '6.5', '6.5'),
    ('-0 is 0', '-0', '0'),
    ('minus', '-1.0', '-1'),
    ('text', 'n/a', 'n/a'),
    ('text with a number', '6.0 points', '6.0 points'),
    ('plus is text', '+6', '+6'),
    ('point alone is text', '6.', '6.'),
    ('empty', '', ''),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ answer_key('folded_answer') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
