-- Cases of same_value and other_value: null is a value like any other.
with

cases (case_name, left_value, right_value, expected) as (

    values
    ('equal', 'a', 'a', true),
    ('different', 'a', 'b', false),
    ('null and a value', null, 'a', false),
    ('a value and null', 'a', null, false),
    ('null and empty', null, '', false),
    ('nulls', null, null, true)

),

judged as (

    select
        *,
        {{ same_value('left_value', 'right_value') }} as is_same,
        ({{ other_value('left_value', 'right_value') }}) as is_other

    from cases

)

select * from judged
where
    is_same is distinct from expected
    or is_other is not distinct from expected
