-- Cases of fingerprint: equal rows have one, and what differs has another here.
with

cases (case_name, left_text, left_number, right_text, right_number, expected) as (

    values
    ('equal', 'a', 1, 'a', 1, true),
    ('equal nulls', null, 1, null, 1, true),
    ('all null', null, null, null, null, true),
    ('another text', 'a', 1, 'b', 1, false),
    ('another number', 'a', 1, 'a', 2, false),
    ('null is not empty', null, 1, '', 1, false),
    ('null is not zero', 'a', null, 'a', 0, false),
    ('case', 'a', 1, 'A', 1, false),
    ('space', 'a', 1, 'a ', 1, false)

),

fingerprinted as (

    select
        *,
        {{ fingerprint(['left_text', 'left_number']) }} as left_print,
        {{ fingerprint(['right_text', 'right_number']) }} as right_print

    from cases

),

judged as (

    select
        *,
        left_print = right_print as actual

    from fingerprinted

)

select * from judged
where
    actual is distinct from expected
    or (left_print >= 0 and left_print < 1000000007) is not true
