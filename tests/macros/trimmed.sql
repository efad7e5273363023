-- Cases of trimmed: spaces, tabs, CR and LF at both ends, and nothing else.
with

cases (case_name, answer, expected) as (

    values
    ('nothing to trim', '7', '7'),
    ('spaces', '  7 ', '7'),
    ('tab', chr(9) || '7' || chr(9), '7'),
    ('CR and LF', chr(13) || chr(10) || '7' || chr(13) || chr(10), '7'),
    ('mixed', ' ' || chr(9) || chr(10) || '7' || chr(13) || ' ', '7'),
    ('inside stays', ' a' || chr(10) || 'b ', 'a' || chr(10) || 'b'),
    ('inner spaces stay', ' very  satisfied ', 'very  satisfied'),
    ('no-break space stays', chr(160) || '7', chr(160) || '7'),
    ('vertical tab stays', chr(11) || '7', chr(11) || '7'),
    ('byte order mark stays', chr(65279) || '7', chr(65279) || '7'),
    ('letters stay', ' tnr ', 'tnr'),
    ('unicode', ' Größe ', 'Größe'),
    ('only spaces', '   ', ''),
    ('only line ends', chr(13) || chr(10), ''),
    ('empty', '', ''),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ trimmed('answer') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
