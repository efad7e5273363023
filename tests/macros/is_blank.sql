-- Cases of is_blank: null, empty or only spaces; never null itself.
with

cases (case_name, answer, expected) as (

    values
    ('null', null, true),
    ('empty', '', true),
    ('space', ' ', true),
    ('tab', chr(9), true),
    ('CR and LF', chr(13) || chr(10), true),
    ('several', ' ' || chr(9) || chr(10) || ' ', true),
    ('zero', '0', false),
    ('letter', ' a ', false),
    ('no-break space', chr(160), false),
    ('the word null', 'null', false)

),

judged as (

    select
        *,
        {{ is_blank('answer') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
