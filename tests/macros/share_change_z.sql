-- Cases of share_change_z: the N-1 test of two proportions.
with

cases (case_name, part, whole, earlier_part, earlier_whole, expected) as (

    values
    ('ten points of a hundred', 60, 100, 70, 100, '-1.4787877423'),
    ('of a thousand', 600, 1000, 700, 1000, '-4.6869001448'),
    ('up', 9, 10, 3, 6, '1.7320508076'),
    ('all, both times', 4, 4, 7, 7, '0'),
    ('none, both times', 0, 4, 0, 7, '0'),
    ('from none to all', 4, 4, 0, 4, '2.6457513111'),
    ('the same share', 30, 40, 60, 80, '0'),
    ('one and one', 1, 1, 0, 1, '1'),
    ('parts of answers', 1.5, 2.5, 0.5, 2.5, '0.8164965809'),
    ('many', 1500000000, 3000000000, 1500100000, 3000000000, '-2.5819888987'),
    ('nobody before', 4, 4, 0, 0, null),
    ('nobody now', 0, 0, 4, 4, null),
    ('not known before', 4, 4, null, null, null)

),

judged as (

    select
        case_name,
        cast(expected as {{ type_double() }}) as expected,
        {{ share_change_z('part', 'whole', 'earlier_part', 'earlier_whole') }} as actual

    from cases

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.000000001
