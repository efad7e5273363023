-- Cases of common_steps: scores of several scales on one of common_step_count steps.
with

cases (
    case_name,
    score,
    min_score,
    max_score,
    best_is_high,
    common_step_count,
    expected
) as (

    values
    ('5 points on 12 steps: worst', 1, 1, 5, true, 12, 0),
    ('5 points on 12 steps: middle', 3, 1, 5, true, 12, 6),
    ('5 points on 12 steps: best', 5, 1, 5, true, 12, 12),
    ('7 points on 12 steps', 5, 1, 7, true, 12, 8),
    ('its own scale', 4, 1, 5, true, 4, 3),
    ('good/bad on 60 steps', 1, 0, 1, true, 60, 60),
    ('reversed: best', 1, 1, 6, false, 60, 60),
    ('reversed: second', 2, 1, 6, false, 60, 48),
    ('reversed: worst', 6, 1, 6, false, 60, 0),
    ('largest common scale', 3, 1, 4, true, 999999999999999, 666666666666666),
    ('no common multiple: rounded', 2, 1, 4, true, 1000000000000000, 333333333333333),
    ('no common multiple: up', 3, 1, 4, true, 1000000000000000, 666666666666667),
    ('no score', null, 1, 5, true, 12, null)

),

judged as (

    select
        *,
        {{ common_steps(
            'score',
            'min_score',
            'max_score',
            'best_is_high',
            'cast(common_step_count as decimal(38, 0))'
        ) }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
