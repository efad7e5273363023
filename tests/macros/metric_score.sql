-- Cases of metric_score: an NPS takes what is against it from what is for it, a share
-- does not.
with

cases (
    case_name, metric, positive_count, negative_count, response_count, expected
) as (

    values
    ('an NPS', 'nps', 3, 1, 4, 50),
    ('an NPS of as many', 'nps', 2, 2, 4, 0),
    ('a CSAT', 'csat', 3, 1, 4, 75),
    ('a CES', 'ces', 3, 1, 4, 75),
    ('nobody answered', 'nps', 0, 0, 0, null),
    ('nobody was asked', 'csat', 0, 0, 0, null)

),

judged as (

    select
        case_name,
        expected,
        {{ metric_score(
            'metric', 'positive_count', 'negative_count', 'response_count'
        ) }} as actual

    from cases

)

select * from judged
where actual is distinct from cast(expected as {{ type_double() }})
