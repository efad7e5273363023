"""The feed reader: which files it takes, and with which sentence it refuses others."""

from __future__ import annotations

import gzip
import struct
import subprocess
import zlib
from pathlib import Path
from random import Random

import duckdb
import pytest

from cx_warehouse import feed
from cx_warehouse.feed import (
    FEED_COLUMNS,
    REQUIRED_COLUMNS,
    SAMPLE_DIRECTORY,
    FeedError,
    feed_directory,
    feed_sql,
)
from tests.harness import Project

HEADER = ",".join(REQUIRED_COLUMNS)
ROW = "app,s,q,r,5,2026-01-05"
PLAIN = f"{HEADER}\n{ROW}\n"

Files = dict[str, str | bytes]
Row = dict[str, str | None]


def write(directory: Path, files: Files) -> Path:
    """Write files, as text or bytes, with the folders they lie in."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return directory


def read(directory: Path) -> list[Row]:
    """The rows of a feed as DuckDB reads them, nulls left out."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        rows = connection.execute(feed_sql(directory)).fetchall()
    return [
        {
            name: cell
            for name, cell in zip(FEED_COLUMNS, row, strict=True)
            if cell is not None
        }
        for _, *row in rows
    ]


def answers(directory: Path) -> list[str | None]:
    """The answers of a feed, sorted."""
    return sorted((row.get("answer") for row in read(directory)), key=str)


