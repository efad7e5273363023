-- Cases of surrogate_key: two keys are equal only if every value is; never null.
with

cases (case_name, first_left, last_left, first_right, last_right, expected) as (

    values
    ('equal', 'a', 'b', 'a', 'b', true),
    ('equal nulls', null, 'b', null, 'b', true),
    ('equal empty texts', '', '', '', '', true),
    ('another value', 'a', 'b', 'a', 'c', false),
    ('other order', 'a', 'b', 'b', 'a', false),
    ('other seam', 'a', 'bc', 'ab', 'c', false),
    ('null is not empty', null, 'b', '', 'b', false),
    ('null on another side', null, '', '', null, false),
    ('null is not a dash', null, 'b', '-', 'b', false),
    ('null is not the word', null, 'b', 'null', 'b', false),
    ('one holds what joins', 'a1:', 'b', 'a', '1:b', false),
    ('one looks like the other joined', '1:a1:b', '', 'a', 'b', false),
    ('lengths beyond nine', 'aaaaaaaaaa', '1:a', 'aaaaaaaaaa1:a', '', false),
    ('case', 'A', 'b', 'a', 'b', false),
    ('space', 'a ', 'b', 'a', 'b', false),
    ('unicode', 'ü', 'b', 'ü', 'b', true),
    ('composed and decomposed', 'ü', 'b', 'u' || chr(776), 'b', false)

),

keyed as (

    select
        *,
        {{ surrogate_key(['first_left', 'last_left']) }} as left_key,
        {{ surrogate_key(['first_right', 'last_right']) }} as right_key

    from cases

),

judged as (

    select
        *,
        left_key = right_key as actual

    from keyed

)

select * from judged
where
    actual is distinct from expected
    or coalesce(length(left_key), 0) <> 32
    or coalesce(length(right_key), 0) <> 32
