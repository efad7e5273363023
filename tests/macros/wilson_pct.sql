-- Cases of wilson_pct, at 95 %: worked out to two digits by hand from the formula.
with

cases (case_name, part_count, response_count, low, high) as (

    values
    ('85 of 100', 85, 100, '76.72', '90.69'),
    ('17 of 20', 17, 20, '63.96', '94.76'),
    ('3 of 4', 3, 4, '30.06', '95.44'),
    ('all of 4', 4, 4, '51.01', '100.00'),
    ('none of 3', 0, 3, '0.00', '56.15'),
    ('nobody answered', 0, 0, null, null)

),

judged as (

    select
        case_name,
        cast(low as {{ type_double() }}) as expected_low,
        cast(high as {{ type_double() }}) as expected_high,
        {{ wilson_pct('part_count', 'response_count', 'low') }} as actual_low,
        {{ wilson_pct('part_count', 'response_count', 'high') }} as actual_high

    from cases

)

select * from judged
where
    {{ double_literal(confidence_z()) }} between 1.9599 and 1.96
    and (
        (expected_low is null) <> (actual_low is null)
        or (expected_high is null) <> (actual_high is null)
        or abs(actual_low - expected_low) > 0.0051
        or abs(actual_high - expected_high) > 0.0051
    )
