-- Cases of mean_score_pct: from sums of common steps, one division.
with

cases (case_name, common_steps, response_count, common_step_count, expected) as (

    values
    ('all at the worst end', 0, 3, 4, '0'),
    ('all at the best end', 12, 3, 4, '100'),
    ('in the middle', 2, 1, 4, '50'),
    ('not rounded', 4, 3, 2, '66.66666666666667'),
    ('5 of 5 points and 4 of 7 points, on 12 steps', 18, 2, 12, '75'),
    ('nobody answered', 0, 0, 4, null),
    ('no steps', null, 0, 4, null),
    ('many answers', 300000000000, 100000000000, 4, '75')

),

judged as (

    select
        case_name,
        common_steps,
        response_count,
        common_step_count,
        cast(expected as {{ type_double() }}) as expected,
        {{ mean_score_pct('common_steps', 'response_count', 'common_step_count') }}
            as actual

    from cases

)

select * from judged
where actual is distinct from expected
