-- Cases of nps_category: every point of 0-10, and what lies beside it.
with

cases (case_name, score, expected) as (

    values
    ('worst', 0, 'detractor'),
    ('1', 1, 'detractor'),
    ('2', 2, 'detractor'),
    ('3', 3, 'detractor'),
    ('4', 4, 'detractor'),
    ('5', 5, 'detractor'),
    ('last detractor', 6, 'detractor'),
    ('first passive', 7, 'passive'),
    ('last passive', 8, 'passive'),
    ('first promoter', 9, 'promoter'),
    ('best', 10, 'promoter'),
    ('no score', null, null)

),

judged as (

    select
        *,
        {{ nps_category('score') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
