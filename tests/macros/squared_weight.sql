-- Cases of squared_weight: every decimal is kept, or the tenth rounded half up.
with

cases (case_name, weight_text, exact_text, rounded_text) as (

    values
    ('one', '1', '1', '1'),
    ('smallest', '0.0000000001', '0.00000000000000000001', '0'),
    ('ten decimals', '0.5536751235', '0.30655614238274025225', '0.3065561424'),
    ('half', '0.00001', '0.0000000001', '0.0000000001'),
    ('rounded up', '0.0000122475', '0.00000000015000125625', '0.0000000002'),
    ('large', '9999.9999999999', '99999999.99999800000000000001', '99999999.999998'),
    ('null', null, null, null)

),

typed as (

    select
        case_name,
        cast(weight_text as {{ type_decimal(18, 10) }}) as weight,
        cast(exact_text as {{ type_decimal(38, 20) }}) as exact_square,
        cast(rounded_text as {{ type_decimal(38, 10) }}) as rounded_square

    from cases

),

judged as (

    select
        *,
        {{ squared_weight('weight') }} as actual_exact_square,
        {{ squared_weight('weight', 10) }} as actual_rounded_square

    from typed

)

select * from judged
where
    actual_exact_square is distinct from exact_square
    or actual_rounded_square is distinct from rounded_square
