-- Cases of wilson_pct: what is known of 85 of 100, and the ends, which are exact. Those
-- of a level are for the project's confidence_level.
with

cases (case_name, level, part, whole, expected_low, expected_high) as (

    values
    ('85 of 100', 0.95, 85, 100, '76.7164404092', '90.6940147163'),
    ('17 of 20', 0.95, 17, 20, '63.9581135259', '94.7631254104'),
    ('3 of 4', 0.95, 3, 4, '30.0641842582', '95.441273919'),
    ('all of 4', 0.95, 4, 4, '51.0109163545', '100'),
    ('none of 3', 0.95, 0, 3, '0', '56.1497031755'),
    ('one of one', 0.95, 1, 1, '20.6549314377', '100'),
    ('none of one', 0.95, 0, 1, '0', '79.3450685623'),
    ('half an answer', 0.95, 1.5, 2.5, '15.3347844695', '92.5498366269'),
    ('many', 0.95, 800000000, 3000000000, '26.6650842737', '26.6682491194'),
    ('nobody answered', 0.95, 0, 0, null, null),
    ('no counts', 0.95, null, 4, null, null),
    ('85 of 100, at 0.9', 0.9, 85, 100, '78.2096963112', '89.946313234'),
    ('17 of 20, at 0.9', 0.9, 17, 20, '67.8171924325', '93.8417589523'),
    ('3 of 4, at 0.9', 0.9, 3, 4, '35.6168008599', '94.20926788'),
    ('85 of 100, at 0.99', 0.99, 85, 100, '73.6530960886', '91.9914557713')

),

judged as (

    select
        case_name,
        expected_low,
        expected_high,
        {{ wilson_pct('part', 'whole', 'low') }} as actual_low,
        {{ wilson_pct('part', 'whole', 'high') }} as actual_high

    from cases
    where level = {{ confidence_level() }}

),

differences as (

    select
        *,
        cast(expected_low as {{ type_double() }}) as low,
        cast(expected_high as {{ type_double() }}) as high

    from judged

)

select * from differences
where
    (actual_low is null) <> (low is null)
    or (actual_high is null) <> (high is null)
    or abs(actual_low - low) > 0.000000001
    or abs(actual_high - high) > 0.000000001
    -- The ends of the scale are bounds themselves, not almost.
    or (low = 0 and actual_low <> 0)
    or (high = 100 and actual_high <> 100)
