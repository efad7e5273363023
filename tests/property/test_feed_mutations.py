"""A damaged CSV file is refused, or read exactly as Python's strict reader reads it.

Each round takes a small feed, damages some of its bytes, and reads it through the SQL
of the feed reader. What must never happen is the third outcome: rows that are gone, cut
or shifted, and no error. `FEED_MUTATIONS` (an environment variable) sets the rounds of
each test, `FEED_MUTATIONS_SEED` the seed.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from pathlib import Path
from random import Random

import duckdb
import pytest

from cx_warehouse import feed
from cx_warehouse.feed import FEED_COLUMNS, REQUIRED_COLUMNS, FeedError, feed_sql

ROUNDS = int(os.environ.get("FEED_MUTATIONS", "1000"))
SEED = int(os.environ.get("FEED_MUTATIONS_SEED", "1"))

Row = tuple[str | None, ...]

CELLS = (
    "",
    "7",
    " 7 ",
    "R_1",
    "email",
    "2026-01-05",
    "2026-01-05T10:00:00Z",
    "Very satisfied",
    "a,b",
    'say "no"',
    '"',
    '""',
    "two\nlines",
    "two\r\nlines",
    "a\rreturn",
    "#hash",
    "# ",
    "\\",
    "NULL",
    "'",
    "ünï \N{EURO SIGN} \N{THUMBS UP SIGN}",
    "\N{ZERO WIDTH NO-BREAK SPACE}x",
    ";",
    "\t",
    " ",
    "\x00",
)
EXTRA_COLUMNS = ("extra", "Notes, more", 'say "x"', '","', "", "#", "'", "ü")
# Bytes that mean something to a CSV reader, and some that break UTF-8.
LOADED_BYTES = (
    b",",
    b'"',
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b"\t",
    b"#",
    b"\\",
    b"'",
    b";",
    b"\x00",
    b"\x1a",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3",
    b'""',
    b'","',
    b',"',
    b'",',
    b"\n\n",
    b"7",
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """One connection for all rounds."""
    return duckdb.connect(config={"threads": 1})


def plain_feed(rng: Random) -> bytes:
    """A small, correct CSV file: any columns, quotes, line end and byte order mark."""
    columns = list(FEED_COLUMNS)
    for column in rng.sample(FEED_COLUMNS, rng.randrange(10)):
        if column not in REQUIRED_COLUMNS:
            columns.remove(column)
    columns += rng.sample(EXTRA_COLUMNS, rng.choice((0, 0, 1, 3)))
    rng.shuffle(columns)
    rows = [[rng.choice(CELLS) for _ in columns] for _ in range(rng.randrange(6))]
    return csv_bytes(rng, [columns, *rows])


def csv_bytes(rng: Random, rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV: needless quotes, blank lines, line end and byte order mark vary."""
    line_end = rng.choice(("\n", "\n", "\r\n", "\r"))
    quote_all = rng.random() < 0.5
    lines = []
    for row in rows:
        lines.append(",".join(csv_cell(cell, quote=quote_all) for cell in row))
        if rng.random() < 0.05:
            lines.append("")
    start = rng.choice(("", "", "\N{ZERO WIDTH NO-BREAK SPACE}"))
    end = rng.choice(("", line_end, line_end))
    return (start + line_end.join(lines) + end).encode()


def csv_cell(text: str, *, quote: bool) -> str:
    """A cell, in quotes when it must be or should be."""
    if quote or any(letter in text for letter in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def flip(rng: Random, content: bytes) -> bytes:
    """Another byte in the place of one."""
    place = rng.randrange(len(content))
    byte = content[place] ^ (1 << rng.randrange(8))
    return content[:place] + bytes([byte]) + content[place + 1 :]


def insert(rng: Random, content: bytes) -> bytes:
    """A byte that means something, or any."""
    place = rng.randrange(len(content) + 1)
    more = rng.choice((rng.choice(LOADED_BYTES), rng.randbytes(1)))
    return content[:place] + more + content[place:]


def replace(rng: Random, content: bytes) -> bytes:
    """A byte that means something in the place of another."""
    place = rng.randrange(len(content))
    return content[:place] + rng.choice(LOADED_BYTES) + content[place + 1 :]


def delete(rng: Random, content: bytes) -> bytes:
    """Some bytes fewer."""
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.choice((1, 1, 1, 2, 9)) :]


def duplicate(rng: Random, content: bytes) -> bytes:
    """A part a second time, there or elsewhere."""
    start = rng.randrange(len(content))
    part = content[start : start + rng.choice((1, 2, 5, 40))]
    place = rng.choice((start, rng.randrange(len(content))))
    return content[:place] + part + content[place:]


def truncate(rng: Random, content: bytes) -> bytes:
    """The beginning only."""
    return content[: rng.randrange(len(content))]


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    flip,
    insert,
    insert,
    replace,
    replace,
    delete,
    duplicate,
    truncate,
)


def mutated(rng: Random, content: bytes) -> bytes:
    """The content after one to three mutations, or none."""
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        if content:
            content = rng.choice(MUTATIONS)(rng, content)
    return content


