-- Cases of correlation, of the pairs that stand in their names.
with

cases (case_name, n, sum_x, sum_y, sum_xx, sum_yy, sum_xy, expected) as (

    values
    ('1 1, 2 2, 3 3', 3, 6, 6, 14, 14, 14, '1'),
    ('1 3, 2 2, 3 1', 3, 6, 6, 14, 14, 10, '-1'),
    ('1 1, 1 2, 2 1, 2 2', 4, 6, 6, 10, 10, 9, '0'),
    ('1 2, 2 1, 3 4, 4 3', 4, 10, 10, 30, 30, 28, '0.6'),
    ('1 0, 2 10, 3 10', 3, 6, 20, 14, 200, 50, '0.8660254037844386'),
    ('one pair', 1, 1, 1, 1, 1, 1, null),
    ('x never varies', 3, 6, 6, 12, 14, 12, null),
    ('y never varies', 3, 6, 6, 14, 12, 12, null),
    ('no pair', 0, 0, 0, 0, 0, 0, null),
    ('nothing known', null, null, null, null, null, null, null)

),

typed as (

    select
        case_name,
        {%- for number in ['n', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy'] %}
        cast({{ number }} as {{ type_double() }}) as {{ number }},
        {%- endfor %}
        cast(expected as {{ type_double() }}) as expected

    from cases

),

judged as (

    select
        case_name,
        expected,
        {{ correlation('n', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy') }} as actual

    from typed

)

select * from judged
where
    (actual is null) <> (expected is null)
    or abs(actual - expected) > 0.000000000001
