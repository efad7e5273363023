-- Cases of decimal_as_double and double_literal: digits that more than one rounding, or
-- too few bits on the way, would make another double of.
with

cases (case_name, digits) as (

    values
    ('nothing', '0'),
    ('a tenth', '0.1'),
    ('negative', '-0.3'),
    ('the least', '0.00000000000000000001'),
    ('a third', '0.33333333333333333333'),
    ('more digits than a double has', '123456789012345.67890123456789012345'),
    ('half-way between two doubles', '9007199254740993.00000000000000000000'),
    ('just above half-way', '9007199254740993.00000000000000000001'),
    ('no value', null)

),

typed as (

    select
        case_name,
        cast(digits as decimal(38, 20)) as decimal_value,
        cast(digits as {{ type_double() }}) as expected

    from cases

),

converted as (

    select
        case_name,
        expected,
        {{ decimal_as_double('decimal_value') }} as actual

    from typed

),

literals as (

    select
        'literal' as case_name,
        cast('1.9207294103470644' as {{ type_double() }}) as expected,
        {{ double_literal(1.9207294103470644) }} as actual

),

judged as (

    select * from converted
    union all
    select * from literals

)

select * from judged
where actual is distinct from expected