def parquet(path: Path, sql: str) -> None:
    """Write the result of a query to a Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.sql(sql).write_parquet(str(path))


def typed(**columns: str) -> str:
    """A query of one row with the required columns, some of them given in SQL."""
    cells = dict.fromkeys(REQUIRED_COLUMNS, "'x'") | columns
    return "select " + ", ".join(f'{sql} as "{name}"' for name, sql in cells.items())


def member(content: bytes, flags: int = 0, fields: bytes = b"") -> bytes:
    """A gzip member with any header."""
    body = zlib.compressobj(wbits=-15)
    return (
        struct.pack("<2sBBIBB", b"\x1f\x8b", 8, flags, 0, 0, 255)
        + fields
        + body.compress(content)
        + body.flush()
        + struct.pack("<II", zlib.crc32(content), len(content))
    )


# What stops the build: the files of a feed, and what the sentence says. {feed} is its
# folder.

REFUSED: dict[str, tuple[Files, str]] = {
    "no feed": ({}, "{feed} holds no feed: put survey_answers.csv"),
    "another name": ({"answers.csv": PLAIN}, "{feed} holds no feed"),
    "an empty folder": ({"survey_answers/.keep": ""}, "{feed} holds no feed"),
    "only dot files": (
        {".survey_answers.csv": PLAIN, "survey_answers/._a.csv": PLAIN},
        "{feed} holds no feed",
    ),
    "a file of another type": (
        {"survey_answers.xlsx": "PK"},
        "{feed}/survey_answers.xlsx is of a type that cannot be read: a feed file ends"
        " in .csv, .csv.gz or .parquet.",
    ),
    "a file of another type beside a good one": (
        {"survey_answers.csv": PLAIN, "survey_answers/notes.txt": "x"},
        "{feed}/survey_answers/notes.txt is of a type that cannot be read",
    ),
    "a backup": (
        {"survey_answers.csv": PLAIN, "survey_answers.csv.bak": PLAIN},
        "{feed}/survey_answers.csv.bak is of a type that cannot be read",
    ),
    "a zip archive": (
        {"survey_answers.csv.zip": "PK"},
        "{feed}/survey_answers.csv.zip is of a type that cannot be read",
    ),
    "a file without an ending": (
        {"survey_answers/part-0": PLAIN},
        "{feed}/survey_answers/part-0 is of a type that cannot be read",
    ),
    "a folder in the folder": (
        {"survey_answers/2026/a.csv": PLAIN},
        "{feed}/survey_answers/2026 is not a file: feed files lie directly in {feed}",
    ),
    "a folder that is named like a file": (
        {"survey_answers.csv/a.csv": PLAIN},
        "{feed}/survey_answers.csv is not a file",
    ),
    "an empty file": (
        {"survey_answers.csv": ""},
        "{feed}/survey_answers.csv, line 1: no header row; the first line must name"
        " the columns.",
    ),
    "only a byte order mark": (
        {"survey_answers.csv": b"\xef\xbb\xbf"},
        "{feed}/survey_answers.csv, line 1: no header row",
    ),
    "only a line end": ({"survey_answers.csv": "\n"}, "line 1: no header row"),
    "a blank line first": (
        {"survey_answers.csv": f"\n{PLAIN}"},
        "{feed}/survey_answers.csv, line 1: no header row",
    ),
    "a blank line of spaces first": (
        {"survey_answers.csv": f"  \n{PLAIN}"},
        "line 1: no header row",
    ),
    "no header": (
        {"survey_answers.csv": f"{ROW}\n{ROW}\n"},
        "{feed}/survey_answers.csv lacks the column source_system, survey_id,"
        " question_id, response_id, answer, responded_at: its header has app, s, q, r,"
        " 5, 2026-01-05.",
    ),
    "a required column is missing": (
        {"survey_answers.csv": f"{HEADER.replace('answer,', '')}\na,s,q,r,x\n"},
        "{feed}/survey_answers.csv lacks the column answer: its header has"
        " source_system, survey_id, question_id, response_id, responded_at.",
    ),
    "a required column is missing in one of many files": (
        {
            "survey_answers/a.csv": PLAIN,
            "survey_answers/b.csv": PLAIN.replace("survey_id", "survey"),
            "survey_answers/c.csv": PLAIN,
        },
        "{feed}/survey_answers/b.csv lacks the column survey_id",
    ),
    "a required column is missing in a file without rows": (
        {
            "survey_answers/a.csv": PLAIN,
            "survey_answers/b.csv": HEADER.replace("answer,", "") + "\n",
        },
        "{feed}/survey_answers/b.csv lacks the column answer",
    ),
    "a name that only looks right": (
        {"survey_answers.csv": PLAIN.replace("answer,", "ans wer,")},
        "{feed}/survey_answers.csv lacks the column answer",
    ),
    "a column twice": (
        {"survey_answers.csv": f"{HEADER},answer\n{ROW},5\n"},
        "{feed}/survey_answers.csv has the column answer twice: remove or rename one.",
    ),
    "a column twice, once folded and with spaces": (
        {"survey_answers.csv": f"{HEADER}, ANSWER \n{ROW},5\n"},
        "{feed}/survey_answers.csv has the column answer twice",
    ),
    "an optional column twice": (
        {"survey_answers.csv": f"{HEADER},weight,Weight\n{ROW},1,1\n"},
        "{feed}/survey_answers.csv has the column weight twice",
    ),
    "an unknown column twice": (
        {"survey_answers.csv": f"{HEADER},x,x\n{ROW},1,1\n"},
        "{feed}/survey_answers.csv has the column x twice",
    ),
    "a column name in two lines": (
        {"survey_answers.csv": f'{HEADER},"a\nb"\n{ROW},1\n'},
        "{feed}/survey_answers.csv, line 1: a column name holds a line break",
    ),
    "a column name in two lines, with another line end": (
        # DuckDB alone would read this file without an error, and not one row of it.
        {"survey_answers.csv": f'{HEADER},"a\nb"\r\n{ROW},1\r\n'},
        "{feed}/survey_answers.csv, line 1: a column name holds a line break",
    ),
    "a quoted comma behind a byte order mark": (
        # Here, too, DuckDB alone would read nothing, and say nothing.
        {"survey_answers.csv": f'\ufeff",",{HEADER}\n1,{ROW}\n'},
        "{feed}/survey_answers.csv, line 1: the name of the first column holds a comma",
    ),
    "a header of one cell behind a byte order mark": (
        {"survey_answers.csv": f'\ufeff"{HEADER}"\n'},
        "{feed}/survey_answers.csv, line 1: the name of the first column holds a comma",
    ),
    "semicolons": (
        {"survey_answers.csv": PLAIN.replace(",", ";")},
        "{feed}/survey_answers.csv is separated by ';': save it with commas.",
    ),
    "semicolons and a decimal comma": (
        {"survey_answers.csv": f"{PLAIN.replace(',', ';')}app;s;q;r;4,5;2026-01-05\n"},
        "{feed}/survey_answers.csv",
    ),
    "semicolons between quotes": (
        {"survey_answers.csv": PLAIN.replace(",", ";").replace("answer", '"answer"')},
        "{feed}/survey_answers.csv is separated by ';': save it with commas.",
    ),
    "a note to spreadsheets": (
        {"survey_answers.csv": f"sep=,\n{PLAIN}"},
        "{feed}/survey_answers.csv, line 1: sep=, is a note to spreadsheets; remove",
    ),
    "a spreadsheet called .csv": (
        {"survey_answers.csv": b"PK\x03\x04\x14\x00\x06\x00"},
        "{feed}/survey_answers.csv is a spreadsheet or zip file: save it as CSV UTF-8.",
    ),
    "gzip padded with zeros": (
        {"survey_answers.csv.gz": gzip.compress(PLAIN.encode()) + bytes(512)},
        "{feed}/survey_answers.csv.gz is not a whole gzip file (incorrect header check",
    ),
    "tabs": (
        {"survey_answers.csv": PLAIN.replace(",", "\t")},
        "{feed}/survey_answers.csv is separated by tabs: save it with commas.",
    ),
    "bars": (
        {"survey_answers.csv": PLAIN.replace(",", "|")},
        "{feed}/survey_answers.csv is separated by '|': save it with commas.",
    ),
    "a row with a cell too few": (
        {"survey_answers.csv": f"{PLAIN}app,s,q,r,5\n{ROW}\n"},
        "{feed}/survey_answers.csv, line 3: this row has 5 of the header's 6 cells;"
        " write every comma, and put a cell that holds a line break into quotes.",
    ),
    "a row with a cell too many": (
        {"survey_answers.csv": f"{PLAIN}{ROW},more\n"},
        "{feed}/survey_answers.csv, line 3: this row has 7 cells, the header has 6",
    ),
    "a comma behind the last cell": (
        {"survey_answers.csv": f"{PLAIN}{ROW},\n"},
        "{feed}/survey_answers.csv, line 3: this row has 7 cells, the header has 6",
    ),
    "the last row is cut": (
        {"survey_answers.csv": f"{PLAIN}{ROW}\napp,s,q"},
        "{feed}/survey_answers.csv, line 4: this row has 3 of the header's 6 cells",
    ),
    "a line of spaces": (
        {"survey_answers.csv": f"{PLAIN}   \n{ROW}\n"},
        "{feed}/survey_answers.csv, line 3: this row has 1 of the header's 6 cells",
    ),
    "a faulty row behind a cell in three lines": (
        {"survey_answers.csv": f'{HEADER}\napp,s,q,r,"a\nb\nc",2026-01-05\napp\n'},
        "{feed}/survey_answers.csv, line 5: this row has 1 of the header's 6 cells",
    ),
    "a large cell in a row that is too short": (
        {"survey_answers.csv": f"{PLAIN}{'x' * 200_000},s\n"},
        "{feed}/survey_answers.csv, line 3: this row has 2 of the header's 6 cells",
    ),
    "a quote that is never closed": (
        {"survey_answers.csv": f'{PLAIN}app,s,q,r,"5,2026-01-05\n{ROW}\n'},
        "{feed}/survey_answers.csv, line 3: a quote is never closed or stands inside a"
        " cell; put a cell that holds a quote into quotes and write the quote twice.",
    ),
    "a quote inside a cell": (
        {"survey_answers.csv": f'{PLAIN}app,s,q,r,5"6,2026-01-05\n'},
        "{feed}/survey_answers.csv, line 3: a quote is never closed or stands inside",
    ),
    "text behind a closing quote": (
        {"survey_answers.csv": f'{PLAIN}app,s,q,r,"5"6,2026-01-05\n'},
        "{feed}/survey_answers.csv, line 3: a quote is never closed or stands inside",
    ),
    "a space before a quote": (
        {"survey_answers.csv": f'{PLAIN}app,s,q,r, "5",2026-01-05\n'},
        "{feed}/survey_answers.csv, line 3: a quote is never closed or stands inside",
    ),
    "a quote escaped with a backslash": (
        {"survey_answers.csv": f'{PLAIN}app,s,q,r,"5\\"6",2026-01-05\n'},
        "{feed}/survey_answers.csv, line 3: a quote is never closed or stands inside",
    ),
    "an open quote in the header": (
        {"survey_answers.csv": f'"{PLAIN}'},
        "{feed}/survey_answers.csv, line 1: no header row",
    ),
    "CRLF after LF": (
        {"survey_answers.csv": f"{PLAIN}{ROW}\r\n"},
        "{feed}/survey_answers.csv, line 3: this line ends in CRLF, the header in LF;"
        " save the file with one kind of line end.",
    ),
    "LF after CRLF": (
        {"survey_answers.csv": f"{HEADER}\r\n{ROW}\n{ROW}\r\n"},
        "{feed}/survey_answers.csv, line 2: this line ends in LF, the header in CRLF",
    ),
    "CR after LF": (
        {"survey_answers.csv": f"{PLAIN}{ROW}\r{ROW}\n"},
        "{feed}/survey_answers.csv, line 3: this line ends in CR, the header in LF",
    ),
    "Latin-1": (
        {"survey_answers.csv": f"{PLAIN}app,s,q,r,ungenügend,x\n".encode("latin-1")},
        "{feed}/survey_answers.csv, line 3: not UTF-8; save the file as UTF-8 (for"
        " example with iconv -f latin1 -t utf-8).",
    ),
    "UTF-16": (
        {"survey_answers.csv": PLAIN.encode("utf-16")},
        "{feed}/survey_answers.csv is UTF-16: save it as CSV UTF-8.",
    ),
    "a letter that is cut at the end": (
        {"survey_answers.csv": f"{PLAIN}app,s,q,r,5,ü".encode()[:-1]},
        "{feed}/survey_answers.csv, line 3: not UTF-8",
    ),
    "a gzipped file without .gz": (
        {"survey_answers.csv": gzip.compress(PLAIN.encode())},
        "{feed}/survey_answers.csv is gzipped: name it survey_answers.csv.gz.",
    ),
    "a plain file with .gz": (
        {"survey_answers.csv.gz": PLAIN},
        "{feed}/survey_answers.csv.gz is not a whole gzip file (incorrect header check",
    ),
    "gzip that is cut": (
        {"survey_answers.csv.gz": gzip.compress(PLAIN.encode())[:-9]},
        "{feed}/survey_answers.csv.gz is not a whole gzip file (it ends too early",
    ),
    "gzip whose check sum does not fit": (
        {"survey_answers.csv.gz": gzip.compress(PLAIN.encode())[:-8] + bytes(8)},
        "{feed}/survey_answers.csv.gz is not a whole gzip file (incorrect data check",
    ),
    "gzip with a damaged body": (
        {
            "survey_answers.csv.gz": gzip.compress(PLAIN.encode())[:12]
            + b"\xff" * 9
            + gzip.compress(PLAIN.encode())[21:]
        },
        "{feed}/survey_answers.csv.gz is not a whole gzip file (",
    ),
    "gzip with something behind it": (
        {"survey_answers.csv.gz": gzip.compress(PLAIN.encode()) + b"more"},
        "{feed}/survey_answers.csv.gz is not a whole gzip file (incorrect header check",
    ),
    "a fault in the second member of gzip": (
        {
            "survey_answers.csv.gz": gzip.compress(PLAIN.encode())
            + gzip.compress(b"app,s\n")
        },
        "{feed}/survey_answers.csv.gz, line 3: this row has 2 of the header's 6 cells",
    ),
    "no Parquet": (
        {"survey_answers.parquet": "PAR1 or not"},
        "{feed}/survey_answers.parquet is not a readable Parquet file: ",
    ),
    "an empty Parquet file": (
        {"survey_answers.parquet": ""},
        "{feed}/survey_answers.parquet is not a readable Parquet file: ",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    """Each names the file, and the line or the column."""
    files, sentence = REFUSED[case]
    with pytest.raises(FeedError) as caught:
        read(write(tmp_path, files))
    message = str(caught.value)
    assert sentence.replace("{feed}", str(tmp_path)) in message
    assert "\n" not in message


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    """The sentence names the variable that names the folder."""
    with pytest.raises(FeedError, match="nowhere is not a folder: set CX_RAW_DIR"):
        feed_sql(tmp_path / "nowhere")


def test_parquet_with_a_column_missing(tmp_path: Path) -> None:
    """Like a CSV file."""
    parquet(tmp_path / "survey_answers.parquet", "select 1 as answer, 2 as survey_id")
    with pytest.raises(FeedError, match=r"\.parquet lacks the column source_system"):
        feed_sql(tmp_path)


def test_parquet_with_a_column_twice(tmp_path: Path) -> None:
    """Two names that are one once trimmed and folded."""
    parquet(tmp_path / "survey_answers.parquet", typed(**{" answer": "5"}))
    with pytest.raises(FeedError, match="has the column answer twice"):
        feed_sql(tmp_path)


def test_parquet_that_is_cut(tmp_path: Path) -> None:
    """The end of a Parquet file says where everything is."""
    path = tmp_path / "survey_answers.parquet"
    parquet(path, typed())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FeedError, match="is not a readable Parquet file: "):
        feed_sql(tmp_path)


# What is read, and how: the files of a feed, and its answers.

TWO_ROWS = f"{PLAIN}{ROW.replace('5', '6', 1)}\n"
NEW_HEADER = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"

ACCEPTED: dict[str, tuple[Files, list[str | None]]] = {
    "one row": ({"survey_answers.csv": PLAIN}, ["5"]),
    "no row": ({"survey_answers.csv": f"{HEADER}\n"}, []),
    "no row and no line end": ({"survey_answers.csv": HEADER}, []),
    "no line end at the end": ({"survey_answers.csv": TWO_ROWS[:-1]}, ["5", "6"]),
    "blank lines": (
        {"survey_answers.csv": f"{HEADER}\n\n{ROW}\n\n\n{ROW}\n\n"},
        ["5", "5"],
    ),
    "byte order mark": ({"survey_answers.csv": "\ufeff" + TWO_ROWS}, ["5", "6"]),
    "two byte order marks": ({"survey_answers.csv": f"\ufeff\ufeff{PLAIN}"}, ["5"]),
    "byte order mark before a quote": (
        {"survey_answers.csv": f'\ufeff"source_system"{TWO_ROWS[13:]}'},
        ["5", "6"],
    ),
    "CRLF": ({"survey_answers.csv": TWO_ROWS.replace("\n", "\r\n")}, ["5", "6"]),
    "CR": ({"survey_answers.csv": TWO_ROWS.replace("\n", "\r")}, ["5", "6"]),
    "CR and many semicolons in the cells": (
        {"survey_answers.csv": f"{HEADER}\rapp,s,q,r,{';' * 99},2026-01-05\r"},
        [";" * 99],
    ),
    "files with different line ends": (
        {
            "survey_answers/a.csv": TWO_ROWS,
            "survey_answers/b.csv": TWO_ROWS.replace("\n", "\r\n"),
            "survey_answers/c.csv": TWO_ROWS.replace("\n", "\r"),
            "survey_answers/d.csv": "\ufeff" + TWO_ROWS.replace("\n", "\r"),
            "survey_answers/e.csv": "\ufeff" + TWO_ROWS[:-1],
        },
        [*["5"] * 5, *["6"] * 5],
    ),
    "a file and a folder": (
        {"survey_answers.csv": PLAIN, "survey_answers/a.csv": PLAIN},
        ["5", "5"],
    ),
    "files with columns in another order": (
        {
            "survey_answers/a.csv": PLAIN,
            "survey_answers/b.csv": (
                "responded_at,answer,source_system,survey_id,question_id,response_id\n"
                "2026-01-05,6,app,s,q,r\n"
            ),
        },
        ["5", "6"],
    ),
    "a row that stands twice in one of two kinds of files": (
        {
            "survey_answers/a.csv": PLAIN + f"{ROW}\n",
            "survey_answers/b.csv.gz": gzip.compress(PLAIN.encode()),
        },
        ["5", "5", "5"],
    ),
    "names in any case, with spaces": (
        {
            "survey_answers.csv": PLAIN.replace("answer", " Answer\t").replace(
                "survey_id", "SURVEY_ID"
            )
        },
        ["5"],
    ),
    "unknown columns": (
        {"survey_answers.csv": f"score,{HEADER},a b,,\n1,{ROW},2,3,4\n"},
        ["5"],
    ),
    "upper-case endings": (
        {
            "survey_answers/A.CSV": PLAIN,
            "survey_answers/B.Csv.GZ": gzip.compress(PLAIN.encode()),
        },
        ["5", "5"],
    ),
    "dot files beside a feed": (
        {
            "survey_answers.csv": PLAIN,
            "survey_answers/.DS_Store": b"\0",
            "survey_answers/._a.csv": b"\0",
            "survey_answers/.a.csv": PLAIN,
        },
        ["5"],
    ),
    "other files beside a feed": (
        {
            "survey_answers.csv": PLAIN,
            "README.txt": "x",
            "other/survey_answers.csv": "",
        },
        ["5"],
    ),
    "names that look like patterns": (
        {
            "survey_answers.[1].csv": PLAIN,
            "survey_answers.1.csv": PLAIN,
            "survey_answers.*.csv": PLAIN,
            "survey_answers.?.csv": PLAIN,
            "survey_answers/**.csv": PLAIN,
            "survey_answers/{a,b}.csv": PLAIN,
        },
        ["5"] * 6,
    ),
    "names with quotes and spaces": (
        {
            "survey_answers/it's.csv": PLAIN,
            'survey_answers/"q".csv': PLAIN,
            "survey_answers/a b, c;.csv": PLAIN,
            "survey_answers/ü€.csv": PLAIN,
            "survey_answers/$x $$.csv": PLAIN,
            "survey_answers/{{ x }} {% y %}.csv": PLAIN,
            "survey_answers/back\\slash.csv": PLAIN,
        },
        ["5"] * 7,
    ),
    "names with many points": ({"survey_answers.2026.01.csv": PLAIN}, ["5"]),
    "a row that begins with #": (
        {"survey_answers.csv": f"{HEADER}\n#a,s,q,r,5,2026-01-05\n#{ROW}\n"},
        ["5", "5"],
    ),
    "a header that begins with #": (
        {"survey_answers.csv": f"#,{HEADER}\n1,{ROW}\n"},
        ["5"],
    ),
    "cells that other readers take for null": (
        {
            "survey_answers.csv": f"{HEADER}\n"
            + "".join(
                f"app,s,q,r,{text},x\n" for text in ("NULL", "\\N", "NA", "nan", " ")
            )
        },
        [" ", "NA", "NULL", "\\N", "nan"],
    ),
    "empty cells": (
        {"survey_answers.csv": f'{HEADER}\napp,s,q,r,,x\napp,s,q,r,"",x\n'},
        [None, None],
    ),
    "cells with commas, quotes and line breaks": (
        {
            "survey_answers.csv": f"{HEADER}\n"
            'app,s,q,r,"a,b",x\napp,s,q,r,"say ""no""",x\napp,s,q,r,"a\nb",x\n'
            'app,s,q,r,"a\r\nb",x\napp,s,q,r,"a\rb",x\napp,s,q,r,"""",x\n'
        },
        ['"', "a\nb", "a\r\nb", "a\rb", "a,b", 'say "no"'],
    ),
    "cells keep their spaces": (
        {"survey_answers.csv": f'{HEADER}\napp,s,q,r, 5\t,x\napp,s,q,r," 5 ",x\n'},
        [" 5\t", " 5 "],
    ),
    "gzip": ({"survey_answers.csv.gz": gzip.compress(TWO_ROWS.encode())}, ["5", "6"]),
    "gzip and plain": (
        {
            "survey_answers.csv": TWO_ROWS,
            "survey_answers.csv.gz": gzip.compress(PLAIN.encode()),
        },
        ["5", "5", "6"],
    ),
    "gzip in several members": (
        {
            "survey_answers.csv.gz": gzip.compress(TWO_ROWS[:60].encode())
            + gzip.compress(b"")
            + gzip.compress(TWO_ROWS[60:].encode())
            + gzip.compress(b"")
        },
        ["5", "6"],
    ),
    "gzip with a name in its header": (
        {
            "survey_answers.csv.gz": member(TWO_ROWS.encode(), 8, b"a.csv\0")
            + member(ROW.encode(), 8, b"b.csv\0")
        },
        ["5", "5", "6"],
    ),
    "gzip in blocks (bgzip)": (
        {
            "survey_answers.csv.gz": member(PLAIN.encode(), 4, b"\6\0BC\2\0\0\0")
            + member(ROW.encode(), 4, b"\6\0BC\2\0\0\0")
            + member(b"", 4, b"\6\0BC\2\0\0\0")
        },
        ["5", "5"],
    ),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(case: str, tmp_path: Path) -> None:
    """Each row is there, and each answer as it was exported."""
    files, expected = ACCEPTED[case]
    assert answers(write(tmp_path, files)) == expected


