-- Cases of string_literal: what the configuration says, with every quote.
with

cases as (

    select
        'plain' as case_name,
        'UTC' as expected,
        {{ string_literal('UTC') }} as actual

    union all

    select
        'quote' as case_name,
        'it' || chr(39) || 's' as expected,
        {{ string_literal("it's") }} as actual

    union all

    select
        'only a quote' as case_name,
        chr(39) as expected,
        {{ string_literal("'") }} as actual

    union all

    select
        'a statement behind a quote' as case_name,
        chr(39) || '; select 1 --' as expected,
        {{ string_literal("'; select 1 --") }} as actual

    union all

    select
        'number' as case_name,
        '42' as expected,
        {{ string_literal(42) }} as actual

    union all

    select
        'empty' as case_name,
        '' as expected,
        {{ string_literal('') }} as actual

)

select * from cases
where actual is distinct from expected
