-- Cases of weighted_share_pct, and of weight_where under it.
with

cases (case_name, is_part, weight, expected_weight, expected) as (

    values
    ('three of four', true, 3, '3', '75'),
    ('three of four', false, 1, '3', '75'),
    ('all', true, 0.5, '0.5', '100'),
    ('all, not a digit more', true, 0.007, '0.007', '100'),
    ('all, not a digit less', true, 0.081, '0.081', '100'),
    ('none', false, 2, '0', '0'),
    ('not known is not in it', null, 2, '0', '0'),
    ('two parts', true, 1, '2', '66.66666666666667'),
    ('two parts', true, 1, '2', '66.66666666666667'),
    ('two parts', false, 1, '2', '66.66666666666667'),
    ('no weight', true, null, '0', null)

),

summed as (

    select
        case_name,
        cast(sum(weight) as decimal(38, 10)) as weight_sum,
        {{ weight_where('is_part', 'weight') }} as actual_weight,
        cast(min(expected_weight) as decimal(38, 10)) as expected_weight,
        cast(min(expected) as {{ type_double() }}) as expected

    from cases

    group by case_name

),

judged as (

    select
        *,
        {{ weighted_share_pct('actual_weight', 'weight_sum') }} as actual

    from summed

)

select * from judged
where
    actual is distinct from expected
    or actual_weight is distinct from expected_weight
