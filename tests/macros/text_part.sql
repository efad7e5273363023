-- Cases of text_part: parts are counted from 1, and what is missing is empty.
with

cases (case_name, cell, first_part, second_part) as (

    values
    ('two parts', 'a.b', 'a', 'b'),
    ('three parts', 'a.b.c', 'a', 'b'),
    ('no delimiter', 'a', 'a', ''),
    ('delimiter first', '.5', '', '5'),
    ('delimiter last', '7.', '7', ''),
    ('delimiter alone', '.', '', ''),
    ('empty', '', '', ''),
    ('null', null, null, null)

),

judged as (

    select
        *,
        {{ text_part('cell', '.', 1) }} as actual_first_part,
        {{ text_part('cell', '.', 2) }} as actual_second_part

    from cases

)

select * from judged
where
    actual_first_part is distinct from first_part
    or actual_second_part is distinct from second_part
