-- Cases of p_value: published values of the normal distribution, twice its tail, to
-- fifteen digits (scipy.stats.norm.sf agrees to the last one given).
with

cases (case_name, z_text, expected_text) as (

    values
    ('nothing', '0', '1'),
    ('a little', '0.1', '0.920344325445942'),
    ('two thirds of the time', '1', '0.317310507862914'),
    ('the other side', '-1', '0.317310507862914'),
    ('one in ten', '1.6448536269514722', '0.1'),
    ('one in twenty', '1.959963984540054', '0.05'),
    ('one in a hundred', '2.5758293035489004', '0.01'),
    ('one in a thousand', '3.2905267314919255', '0.001'),
    ('five sigma', '5', '5.73303143758387e-07'),
    ('on the seam of the two formulas', '7.0710678', '1.53745992590909e-12'),
    ('far beyond it', '10', '1.52397060483209e-23'),
    ('so far that nothing is left', '60', '0')

),

judged as (

    select
        case_name,
        z,
        cast(expected_text as {{ type_double() }}) as expected,
        {{ p_value('z') }} as actual

    from (
        select
            *,
            cast(z_text as {{ type_double() }}) as z
        from cases
    ) as numbers

)

select * from judged
where
    actual is null
    or abs(actual - expected) > 1e-14
    or (expected > 0 and abs(actual / nullif(expected, 0) - 1) > 1e-8)