def test_folder_that_looks_like_a_partition(tmp_path: Path) -> None:
    """A Parquet file's own columns count, whatever the folder is called."""
    folder = tmp_path / "answer=9" / "channel=web"
    folder.mkdir(parents=True)
    path = folder / "survey_answers.parquet"
    cells = ", ".join(f"'5' as {name}" for name in REQUIRED_COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(f"copy (select {cells}) to '{path}'")
        rows = connection.execute(
            f"select answer, channel from ({feed_sql(folder)})"
        ).fetchall()
    assert rows == [("5", None)]


@pytest.mark.parametrize(
    "folder", ["it's", 'a "b"', "[1]", "*", "a?b", "{x}", "ü", " ", "$$", "a;b", "#"]
)
def test_folder_of_any_name(folder: str, tmp_path: Path) -> None:
    """Quotes and patterns in the path of a feed are just its name."""
    directory = write(
        tmp_path / folder,
        {"survey_answers/a.csv": PLAIN, "survey_answers.csv": PLAIN},
    )
    write(tmp_path / "1", {"survey_answers.csv": "not this one"})
    parquet(directory / "survey_answers.parquet", typed(answer="'7'"))
    assert answers(directory) == ["5", "5", "7"]


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "it's/a",
        "[1]",
        "*",
        "survey_answers",
        "ü/u\N{COMBINING DIAERESIS}",
        " ",
        "a=b",
    ],
)
def test_rows_name_their_file(folder: str, tmp_path: Path) -> None:
    """By its path below the feed's folder, whatever either is called."""
    names = [
        "survey_answers.csv",
        "survey_answers/survey_answers.csv",
        "survey_answers/it's [1] ü.csv",
        "survey_answers/day=1.csv.gz",
    ]
    directory = tmp_path / folder / "feed"
    write(
        directory,
        {
            name: gzip.compress(PLAIN.encode()) if name.endswith("gz") else TWO_ROWS
            for name in names
        },
    )
    parquet(directory / "survey_answers" / "x=*.parquet", typed(answer="'7'"))
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select feed_file, count(*) from ({feed_sql(directory)}) group by 1"
        ).fetchall()
    assert dict(rows) == {
        names[0]: 2,
        names[1]: 2,
        names[2]: 2,
        names[3]: 1,
        "survey_answers/x=*.parquet": 1,
    }


