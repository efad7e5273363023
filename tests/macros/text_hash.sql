-- Cases of text_hash: the digests that RFC 1321 gives, and one of UTF-8.
with

cases (case_name, cell, expected) as (

    values
    ('empty', '', 'd41d8cd98f00b204e9800998ecf8427e'),
    ('a', 'a', '0cc175b9c0f1b6a831c399e269772661'),
    ('abc', 'abc', '900150983cd24fb0d6963f7d28e17f72'),
    ('umlaut', 'ü', 'c03410a5204b21cd8229ff754688d743'),
    ('null', null, null)

),

judged as (

    select
        *,
        {{ text_hash('cell') }} as actual

    from cases

)

select * from judged
where actual is distinct from expected
