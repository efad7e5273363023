-- Cases of share_minimum_detectable_change, for the project's confidence_level.
with

cases (case_name, level, part, whole, earlier_part, earlier_whole, expected) as (

    values
    ('80 of 100, twice', 0.95, 80, 100, 80, 100, '15.8624670981'),
    ('all of 4, twice', 0.95, 4, 4, 4, 4, '60.2805160707'),
    ('none of 4, twice', 0.95, 0, 4, 0, 4, '60.2805160707'),
    ('parts of answers', 0.95, 1.5, 2.5, 0.5, 2.5, '90.4579766479'),
    ('80 of 100, twice', 0.9, 80, 100, 80, 100, '14.0783244466'),
    ('all of 4, twice', 0.9, 4, 4, 4, 4, '53.5004206976'),
    ('none of 4, twice', 0.9, 0, 4, 0, 4, '53.5004206976'),
    ('parts of answers', 0.9, 1.5, 2.5, 0.5, 2.5, '80.283649205'),
    ('80 of 100, twice', 0.99, 80, 100, 80, 100, '19.3494727035'),
    ('all of 4, twice', 0.99, 4, 4, 4, 4, '73.5318278709'),
    ('none of 4, twice', 0.99, 0, 4, 0, 4, '73.5318278709'),
    ('parts of answers', 0.99, 1.5, 2.5, 0.5, 2.5, '110.3431224879'),
    ('nobody before', 0.95, 4, 4, 0, 0, null),
    ('nobody now', 0.95, 0, 0, 4, 4, null)

),

judged as (

    select
        case_name,
        cast(expected as {{ type_double() }}) as expected,
        {{ share_minimum_detectable_change(
            'part', 'whole', 'earlier_part', 'earlier_whole'
        ) }} as actual

    from cases
    where level = {{ confidence_level() }}

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.000000001