def test_column_called_feed_file_is_an_extra_column(tmp_path: Path) -> None:
    """What the reader adds is not confused with what a file brings."""
    columns = ("feed_file", "_feed_file", "filename")
    header, cells = f"{HEADER},{','.join(columns)}", f"{ROW},x,y,z"
    write(tmp_path, {"survey_answers/a.csv": f"{header}\n{cells}\n"})
    extra = dict.fromkeys(columns, "'x'")
    parquet(tmp_path / "survey_answers" / "b.parquet", typed(**extra))
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select feed_file from ({feed_sql(tmp_path)}) order by 1"
        ).fetchall()
    assert rows == [("survey_answers/a.csv",), ("survey_answers/b.parquet",)]


def test_only_named_files_are_read(tmp_path: Path) -> None:
    """The others may be as they like; no file at all gives no rows of the columns."""
    write(
        tmp_path,
        {"survey_answers/a.csv": PLAIN, "survey_answers/b.csv": "no feed at all"},
    )
    with duckdb.connect() as connection:
        paths = [tmp_path / "survey_answers" / "a.csv"]
        rows = connection.execute(feed_sql(tmp_path, paths)).fetchall()
        assert [row[0] for row in rows] == ["survey_answers/a.csv"]
        nothing = connection.sql(feed_sql(tmp_path, []))
        assert nothing.columns == ["feed_file", *FEED_COLUMNS]
        assert {str(type_) for type_ in nothing.types} == {"VARCHAR"}
        assert nothing.fetchall() == []


