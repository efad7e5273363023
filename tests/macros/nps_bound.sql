-- Cases of nps_bound, at 95 %: half of them promoters, a fifth detractors; margins of error
-- to one digit. And what must not happen at the ends.
with

cases (case_name, promoter_count, detractor_count, response_count, low, high) as (

    values
    ('30 answers', 15, 6, 30, '0.7', '53.9'),
    ('50 answers', 25, 10, 50, '7.3', '49.3'),
    ('100 answers', 50, 20, 100, '14.05', '44.2'),
    ('400 answers', 200, 80, 400, '22.15', '37.4'),
    ('1000 answers', 500, 200, 1000, '25.1', '34.7'),
    ('one promoter', 1, 0, 1, '-48.5', '98.5'),
    ('all of eight promoters', 8, 0, 8, '38.5', '100'),
    ('nobody answered', 0, 0, 0, null, null)

),

judged as (

    select
        case_name,
        cast(low as {{ type_double() }}) as expected_low,
        cast(high as {{ type_double() }}) as expected_high,
        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'low') }}
            as actual_low,
        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'high') }}
            as actual_high

    from cases

)

select * from judged
where
    {{ double_literal(confidence_z()) }} between 1.9599 and 1.96
    and (
        (expected_low is null) <> (actual_low is null)
        or (expected_high is null) <> (actual_high is null)
        or abs(actual_low - expected_low) > 0.051
        or abs(actual_high - expected_high) > 0.051
    )
