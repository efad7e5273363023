-- Cases of csat_pct: null for nobody, unrounded doubles otherwise.
with

cases (case_name, satisfied_count, response_count, expected) as (

    values
    ('3 of 4 is 75, not 133', 3, 4, '75'),
    ('none', 0, 4, '0'),
    ('all', 4, 4, '100'),
    ('one', 1, 1, '100'),
    ('nobody answered', 0, 0, null),
    ('not rounded', 2, 3, '66.66666666666667'),
    ('small share', 1, 3000000, '3.3333333333333335e-05'),
    ('more than integers hold', 3000000000, 4000000000, '75'),
    ('null counts', null, 4, null)

),

judged as (

    select
        case_name,
        satisfied_count,
        response_count,
        cast(expected as {{ type_double() }}) as expected,
        {{ csat_pct('satisfied_count', 'response_count') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
