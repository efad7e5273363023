-- Cases of key_hash: equal ids share a hash, null and empty text are values like any
-- other, and what differs in one id, or in their order, has another hash here.
with

cases (
    case_name,
    left_source, left_survey, left_response, left_question,
    right_source, right_survey, right_response, right_question,
    expected
) as (

    values
    ('equal', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', true),
    ('equal nulls', null, 'b', null, 'd', null, 'b', null, 'd', true),
    ('all null', null, null, null, null, null, null, null, null, true),
    ('equal empty texts', '', '', '', '', '', '', '', '', true),
    ('unicode', 'ü', 'b', 'c', 'd', 'ü', 'b', 'c', 'd', true),
    ('another source', 'a', 'b', 'c', 'd', 'x', 'b', 'c', 'd', false),
    ('another survey', 'a', 'b', 'c', 'd', 'a', 'x', 'c', 'd', false),
    ('another response', 'a', 'b', 'c', 'd', 'a', 'b', 'x', 'd', false),
    ('another question', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'x', false),
    ('survey and question', 'a', 'b', 'c', 'd', 'a', 'd', 'c', 'b', false),
    ('response and question', 'a', 'b', 'c', 'd', 'a', 'b', 'd', 'c', false),
    ('source and survey', 'a', 'b', 'c', 'd', 'b', 'a', 'c', 'd', false),
    ('equal pairs', 'a', 'a', 'c', 'c', 'b', 'b', 'd', 'd', false),
    ('pairs that could cancel', 'a', 'a', 'c', 'd', 'b', 'b', 'c', 'd', false),
    ('other seam', 'a', 'bc', 'd', 'e', 'ab', 'c', 'd', 'e', false),
    ('null is not empty', null, 'b', 'c', 'd', '', 'b', 'c', 'd', false),
    ('null in another place', null, '', 'c', 'd', '', null, 'c', 'd', false),
    ('null is not the word', null, 'b', 'c', 'd', 'null', 'b', 'c', 'd', false),
    ('case', 'A', 'b', 'c', 'd', 'a', 'b', 'c', 'd', false),
    ('space', 'a', 'b', 'c ', 'd', 'a', 'b', 'c', 'd', false),
    ('decomposed', 'ü', 'b', 'c', 'd', 'u' || chr(776), 'b', 'c', 'd', false)

),

sides as (

    select
        case_name,
        'left' as side,
        left_source as source_system,
        left_survey as survey_id,
        left_response as response_id,
        left_question as question_id,
        expected

    from cases

    union all

    select
        case_name,
        'right' as side,
        right_source as source_system,
        right_survey as survey_id,
        right_response as response_id,
        right_question as question_id,
        expected

    from cases

),

hashed as (

    select
        case_name,
        side,
        expected,
        {{ key_hash() }} as key_hash

    from sides

),

judged as (

    select
        case_name,
        bool_and(expected) as expected,
        count(key_hash) as hash_count,
        count(distinct key_hash) = 1 as actual

    from hashed

    group by case_name

)

select * from judged
where
    actual is distinct from expected
    or hash_count <> 2