def test_all_columns_and_missing_ones(tmp_path: Path) -> None:
    """A file without an optional column gives null where another file has it."""
    everything = ",".join(FEED_COLUMNS)
    write(
        tmp_path,
        {
            "survey_answers/a.csv": f"{everything}\n{','.join(FEED_COLUMNS)}\n",
            "survey_answers/b.csv": PLAIN,
        },
    )
    assert sorted(read(tmp_path), key=len) == [
        dict(zip(REQUIRED_COLUMNS, ROW.split(","), strict=True)),
        {name: name for name in FEED_COLUMNS},
    ]


def test_typed_parquet_is_text_in_utc(tmp_path: Path) -> None:
    """As the engine prints it in UTC, which is the zone of the warehouse's session."""
    parquet(
        tmp_path / "survey_answers.parquet",
        typed(
            source_system="cast('app' as blob)",
            survey_id="42",
            question_id="true",
            response_id="cast('1' as decimal(5, 2))",
            answer="cast(7 as double)",
            responded_at="timestamptz '2026-01-05 10:00:00+02'",
            updated_at="timestamp '2026-01-05 10:00:00.5'",
            interaction_at="date '2026-01-05'",
            invited_at="cast(null as timestamp)",
            comment="''",
            unknown="{'a': 1, 'b': [1, 2]}",
        ),
    )
    (row,) = read(tmp_path)
    assert row == {
        "source_system": "app",
        "survey_id": "42",
        "question_id": "true",
        "response_id": "1.00",
        "answer": "7.0",
        "responded_at": "2026-01-05 08:00:00+00",
        "updated_at": "2026-01-05 10:00:00.5",
        "interaction_at": "2026-01-05",
    }


