-- depends_on: {{ ref('int_definitions_checked') }}
with

rating_scales as (

    select * from {{ ref('stg_definitions__rating_scales') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers') }}

),

code_lists as (

    select
        scale_id,
        'blank' as status_reason,
        blank_codes as codes

    from rating_scales
    where blank_codes is not null

    union all

    select
        scale_id,
        'not_applicable' as status_reason,
        not_applicable_codes as codes

    from rating_scales
    where not_applicable_codes is not null

),

split as (

    select
        code_lists.scale_id,
        code_lists.status_reason,
        {{ folded(
            text_part('code_lists.codes', '|', 'whole_numbers.whole_number + 1')
        ) }} as code

    from code_lists
    inner join whole_numbers
        -- A list has one code more than it has separators.
        on
            whole_numbers.whole_number
            <= length(code_lists.codes) - length(replace(code_lists.codes, '|', ''))

),

spelled as (

    select
        scale_id,
        status_reason,
        {{ answer_key('code') }} as code

    from split
    where code <> ''

),

-- A code in both lists is a blank: the contract asks for blanks first.
decided as (

    select
        scale_id,
        code,
        min(status_reason) as status_reason

    from spelled

    group by scale_id, code

)

select * from decided
