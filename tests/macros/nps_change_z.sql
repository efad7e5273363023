-- Cases of nps_change_z: 46 that becomes 39 is no drop, with 87 and 94 answers.
with

cases (
    case_name, promoters, detractors, whole,
    earlier_promoters, earlier_detractors, earlier_whole, expected
) as (

    values
    ('46 to 39, 20 % passive', 55.93, 19.27, 94, 54.81, 14.79, 87, '-0.5794813824'),
    ('46 to 39, 25 % passive', 53.58, 16.92, 94, 52.635, 12.615, 87, '-0.603551708'),
    ('46 to 39, 30 % passive', 51.23, 14.57, 94, 50.46, 10.44, 87, '-0.630894388'),
    ('ten times the answers', 540, 170, 940, 530, 130, 870, '-1.8512324333'),
    ('one promoter, one detractor', 1, 0, 1, 0, 1, 1, '0.9428090416'),
    ('all promoters, both times', 4, 0, 4, 4, 0, 4, '0'),
    ('the same of more', 50, 20, 100, 5, 2, 10, '0.2649853337'),
    ('parts of answers', 1.25, 0.5, 2.5, 0.5, 1.25, 2.5, '0.597830011'),
    ('nobody before', 4, 0, 4, 0, 0, 0, null),
    ('nobody now', 0, 0, 0, 4, 0, 4, null)

),

judged as (

    select
        case_name,
        cast(expected as {{ type_double() }}) as expected,
        {{ nps_change_z(
            'promoters', 'detractors', 'whole',
            'earlier_promoters', 'earlier_detractors', 'earlier_whole'
        ) }} as actual

    from cases

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.000000001
