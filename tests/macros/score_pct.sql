-- Cases of score_pct: from 0 at the worst end to 100 at the best.
with

cases (case_name, score, min_score, max_score, best_is_high, expected) as (

    values
    ('5 points: worst', 1, 1, 5, true, '0'),
    ('5 points: middle', 3, 1, 5, true, '50'),
    ('5 points: best', 5, 1, 5, true, '100'),
    ('7 points: not rounded', 2, 1, 7, true, '16.666666666666668'),
    ('7 points: 6', 6, 1, 7, true, '83.33333333333333'),
    ('0-10: 0 is the worst', 0, 0, 10, true, '0'),
    ('0-10: 7', 7, 0, 10, true, '70'),
    ('reversed: best', 1, 1, 6, false, '100'),
    ('reversed: second', 2, 1, 6, false, '80'),
    ('reversed: worst', 6, 1, 6, false, '0'),
    ('good/bad: bad', 0, 0, 1, true, '0'),
    ('good/bad: good', 1, 0, 1, true, '100'),
    ('below zero: middle', 0, -3, 3, true, '50'),
    ('below zero, reversed', -5, -5, -1, false, '100'),
    ('slider', 99999999, 0, 100000000, true, '99.999999'),
    ('no score', null, 1, 5, true, null)

),

judged as (

    select
        case_name,
        score,
        min_score,
        max_score,
        best_is_high,
        cast(expected as {{ type_double() }}) as expected,
        {{ score_pct('score', 'min_score', 'max_score', 'best_is_high') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
