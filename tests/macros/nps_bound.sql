-- Cases of nps_bound: half promoters and a fifth detractors, and small groups. Those
-- of a level are for the project's confidence_level.
with

cases (
    case_name, level, promoters, detractors, whole, expected_low, expected_high
) as (

    values
    ('30 answers', 0.95, 15, 6, 30, '0.6812720114', '53.8641825341'),
    ('50 answers', 0.95, 25, 10, 50, '7.2994909692', '49.3042826157'),
    ('100 answers', 0.95, 50, 20, 100, '14.0511301788', '44.2012970057'),
    ('200 answers', 0.95, 100, 40, 200, '18.8154516114', '40.2978488813'),
    ('400 answers', 0.95, 200, 80, 400, '22.1522743923', '37.4010754837'),
    ('1,000 answers', 0.95, 500, 200, 1000, '25.0770002748', '34.74353811'),
    ('as many detractors', 0.95, 20, 50, 100, '-44.2012970057', '-14.0511301788'),
    ('one promoter', 0.95, 1, 0, 1, '-48.4986494203', '98.4986494203'),
    ('one detractor', 0.95, 0, 1, 1, '-98.4986494203', '48.4986494203'),
    ('one passive', 0.95, 0, 0, 1, '-60.0113959544', '60.0113959544'),
    ('all promoters are cut at 100', 0.95, 4, 0, 4, '6.9441779803', '100'),
    ('all detractors are cut at -100', 0.95, 0, 4, 4, '-100', '-6.9441779803'),
    ('only passives are not certain', 0.95, 0, 0, 100, '-2.3305396487', '2.3305396487'),
    ('half an answer', 0.95, 1.25, 0.5, 2.5, '-49.5879247631', '76.8606520359'),
    ('big', 0.95, 1000000000, 3000000000, 4000000000, '-50.002683754', '-49.997316171'),
    ('nobody answered', 0.95, 0, 0, 0, null, null),
    ('no counts', 0.95, null, null, 4, null, null),
    ('ten promoters, at 0.9', 0.9, 10, 0, 10, '52.2334329279', '100'),
    ('ten detractors, at 0.9', 0.9, 0, 10, 10, '-100', '-52.2334329279'),
    ('30 answers, at 0.9', 0.9, 15, 6, 30, '4.9564745367', '49.5889800088'),
    ('50 answers, at 0.9', 0.9, 25, 10, 50, '10.6761205962', '45.9276529887'),
    ('100 answers, at 0.9', 0.9, 50, 20, 100, '16.4748047782', '41.7776224063'),
    ('30 answers, at 0.99', 0.99, 15, 6, 30, '-7.6743688099', '62.2198233553')

),

judged as (

    select
        case_name,
        cast(expected_low as {{ type_double() }}) as low,
        cast(expected_high as {{ type_double() }}) as high,
        {{ nps_bound('promoters', 'detractors', 'whole', 'low') }} as actual_low,
        {{ nps_bound('promoters', 'detractors', 'whole', 'high') }} as actual_high

    from cases
    where level = {{ confidence_level() }}

)

select * from judged
where
    (actual_low is null) <> (low is null)
    or (actual_high is null) <> (high is null)
    or abs(actual_low - low) > 0.000000001
    or abs(actual_high - high) > 0.000000001
