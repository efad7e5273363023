-- Cases of p_value: values of the standard normal distribution as they are tabulated.
with

cases (case_name, z, expected) as (

    values
    ('nothing', 0.0, '1.0'),
    ('half', 0.5, '0.6170750774519738'),
    ('one', 1.0, '0.31731050786291415'),
    ('a tenth', 1.645, '0.09996981107824274'),
    ('a twentieth', 1.96, '0.04999579029644087'),
    ('a hundredth', 2.576, '0.009995064631470037'),
    ('three', 3.0, '0.0026997960632601913'),
    ('four', 4.0, '6.334248366623993e-05'),
    ('five', 5.0, '5.733031437583892e-07'),
    ('six', 6.0, '1.9731752900754024e-09'),
    ('before the other form', 6.99, '2.748862439370245e-12'),
    ('behind it', 7.01, '2.383181247728993e-12'),
    ('eight', 8.0, '1.2441921148543639e-15'),
    ('ten', 10.0, '1.5239706048321186e-23'),
    ('far out', 20.0, '5.507248237212663e-89'),
    ('the last', 37.0, '1.1451142445050278e-299'),
    ('negative', -1.96, '0.04999579029644087'),
    ('beyond every double', 38.0, '0'),
    ('beyond every power', 1000000.0, '0'),
    ('no z', null, null)

),

typed as (

    select
        case_name,
        cast(z as {{ type_double() }}) as z,
        cast(expected as {{ type_double() }}) as expected

    from cases

),

judged as (

    select
        case_name,
        expected,
        {{ p_value('z') }} as actual

    from typed

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.00000001 * expected
    or abs(actual - expected) > 0.000000000000001
