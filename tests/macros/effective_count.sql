-- Cases of effective_count and of the sums under it, by the weights of a group.
with

weights (case_name, weight) as (

    values
    ('one answer', '1'),
    ('equal weights', '2.5'),
    ('equal weights', '2.5'),
    ('equal weights', '2.5'),
    ('three times the other', '3'),
    ('three times the other', '1'),
    ('the smallest', '0.0000000001'),
    ('the smallest', '0.0000000001'),
    ('the largest', '99999999.9999999999'),
    ('the largest', '99999999.9999999999'),
    ('just large', '10000'),
    ('just not large', '9999.9999999999'),
    ('one that nearly is all', '99999999'),
    ('one that nearly is all', '0.0000000001'),
    ('nobody', null)

),

expected_sums (case_name, squares, large_squares, expected) as (

    values
    ('one answer', '1', '0', '1'),
    ('equal weights', '18.75', '0', '3'),
    ('three times the other', '10', '0', '1.6'),
    ('the smallest', '0.00000000000000000002', '0', '2'),
    ('the largest', '0', '19999999999999999.96', '2'),
    ('just large', '0', '100000000', '1'),
    ('just not large', '99999999.99999800000000000001', '0', '1'),
    ('one that nearly is all', '0.00000000000000000001', '9999999800000001', '1'),
    ('nobody', '0', '0', null)

),

typed as (

    select
        case_name,
        cast(weight as decimal(18, 10)) as weight

    from weights

),

summed as (

    select
        case_name,
        cast(sum(weight) as decimal(38, 10)) as weight_sum,
        {{ weight_square_sum('weight') }} as weight_square_sum,
        {{ large_weight_square_sum('weight') }} as large_weight_square_sum

    from typed

    group by case_name

),

judged as (

    select
        summed.*,
        cast(expected_sums.squares as decimal(38, 20)) as squares,
        cast(expected_sums.large_squares as decimal(38, 10)) as large_squares,
        cast(expected_sums.expected as {{ type_double() }}) as expected,
        {{ effective_count(
            'summed.weight_sum',
            'summed.weight_square_sum',
            'summed.large_weight_square_sum'
        ) }} as actual

    from summed
    inner join expected_sums
        on summed.case_name = expected_sums.case_name

)

select * from judged
where
    weight_square_sum is distinct from squares
    or large_weight_square_sum is distinct from large_squares
    or (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.00000000000001
