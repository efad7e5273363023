with

digits as (

    select 0 as digit
    {%- for digit in range(1, 10) %}
    union all
    select {{ digit }} as digit
    {%- endfor %}

),

whole_numbers as (

    select
        1000 * thousands.digit + 100 * hundreds.digit + 10 * tens.digit + units.digit
            as whole_number

    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as units

)

select * from whole_numbers
