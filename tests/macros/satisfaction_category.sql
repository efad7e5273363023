-- Cases of satisfaction_category: the points next to each boundary, on scales of every
-- kind.
with

cases (
    case_name,
    score,
    min_score,
    max_score,
    best_is_high,
    top_box_count,
    bottom_box_count,
    expected
) as (

    values
    ('5 points: worst', 1, 1, 5, true, 2, 2, 'dissatisfied'),
    ('5 points: last bottom box', 2, 1, 5, true, 2, 2, 'dissatisfied'),
    ('5 points: middle', 3, 1, 5, true, 2, 2, 'neutral'),
    ('5 points: first top box', 4, 1, 5, true, 2, 2, 'satisfied'),
    ('5 points: best', 5, 1, 5, true, 2, 2, 'satisfied'),
    ('7 points: last bottom box', 2, 1, 7, true, 2, 2, 'dissatisfied'),
    ('7 points: first of the middle', 3, 1, 7, true, 2, 2, 'neutral'),
    ('7 points: last of the middle', 5, 1, 7, true, 2, 2, 'neutral'),
    ('7 points: first top box', 6, 1, 7, true, 2, 2, 'satisfied'),
    ('reversed: best', 1, 1, 6, false, 2, 2, 'satisfied'),
    ('reversed: last top box', 2, 1, 6, false, 2, 2, 'satisfied'),
    ('reversed: first of the middle', 3, 1, 6, false, 2, 2, 'neutral'),
    ('reversed: last of the middle', 4, 1, 6, false, 2, 2, 'neutral'),
    ('reversed: first bottom box', 5, 1, 6, false, 2, 2, 'dissatisfied'),
    ('reversed: worst', 6, 1, 6, false, 2, 2, 'dissatisfied'),
    ('good/bad: good', 1, 0, 1, true, 1, 1, 'satisfied'),
    ('good/bad: bad', 0, 0, 1, true, 1, 1, 'dissatisfied'),
    ('bad/good: 0 is good', 0, 0, 1, false, 1, 1, 'satisfied'),
    ('bad/good: 1 is bad', 1, 0, 1, false, 1, 1, 'dissatisfied'),
    ('0-10: last bottom box', 6, 0, 10, true, 2, 7, 'dissatisfied'),
    ('0-10: between', 7, 0, 10, true, 2, 7, 'neutral'),
    ('0-10: last of the middle', 8, 0, 10, true, 2, 7, 'neutral'),
    ('0-10: first top box', 9, 0, 10, true, 2, 7, 'satisfied'),
    ('top 1: below', 4, 1, 5, true, 1, 2, 'neutral'),
    ('top 1: best', 5, 1, 5, true, 1, 2, 'satisfied'),
    ('top 3: below', 4, 1, 7, true, 3, 3, 'neutral'),
    ('top 3: first', 5, 1, 7, true, 3, 3, 'satisfied'),
    ('bottom 0: worst', 1, 1, 5, true, 2, 0, 'neutral'),
    ('bottom 0, reversed: worst', 5, 1, 5, false, 2, 0, 'neutral'),
    ('no middle: last bottom box', 2, 1, 4, true, 2, 2, 'dissatisfied'),
    ('no middle: first top box', 3, 1, 4, true, 2, 2, 'satisfied'),
    ('all boxes are top boxes', 1, 1, 5, true, 5, 0, 'satisfied'),
    ('below zero: last bottom box', -2, -3, 3, true, 2, 2, 'dissatisfied'),
    ('below zero: middle', 0, -3, 3, true, 2, 2, 'neutral'),
    ('below zero: first top box', 2, -3, 3, true, 2, 2, 'satisfied'),
    ('slider', 99999999, 0, 100000000, true, 2, 2, 'satisfied'),
    ('slider: below', 99999998, 0, 100000000, true, 2, 2, 'neutral'),
    ('no score', null, 1, 5, true, 2, 2, null),
    ('no score, reversed', null, 1, 6, false, 2, 2, null)

),

judged as (

    select
        *,
        {{ satisfaction_category(
            'score',
            'min_score',
            'max_score',
            'best_is_high',
            'top_box_count',
            'bottom_box_count'
        ) }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