def rows_by_python(content: bytes) -> list[Row] | None:
    """The rows as Python's strict reader gives them; None when it refuses."""
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        header, *records = list(csv.reader(text, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        return None
    names = [cell.strip().strip("\ufeff").strip().lower() for cell in header]
    if any(names.count(name) > 1 for name in names if name):
        return None
    if not set(REQUIRED_COLUMNS) <= set(names):
        return None
    records = [record for record in records if record]
    if any(len(record) != len(header) for record in records):
        return None
    return [
        tuple(
            (record[names.index(name)] or None) if name in names else None
            for name in FEED_COLUMNS
        )
        for record in records
    ]


def rows_by_feed(
    connection: duckdb.DuckDBPyConnection, directory: Path
) -> list[Row] | str:
    """The rows that the feed's SQL gives, or the sentence with which it refuses."""
    try:
        columns = ", ".join(FEED_COLUMNS)
        sql = f"select {columns} from ({feed_sql(directory)})"
        rows: list[Row] = connection.execute(sql).fetchall()
    except FeedError as error:
        return str(error)
    except duckdb.IOException as error:
        # Correct gzip that only DuckDB cannot read: a comment in its header, zeros
        # behind its end.
        assert "GZIP" in str(error)
        return f"survey_answers: {error}"
    return rows


def assert_faithful(found: list[Row] | str, content: bytes) -> None:
    """Refused in one sentence, or all rows and each cell."""
    if isinstance(found, str):
        assert "survey_answers" in found
        assert "\n" not in found
    else:
        assert found == rows_by_python(content), content


def test_mutated_csv_is_refused_or_read_exactly(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any damage to a plain file, wherever the seams of its pieces fall."""
    rng = Random(SEED)
    read_count = refused_count = 0
    for _ in range(ROUNDS):
        monkeypatch.setattr(feed, "_PIECE_BYTES", rng.choice((1 << 20, 300, 401)))
        content = mutated(rng, plain_feed(rng))
        (tmp_path / "survey_answers.csv").write_bytes(content)
        found = rows_by_feed(connection, tmp_path)
        assert_faithful(found, content)
        refused_count += isinstance(found, str)
        read_count += not isinstance(found, str)
    # The test would prove nothing if one of the two outcomes hardly occurred.
    assert read_count > ROUNDS / 5
    assert refused_count > ROUNDS / 5


def test_undamaged_csv_is_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A correct file is never refused, whatever stands in its cells.

    But for one: the first name of its header must be plain behind a byte order mark.
    """
    rng = Random(SEED + 1)
    for _ in range(ROUNDS // 4):
        content = plain_feed(rng)
        (tmp_path / "survey_answers.csv").write_bytes(content)
        found = rows_by_feed(connection, tmp_path)
        if isinstance(found, str) and content.startswith(b"\xef\xbb\xbf"):
            assert "the name of the first column holds a comma or a quote" in found
        else:
            assert found == rows_by_python(content), content


def test_mutated_gzip_is_refused_or_read_exactly(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Any damage to a gzipped file, or to what was zipped."""
    rng = Random(SEED + 2)
    path = tmp_path / "survey_answers.csv.gz"
    read_count = refused_count = 0
    for _ in range(ROUNDS):
        content = mutated(rng, plain_feed(rng)) if rng.random() < 0.2 else b""
        content = content or plain_feed(rng)
        zipped = mutated(rng, gzipped(rng, content))
        path.write_bytes(zipped)
        found = rows_by_feed(connection, tmp_path)
        refused_count += isinstance(found, str)
        if isinstance(found, list):
            # Only what Python can unzip, and in its words, may be read.
            assert_faithful(found, gzip.decompress(zipped))
            read_count += 1
        else:
            assert_faithful(found, content)
    assert read_count > ROUNDS / 10
    assert refused_count > ROUNDS / 5


def gzipped(rng: Random, content: bytes) -> bytes:
    """One to three gzip members, as `cat a.gz b.gz` makes them."""
    cuts = sorted(rng.randrange(len(content) + 1) for _ in range(rng.choice((0, 0, 2))))
    bounds = [0, *cuts, len(content)]
    return b"".join(
        gzip.compress(content[start:end], mtime=rng.choice((0, 1_700_000_000)))
        for start, end in pairwise(bounds)
    )


def test_mutated_files_together_are_refused_or_read_exactly(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Files that share a header are read in one scan: none may suffer from another."""
    rng = Random(SEED + 3)
    directory = tmp_path / "survey_answers"
    directory.mkdir()
    read_count = 0
    for _ in range(ROUNDS // 4):
        contents = files_of_one_header(rng)
        for number, content in enumerate(contents):
            zipped = rng.random() < 0.2
            path = directory / f"{number}.csv{'.gz' if zipped else ''}"
            path.write_bytes(gzip.compress(content) if zipped else content)
        found = rows_by_feed(connection, tmp_path)
        for path in directory.iterdir():
            path.unlink()
        if isinstance(found, list):
            expected = chain.from_iterable(
                rows_by_python(content) or [] for content in contents
            )
            assert sorted(found, key=repr) == sorted(expected, key=repr), contents
            read_count += 1
    assert read_count > ROUNDS / 40


def files_of_one_header(rng: Random) -> Sequence[bytes]:
    """Two to four files with one header, each with its own line end and quotes."""
    contents = []
    for _ in range(rng.randrange(2, 5)):
        rows = [[rng.choice(CELLS) for _ in FEED_COLUMNS] for _ in range(4)]
        content = csv_bytes(rng, [FEED_COLUMNS, *rows[: rng.randrange(4)]])
        contents.append(mutated(rng, content) if rng.random() < 0.1 else content)
    return contents
