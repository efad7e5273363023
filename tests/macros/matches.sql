-- Cases of matches: the whole text, or it does not match.
with

cases (case_name, answer, expected) as (

    values
    ('all of it', '42', true),
    ('more behind', '42x', false),
    ('more before', 'x42', false),
    ('line end behind', '42' || chr(10), false),
    ('second line', 'x' || chr(10) || '42', false),
    ('empty', '', false),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ matches('answer', "'[0-9]+'") }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
