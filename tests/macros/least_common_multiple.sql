-- Cases of least_common_multiple, exact beyond the whole numbers of a double.
with

cases (case_name, left_number, right_number, expected) as (

    values
    ('one', 1, 1, '1'),
    ('of one', 1, 4, '4'),
    ('common factor', 4, 6, '12'),
    ('either side', 6, 4, '12'),
    ('one divides the other', 10, 5, '10'),
    ('no common factor', 7, 10, '70'),
    ('equal', 6, 6, '6'),
    ('long scales', 100000000, 99999999, '9999999900000000'),
    (
        'many long scales',
        9999999900000000, 99999989, '999999880000001100000000'
    )

),

judged as (

    select
        case_name,
        left_number,
        right_number,
        cast(expected as decimal(38, 0)) as expected,
        {{ least_common_multiple('left_number', 'right_number') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
