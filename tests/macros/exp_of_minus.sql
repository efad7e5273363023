-- Cases of exp_of_minus: powers of e to 17 digits; the y are doubles exactly.
with

cases (case_name, y, expected) as (

    values
    ('nothing', '0', '1.0'),
    ('nearly nothing', '1e-12', '0.999999999999'),
    ('a sixty-fifth thousandth', '0.0000152587890625', '0.9999847413273523'),
    ('a half', '0.5', '0.6065306597126334'),
    ('three quarters', '0.75', '0.4723665527410147'),
    ('just below one', '0.9990234375', '0.36823887391391497'),
    ('one', '1', '0.36787944117144233'),
    ('one and a half', '1.5', '0.22313016014842982'),
    ('more than two', '2.25', '0.10539922456186433'),
    ('all small bits', '7.9990234375', '0.00033579038813820244'),
    ('five bits', '31.5', '2.0879679116459336e-14'),
    ('six bits', '63.96875', '1.6547213131988221e-28'),
    ('seven bits', '127.4375', '4.514368038132998e-56'),
    ('three hundred', '300.125', '4.543270750163927e-131'),
    ('nine bits', '511.5', '7.217262585088529e-223'),
    ('as far as a p-value goes', '684.5', '5.314068364454539e-298'),
    ('the last', '699.984375', '1.0014943856729882e-304'),
    ('beyond', '700', '0'),
    ('far beyond', '1e300', '0'),
    ('no y', null, null)

),

typed as (

    select
        case_name,
        cast(y as {{ type_double() }}) as y,
        cast(expected as {{ type_double() }}) as expected

    from cases

),

judged as (

    select
        case_name,
        expected,
        {{ exp_of_minus('y') }} as actual

    from typed

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > {{ double_literal('2e-15') }} * expected
