-- Cases of steps_from_worst: 0 at the worst end of a scale, max - min at the best.
with

cases (case_name, score, min_score, max_score, best_is_high, expected) as (

    values
    ('worst', 1, 1, 5, true, 0),
    ('next to worst', 2, 1, 5, true, 1),
    ('best', 5, 1, 5, true, 4),
    ('zero is the worst', 0, 0, 10, true, 0),
    ('reversed: best', 1, 1, 6, false, 5),
    ('reversed: worst', 6, 1, 6, false, 0),
    ('below zero: worst', -3, -3, 3, true, 0),
    ('below zero: best', 3, -3, 3, true, 6),
    ('below zero, reversed: best', -5, -5, -1, false, 4),
    ('long scale', 999999999, -999999999, 999999999, true, 1999999998),
    ('no score', null, 1, 5, true, null),
    ('no score, reversed', null, 1, 5, false, null)

),

judged as (

    select
        *,
        {{ steps_from_worst('score', 'min_score', 'max_score', 'best_is_high') }}
            as actual

    from cases

)

select * from judged
where actual is distinct from expected
