-- Cases of folded: trimmed and in lower case, beyond ASCII too.
with

cases (case_name, label, expected) as (

    values
    ('as it should be', 'very satisfied', 'very satisfied'),
    ('capitals', 'VERY Satisfied', 'very satisfied'),
    ('spaces', ' Good' || chr(9), 'good'),
    ('line end', 'Good' || chr(13) || chr(10), 'good'),
    ('inner spaces stay', 'Very  satisfied', 'very  satisfied'),
    ('umlaut', 'UNGENÜGEND', 'ungenügend'),
    ('cyrillic', 'ОТЛИЧНО', 'отлично'),
    ('accent stays', 'Déçu', 'déçu'),
    ('emoji', '😀', '😀'),
    ('number', ' 7.0 ', '7.0'),
    ('only spaces', ' ', ''),
    ('empty', '', ''),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ folded('label') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
