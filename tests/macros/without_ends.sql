-- Cases of without_ends, first_characters and last_characters.
with

cases (case_name, cell, no_ends, no_start, no_end, no_digit, first_two, last_two) as (

    values
    ('both ends', '0070', '7', '70', '007', '', '00', '70'),
    ('inside', '707', '707', '707', '707', '', '70', '07'),
    ('nothing else', '000', '', '', '', '', '00', '00'),
    ('short', '7', '7', '7', '7', '', '7', '7'),
    ('empty', '', '', '', '', '', '', ''),
    ('umlauts', 'üöä', 'üöä', 'üöä', 'üöä', 'üöä', 'üö', 'öä'),
    ('null', null, null, null, null, null, null, null)

),

judged as (

    select
        *,
        {{ without_ends('cell', "'0'") }} as actual_no_ends,
        {{ without_ends('cell', "'0'", 'leading') }} as actual_no_start,
        {{ without_ends('cell', "'0'", 'trailing') }} as actual_no_end,
        {{ without_ends('cell', "'0' || '7'") }} as actual_no_digit,
        {{ first_characters('cell', 2) }} as actual_first_two,
        {{ last_characters('cell', 2) }} as actual_last_two

    from cases

)

select * from judged
where
    actual_no_ends is distinct from no_ends
    or actual_no_start is distinct from no_start
    or actual_no_end is distinct from no_end
    or actual_no_digit is distinct from no_digit
    or actual_first_two is distinct from first_two
    or actual_last_two is distinct from last_two