def test_parquet_files_of_different_types(tmp_path: Path) -> None:
    """Each file is read with its own types: no column is cast to another file's."""
    for name, answer in (("a", "7"), ("b", "7.5"), ("c", "'good'"), ("d", "null")):
        parquet(tmp_path / "survey_answers" / f"{name}.parquet", typed(answer=answer))
    assert answers(tmp_path) == ["7", "7.5", None, "good"]


def test_parquet_without_rows(tmp_path: Path) -> None:
    """A feed of no answers."""
    parquet(tmp_path / "survey_answers.PARQUET", f"{typed()} limit 0")
    assert read(tmp_path) == []


def test_cell_across_the_seams_of_pieces(tmp_path: Path) -> None:
    """Cells in quotes that are longer than the pieces in which a file is checked."""
    cells = ["x" * size + '\n"y",' for size in (1 << 20, 3 << 20, (1 << 20) - 99, 7)]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    rows = "".join(f"app,s,q,r,{cell},2026-01-05\n" for cell in quoted)
    write(tmp_path, {"survey_answers.csv": f"{HEADER}\n{rows}"})
    assert answers(tmp_path) == sorted(cells)


def test_gzip_that_grows_a_thousandfold(tmp_path: Path) -> None:
    """A little gzip holds many rows; they are checked a piece at a time, too."""
    noise = "".join(f"app,s,q,{Random(row).random()},5,x\n" for row in range(100_000))
    count = 750_000
    text = PLAIN + 2 * (noise + f"{ROW}\n" * count) + noise
    write(tmp_path, {"survey_answers.csv.gz": gzip.compress(text.encode())})
    with duckdb.connect() as connection:
        found = connection.execute(f"select count(*) from ({feed_sql(tmp_path)})")
        assert found.fetchone() == (1 + 2 * count + 300_000,)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_seam_at_every_byte(
    line_end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not matter where a piece of the file ends."""
    rows = f'{HEADER}\n{ROW}\napp,s,q,r,"ü""\n""",2026-01-05\n{ROW}\n'
    write(tmp_path, {"survey_answers.csv": rows.replace("\n", line_end)})
    for size in range(len(HEADER) + 3, len(rows) + 8):
        monkeypatch.setattr(feed, "_PIECE_BYTES", size)
        assert len(read(tmp_path)) == 3
    write(tmp_path, {"survey_answers.csv": rows.replace("\n", line_end) + "app,s"})
    for size in range(len(HEADER) + 3, len(rows) + 8):
        monkeypatch.setattr(feed, "_PIECE_BYTES", size)
        with pytest.raises(FeedError, match=r"line \d: this row has 2 of"):
            read(tmp_path)


def test_large_file(tmp_path: Path) -> None:
    """More than 64 MB are read whole, with line breaks in quotes all along."""
    row = 'app,s,q,{},"several\nlines, ""quoted"" {}",2026-01-05\n'
    filler = "0123456789\n" * 9
    count = 450_000
    with (tmp_path / "survey_answers.csv").open("w", newline="") as stream:
        stream.write(f"{HEADER}\n")
        stream.writelines(row.format(number, filler) for number in range(count))
        assert stream.tell() > 64_000_000
    with duckdb.connect() as connection:
        found = connection.execute(
            "select count(*), count(distinct response_id), sum(length(answer)), "
            f"count(distinct responded_at) from ({feed_sql(tmp_path)})"
        ).fetchone()
    length = len(f'several\nlines, "quoted" {filler}')
    assert found == (count, count, count * length, 1)


def test_record_that_is_too_long(tmp_path: Path) -> None:
    """A quote that is left open in a large file is found before all of it is read."""
    text = f'{PLAIN}app,s,q,r,"{"x" * 17_000_000}\n'
    with pytest.raises(
        FeedError, match=r"survey_answers\.csv, line 3: a row is longer"
    ):
        feed_sql(write(tmp_path, {"survey_answers.csv": text}))


def test_unset_variable_is_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """`CX_RAW_DIR`, empty or unset; a folder that it names is used as named."""
    monkeypatch.delenv("CX_RAW_DIR", raising=False)
    assert feed_directory() == SAMPLE_DIRECTORY
    monkeypatch.setenv("CX_RAW_DIR", "")
    assert feed_directory() == SAMPLE_DIRECTORY
    monkeypatch.setenv("CX_RAW_DIR", "some/where")
    assert feed_directory() == Path("some/where")


# The same sentences, as the user of `dbt build` gets them.


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project for builds that fail."""
    return Project(tmp_path_factory.mktemp("refused"))


def dbt_build(
    project: Project, feed_directory: Path
) -> subprocess.CompletedProcess[str]:
    """Build the feed's staging model."""
    return project.dbt(
        "build", "--select", "stg_raw__survey_answers", feed=feed_directory
    )


def test_faulty_file_stops_the_build(project: Project, tmp_path: Path) -> None:
    """The sentence reaches the user, without a stack trace around it."""
    files: Files = {"survey_answers.csv": f"{PLAIN}app,s,q\n"}
    done = dbt_build(project, write(tmp_path, files))
    assert done.returncode != 0
    assert (
        f"{tmp_path}/survey_answers.csv, line 3: this row has 3 of the header's 6 cells"
        in " ".join(done.stdout.split())
    )
    assert "Traceback" not in done.stdout + done.stderr


def test_missing_feed_stops_the_build(project: Project, tmp_path: Path) -> None:
    """A folder that was named and holds nothing is no empty feed."""
    done = dbt_build(project, tmp_path)
    assert done.returncode != 0
    assert f"{tmp_path} holds no feed" in " ".join(done.stdout.split())
