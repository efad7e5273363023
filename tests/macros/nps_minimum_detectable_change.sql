-- Cases of nps_minimum_detectable_change: with half promoters and a fifth detractors it
-- takes 955 answers each time to see ten points; 954 are not enough. Those of a level
-- are for the project's confidence_level.
with

cases (
    case_name, level, promoters, detractors, whole,
    earlier_promoters, earlier_detractors, earlier_whole, expected
) as (

    values
    ('1,000 answers, twice', 0.95, 500, 200, 1000, 500, 200, 1000, '9.7703855901'),
    ('94 and 87', 0.95, 54, 17, 94, 53, 13, 87, '31.1265382497'),
    ('4 promoters, twice', 0.95, 4, 0, 4, 4, 0, 4, '101.4759285888'),
    ('1,000 answers, twice', 0.9, 500, 200, 1000, 500, 200, 1000, '8.6714542861'),
    ('94 and 87', 0.9, 54, 17, 94, 53, 13, 87, '27.6255579708'),
    ('4 promoters, twice', 0.9, 4, 0, 4, 4, 0, 4, '90.0623488992'),
    ('1,000 answers, twice', 0.99, 500, 200, 1000, 500, 200, 1000, '11.918184486'),
    ('94 and 87', 0.99, 54, 17, 94, 53, 13, 87, '37.9690056089'),
    ('4 promoters, twice', 0.99, 4, 0, 4, 4, 0, 4, '123.7831226474'),
    ('955 answers, twice', 0.95, 477.5, 191.0, 955, 477.5, 191.0, 955, '9.9972001629'),
    ('954 answers, twice', 0.95, 477.0, 190.8, 954, 477.0, 190.8, 954, '10.002421445'),
    ('nobody before', 0.95, 4, 0, 4, 0, 0, 0, null),
    ('nobody now', 0.95, 0, 0, 0, 4, 0, 4, null)

),

judged as (

    select
        case_name,
        cast(expected as {{ type_double() }}) as expected,
        {{ nps_minimum_detectable_change(
            'promoters', 'detractors', 'whole',
            'earlier_promoters', 'earlier_detractors', 'earlier_whole'
        ) }} as actual

    from cases
    where level = {{ confidence_level() }}

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.000000001
