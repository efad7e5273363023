-- Cases of remainder.
with

cases (case_name, number, expected) as (

    values
    ('nothing', 0, 0),
    ('below the divisor', 3, 3),
    ('the divisor', 4, 0),
    ('above it', 7, 3),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ remainder('number', 4) }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
