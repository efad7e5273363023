-- Cases of answer_side: every category, and none.
with

cases (nps_category, satisfaction_category, expected) as (

    values
    ('promoter', null, 1),
    ('passive', null, 0),
    ('detractor', null, -1),
    (null, 'satisfied', 1),
    (null, 'neutral', 0),
    (null, 'dissatisfied', -1),
    (null, null, 0)

),

judged as (

    select
        nps_category,
        satisfaction_category,
        expected,
        {{ answer_side('nps_category', 'satisfaction_category') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
