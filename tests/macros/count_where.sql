-- Cases of count_where, with rows and with counts: 0, never null, where nothing counts.
with

answers (case_name, nps_category, answer_count) as (

    values
    ('two of three', 'promoter', 10),
    ('two of three', 'promoter', 20),
    ('two of three', 'passive', 40),
    ('all', 'promoter', 10),
    ('none', 'passive', 10),
    ('condition is null', null, 10),
    ('counts are null', 'promoter', null),
    ('more than integers hold', 'promoter', 3000000000)

),

cases (case_name, expected_rows, expected) as (

    values
    ('two of three', 2, 30),
    ('all', 1, 10),
    ('none', 0, 0),
    ('condition is null', 0, 0),
    ('counts are null', 1, 0),
    ('more than integers hold', 1, 3000000000)

),

counted as (

    select
        case_name,
        {{ count_where("nps_category = 'promoter'") }} as actual_rows,
        {{ count_where("nps_category = 'promoter'", 'answer_count') }} as actual

    from answers

    group by case_name

),

-- Without a group there is a row all the same.
counted_nothing as (

    select
        'no row at all' as case_name,
        {{ count_where("nps_category = 'promoter'") }} as actual_rows,
        {{ count_where("nps_category = 'promoter'", 'answer_count') }} as actual

    from answers
    where case_name = 'no such case'

),

judged as (

    select
        cases.case_name,
        cases.expected_rows,
        counted.actual_rows,
        cases.expected,
        counted.actual

    from cases
    left join counted
        on cases.case_name = counted.case_name

    union all

    select
        case_name,
        0 as expected_rows,
        actual_rows,
        0 as expected,
        actual

    from counted_nothing

)

select * from judged
where
    actual_rows is distinct from expected_rows
    or actual is distinct from expected
