-- Cases of nps: 0 where promoters and detractors are as many, null for nobody.
with

cases (case_name, promoter_count, detractor_count, response_count, expected) as (

    values
    ('all promoters', 4, 0, 4, '100'),
    ('all detractors', 0, 4, 4, '-100'),
    ('as many', 2, 2, 4, '0'),
    ('only passives', 0, 0, 4, '0'),
    ('nobody answered', 0, 0, 0, null),
    ('passives count in the whole', 1, 0, 4, '25'),
    ('more detractors', 1, 2, 4, '-25'),
    ('not rounded', 2, 1, 3, '33.333333333333336'),
    ('one division', 1, 8, 9, '-77.77777777777777'),
    ('more than integers hold', 1000000000, 3000000000, 4000000000, '-50')

),

judged as (

    select
        case_name,
        promoter_count,
        detractor_count,
        response_count,
        cast(expected as {{ type_double() }}) as expected,
        {{ nps('promoter_count', 'detractor_count', 'response_count') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
