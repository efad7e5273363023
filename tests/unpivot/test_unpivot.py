"""The command `unpivot`: what it reads, what it writes, what it refuses."""

import csv
import gzip
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cx_warehouse import feed
from cx_warehouse.__main__ import main
from cx_warehouse.feed import FEED_COLUMNS
from cx_warehouse.unpivot import (
    DateReader,
    Header,
    Summary,
    UnpivotError,
    convert,
    read_iso,
)

PROJECT = Path(__file__).resolve().parents[2]
VENDOR_EXPORTS = PROJECT.parent / "shared" / "data" / "vendor_exports"

Table = Sequence[Sequence[str]]
Row = dict[str, str]

MINIMAL = [
    ["field", "question_id", "column", "value", "format", "time_zone", "recode"],
    ["source_system", "", "", "forms"],
    ["survey_id", "", "", "spring"],
    ["response_id", "", "id"],
    ["responded_at", "", "when", "", "%d/%m/%Y %H:%M", "Europe/Berlin"],
    ["question", "nps", "score"],
]
EXPORT = [
    ["id", "when", "score", "why"],
    ["1", "31/01/2026 09:30", "9", "fast"],
    ["2", "01/02/2026 10:00", "", ""],
]


def write_table(path: Path, table: Table, *, delimiter: str = ",") -> Path:
    """Write rows as CSV, as they are."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter=delimiter).writerows(table)
    return path


def unpivot(folder: Path, export: Table, mapping: Table) -> tuple[list[Row], Summary]:
    """Convert tables and read the feed back."""
    output = folder / "feed.csv"
    summary = convert(
        write_table(folder / "export.csv", export),
        write_table(folder / "mapping.csv", mapping),
        output,
    )
    return read_feed(output), summary


def read_feed(path: Path) -> list[Row]:
    """Read a feed, after the check that the warehouse makes."""
    feed.check_csv(path)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def mapped(*rows: Sequence[str], without: Sequence[str] = ()) -> Table:
    """Give the minimal mapping with rows added and the rows of some fields left out."""
    return [row for row in MINIMAL if row[0] not in without] + [*rows]


def refusal(folder: Path, export: Table, mapping: Table) -> str:
    """Give the sentence with which a conversion is refused; no feed may be left."""
    with pytest.raises(UnpivotError) as caught:
        unpivot(folder, export, mapping)
    assert {path.name for path in folder.iterdir()} <= {"export.csv", "mapping.csv"}
    return str(caught.value)


# --- What comes out -------------------------------------------------------------------


def test_one_row_per_response_and_question(tmp_path: Path) -> None:
    rows, summary = unpivot(tmp_path, EXPORT, mapped(["question", "why", "why"]))
    assert [tuple(row.values()) for row in rows] == [
        ("forms", "spring", "nps", "1", "9", "2026-01-31T09:30:00+01:00"),
        ("forms", "spring", "why", "1", "fast", "2026-01-31T09:30:00+01:00"),
        ("forms", "spring", "nps", "2", "", "2026-02-01T10:00:00+01:00"),
        ("forms", "spring", "why", "2", "", "2026-02-01T10:00:00+01:00"),
    ]
    assert str(summary) == (
        "export.csv: 2 responses in, 2 questions mapped, 4 answers out\n"
        "responses with an unreadable responded_at: 0\n"
        "columns not mapped: 0"
    )


def test_summary_lists_what_was_left_out(tmp_path: Path) -> None:
    export = [*EXPORT, ["3", "2/30/2026", "5", ""], ["4", "?", "5", ""]]
    _, summary = unpivot(tmp_path, export, MINIMAL)
    assert str(summary) == (
        "export.csv: 4 responses in, 1 questions mapped, 4 answers out\n"
        "responses with an unreadable responded_at: 2, the first is '2/30/2026'\n"
        "columns not mapped: 1\n"
        "  #4 why"
    )


def test_export_without_responses_gives_a_feed_without_rows(tmp_path: Path) -> None:
    rows, summary = unpivot(tmp_path, EXPORT[:1], MINIMAL)
    assert (rows, summary.answers) == ([], 0)
    assert (tmp_path / "feed.csv").read_text().startswith("source_system,survey_id,")


def test_every_field_in_the_order_of_the_contract(tmp_path: Path) -> None:
    fields = [name for name in FEED_COLUMNS if name not in ("question_id", "answer")]
    mapping = [MINIMAL[0]]
    for name in fields:
        is_date = name.endswith("_at")
        mapping.append([name, "", name, "", "%Y/%m/%d" if is_date else ""])
    mapping.append(["question", "q", "a"])
    export = [
        [*reversed(fields), "a"],
        [*("2026/01/02" if name.endswith("_at") else name for name in fields), "5"],
    ]
    export[1] = [
        "2026/01/02" if name.endswith("_at") else f" {name} " for name in export[0]
    ]
    rows, _ = unpivot(tmp_path, export, mapping)
    assert tuple(rows[0]) == FEED_COLUMNS
    # As exported: the warehouse trims, not the converter.
    assert rows[0]["segment"] == " segment "
    assert rows[0]["response_id"] == " response_id "
    assert rows[0]["answer"] == " a "
    assert rows[0]["invited_at"] == "2026-01-02"


def test_comments_of_one_question_and_of_all(tmp_path: Path) -> None:
    export = [
        ["id", "when", "a", "b", "why a", "anything"],
        ["1", "31/01/2026 09:30", "1", "2", "because", "bye"],
    ]
    mapping = mapped(
        ["question", "a", "a"],
        ["question", "b", "b"],
        ["comment", "a", "why a"],
        ["comment", "", "anything"],
        without=["question"],
    )
    rows, _ = unpivot(tmp_path, export, mapping)
    assert {row["question_id"]: row["comment"] for row in rows} == {
        "a": "because",
        "b": "bye",
    }


def test_first_row_that_is_not_empty_counts(tmp_path: Path) -> None:
    mapping = mapped(
        [
            "response_status",
            "",
            "why",
            "",
            "",
            "",
            "Survey Preview=preview|IP Address=",
        ],
        [
            "response_status",
            "",
            "score",
            "",
            "",
            "",
            "1=complete|True=complete|0=partial",
        ],
    )
    export = [
        EXPORT[0],
        *(
            [str(n), "31/01/2026 09:30", finished, status]
            for n, (finished, status) in enumerate(
                [
                    ("1", "IP Address"),
                    (" TRUE ", "ip address"),
                    ("0", ""),
                    ("1", "Survey Preview"),
                    ("1", "Spam"),
                    ("2", "IP Address"),
                ]
            )
        ),
    ]
    rows, _ = unpivot(tmp_path, export, mapping)
    assert [row["response_status"] for row in rows] == [
        "complete",
        "complete",
        "partial",
        "preview",
        "Spam",
        "2",
    ]


def test_constants_and_columns_within_a_value(tmp_path: Path) -> None:
    mapping = mapped(
        ["channel", "", "", "email"],
        ["segment", "", "", "{why} / {#3}"],
    )
    rows, _ = unpivot(tmp_path, EXPORT, mapping)
    assert [(row["channel"], row["segment"]) for row in rows] == [
        ("email", "fast / 9"),
        ("email", ""),  # all its cells are empty: no answer of the form " / "
    ]


def test_separate_date_and_time(tmp_path: Path) -> None:
    export = [["id", "day", "time", "score"], ["1", "05/06/2026", "7:08:14", "3"]]
    mapping = mapped(
        ["responded_at", "", "", "{day} {time}", "%d/%m/%Y %H:%M:%S", "Europe/London"],
        without=["responded_at"],
    )
    rows, _ = unpivot(tmp_path, export, mapping)
    assert rows[0]["responded_at"] == "2026-06-05T07:08:14+01:00"


@pytest.mark.parametrize(
    "cell", ["a\nb", "a\r\nb", "a\rb", '"', "a,b", " ", "; '", "é😀", "\\N", "NULL"]
)
def test_cells_survive(tmp_path: Path, cell: str) -> None:
    export = [EXPORT[0], ["1", "31/01/2026 09:30", cell, cell]]
    rows, _ = unpivot(tmp_path, export, mapped(["comment", "", "why"]))
    assert rows[0]["answer"] == cell
    assert rows[0]["comment"] == (cell if cell.strip() else "")


def test_compressed_in_and_out_gives_the_same_bytes(tmp_path: Path) -> None:
    export = tmp_path / "export.csv.gz"
    plain = write_table(tmp_path / "export.csv", EXPORT)
    export.write_bytes(gzip.compress(plain.read_bytes()))
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    for name in ("a.csv.gz", "b.csv.gz", "c.csv"):
        convert(export, mapping, tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert (tmp_path / "a.csv.gz").read_bytes()[4:8] == bytes(4)  # no time in it
    assert read_feed(tmp_path / "a.csv.gz") == read_feed(tmp_path / "c.csv")


def test_other_encodings_and_separators(tmp_path: Path) -> None:
    for encoding, delimiter, name in [
        ("latin-1", ";", ";"),
        ("utf-16", "\t", "tab"),
        ("cp1252", "|", "|"),
        ("utf-8", ",", ","),
    ]:
        text = "\r\n".join(
            delimiter.join(row)
            for row in [["id", "when", "Zufrieden für"], ["1", "2026-01-31", "schön"]]
        )
        (tmp_path / "export.csv").write_bytes(text.encode(encoding))
        mapping = mapped(
            ["encoding", "", "", encoding],
            ["delimiter", "", "", name],
            ["responded_at", "", "when", "", "%Y-%m-%d"],
            ["question", "nps", "Zufrieden für"],
            without=["responded_at", "question"],
        )
        write_table(tmp_path / "mapping.csv", mapping)
        output = tmp_path / "feed.csv"
        convert(tmp_path / "export.csv", tmp_path / "mapping.csv", output)
        assert [row["answer"] for row in read_feed(output)] == ["schön"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_mapping_from_a_spreadsheet_of_any_country(
    tmp_path: Path, delimiter: str
) -> None:
    export = write_table(tmp_path / "export.csv", EXPORT)
    path = write_table(tmp_path / "m.csv", [*MINIMAL, [""] * 7], delimiter=delimiter)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert convert(export, path, tmp_path / "feed.csv").answers == 2


def test_blank_lines_are_no_responses(tmp_path: Path) -> None:
    rows, summary = unpivot(tmp_path, [*EXPORT, [], []], MINIMAL)
    assert len(rows) == 2
    assert "blank lines passed over: 2" in str(summary)


def test_line_of_empty_cells_is_a_response(tmp_path: Path) -> None:
    rows, _ = unpivot(tmp_path, [*EXPORT, [""] * 4], MINIMAL)
    assert tuple(rows[2].values()) == ("forms", "spring", "nps", "", "", "")


# --- Names of columns -----------------------------------------------------------------

SURVEY_MONKEY = [
    ["Respondent ID", "Rate", "", "", "Rank", "", "Why?", "Like us?", "", "Why?", ""],
    [
        "",
        "Food",
        "Staff",
        "Food",
        "Food",
        "Price",
        "Response",
        "Response",
        "Other",
        "",
        "",
    ],
]
QUALTRICS = [
    ["ResponseId", "Q1", "Q2_1", "Q2_1_TEXT", "Q3"],
    ["Response ID", "How\n\nlikely?", "Which? - A", "Which? - A - Text", "Q1"],
    [f'{{"ImportId":"{name}"}}' for name in ("_recordId", "QID1", "QID9", "QID9_TEXT")]
    + ['{"ImportId":"QID4","timeZone":"America/Denver"}'],
]


def find(header: Table, name: str) -> int | str:
    """Give the position of a column (from 1), or the refusal."""
    try:
        return 1 + Header(Path("x.csv"), [list(row) for row in header]).find(name)
    except UnpivotError as error:
        return str(error)


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("Respondent ID", 1),
        ("respondent  id", 1),
        ("Rate / Staff", 3),
        ("Rank / Food", 5),
        ("Price", 6),
        ("Staff", 3),
        ("Why? / Response", 7),
        ("Like us? / Response", 8),
        ("Like us? / Other", 9),
        ("Other", 9),
        ("#2", 2),
        ("#11", 11),
    ],
)
def test_names_of_two_header_rows(name: str, position: int) -> None:
    assert find(SURVEY_MONKEY, name) == position


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "Rate",
            "'Rate' names 3 columns of x.csv: #2 Rate / Food; #3 Rate / Staff; "
            "#4 Rate / Food",
        ),
        (
            "Rate / Food",
            "'Rate / Food' names 2 columns of x.csv: #2 Rate / Food; #4 Rate / Food",
        ),
        (
            "Food",
            "'Food' names 3 columns of x.csv: #2 Rate / Food; #4 Rate / Food; "
            "#5 Rank / Food",
        ),
        (
            "Why?",
            "'Why?' names 2 columns of x.csv: #7 Why? / Response; #10 Why?",
        ),
        (
            "Response",
            "'Response' names 2 columns of x.csv: #7 Why? / Response; "
            "#8 Like us? / Response",
        ),
        (
            "Rate / Stuff",
            "x.csv has no column 'Rate / Stuff'; did you mean 'Rate / Staff' or "
            "'Rate / Food'?",
        ),
        ("#12", "x.csv has only 11 columns"),
        ("zzz", "x.csv has no column 'zzz'"),
    ],
)
def test_names_that_name_no_single_column(name: str, problem: str) -> None:
    assert find(SURVEY_MONKEY, name) == problem


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("Q1", 2),  # the first row goes before the second, where Q3 is called Q1
        ("How likely?", 2),
        ("QID1", 2),
        ("_recordId", 1),
        ("Which? - A - Text", 4),
        ("QID9", 3),
        ("QID4", 5),
        ("Q2_1 / Which? - A", 3),
    ],
)
def test_names_of_three_header_rows(name: str, position: int) -> None:
    assert find(QUALTRICS, name) == position


def test_names_of_merged_cells_in_three_rows() -> None:
    header = [["Rate", "", "", ""], ["Food", "", "Staff", ""], ["9", "10", "9", "10"]]
    assert find(header, "Rate / Food / 10") == 2
    assert find(header, "Rate / Staff / 9") == 3
    assert find(header, "Staff") == (
        "'Staff' names 2 columns of x.csv: #3 Rate / Staff / 9; #4 Rate / Staff / 10"
    )


def test_name_in_two_rows_of_a_column_is_one_name() -> None:
    assert find([["a", "c"], ["b", "d"], ["b", "e"]], "b") == 1


def test_blank_column_inherits_nothing() -> None:
    assert find([["Location", ""], ["Place", ""]], "Location") == 1


@given(st.lists(st.text(st.sampled_from("aB \n"), max_size=3), min_size=1))
def test_a_name_finds_the_one_column_that_has_it(names: list[str]) -> None:
    header = Header(Path("x.csv"), [names])
    folded = [" ".join(name.split()).casefold() for name in names]
    for column, name in enumerate(names):
        if folded[column] and folded.count(folded[column]) == 1:
            assert header.find(name) == column
        else:
            with pytest.raises(UnpivotError):
                header.find(name)
        assert header.find(header.label(column).split()[0]) == column


# --- Response ids made from content ---------------------------------------------------

NO_ID = mapped(["comment", "", "why"], without=["response_id"])


def made_ids(folder: Path, export: Table, mapping: Table = NO_ID) -> list[str]:
    """Give the ids of an export without ids, in its order."""
    return [row["response_id"] for row in unpivot(folder, export, mapping)[0]]


SAME_TWICE = [
    ["when", "score", "why"],
    ["31/01/2026 09:30", "9", ""],
    ["31/01/2026 09:30", "9", "fast"],
    ["31/01/2026 09:30", "9", ""],
]


def test_equal_rows_are_numbered_copies(tmp_path: Path) -> None:
    first, other, second = made_ids(tmp_path, SAME_TWICE)
    assert re.fullmatch("[0-9a-f]{32}-1", first)
    assert second == first[:-1] + "2"
    assert other[:-2] != first[:-2]


def test_made_ids_survive_another_export(tmp_path: Path) -> None:
    ids = made_ids(tmp_path, SAME_TWICE)
    header, *rows = SAME_TWICE
    assert sorted(made_ids(tmp_path, [header, *reversed(rows)])) == sorted(ids)
    assert made_ids(tmp_path, [row[::-1] for row in SAME_TWICE]) == ids
    wider = [[*row, cell] for row, cell in zip(SAME_TWICE, "notes", strict=False)]
    assert made_ids(tmp_path, wider) == ids  # a column that is not mapped
    later = [*header, "New question"], *([*row, ""] for row in rows)
    with_question = [*NO_ID, ["question", "new", "New question"]]
    assert made_ids(tmp_path, later, with_question)[::2] == ids
    assert made_ids(tmp_path, [header, *rows, ["01/02/2026 10:00", "1", ""]])[:3] == ids


def test_made_ids_differ_between_forms(tmp_path: Path) -> None:
    other = [
        row if row[0] != "survey_id" else ["survey_id", "", "", "x"] for row in NO_ID
    ]
    assert not set(made_ids(tmp_path, SAME_TWICE)) & set(
        made_ids(tmp_path, SAME_TWICE, other)
    )


def test_made_id_never_changes(tmp_path: Path) -> None:
    """Ids in `excluded_responses` must hold over releases."""
    assert made_ids(tmp_path, SAME_TWICE)[0] == "4164b2c8bc7b9789a42b9f0fff397b87-1"


# --- Dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "zone", "text", "reading"),
    [
        ("%d/%m/%Y", "", "05/06/2026", "2026-06-05"),
        ("%m/%d/%Y", "", "05/06/2026", "2026-05-06"),
        ("%m/%d/%Y", "", "5/6/2026", "2026-05-06"),
        ("%m/%d/%Y %H:%M:%S", "UTC", "11/1/2019 8:51:12", "2019-11-01T08:51:12+00:00"),
        ("%d/%m/%Y", "", "31/02/2026", None),
        ("%d/%m/%Y", "", "2026-05-06", None),
        ("%d/%m/%Y", "", "", None),
        ("%d/%m/%Y", "", " 05/06/2026\t", "2026-06-05"),
        ("%Y/%m/%d", "", "1899/12/31", None),
        ("%Y/%m/%d", "", "1900/01/01", "1900-01-01"),
        ("%Y/%m/%d", "", "9998/12/31", "9998-12-31"),
        ("%Y/%m/%d", "", "9999/01/01", None),
        ("%m/%d/%Y 12:00:00 AM", "", "05/11/2016 12:00:00 AM", "2016-05-11"),
        # Google Forms
        (
            "%Y/%m/%d %I:%M:%S %p GMT%z",
            "",
            "2026/09/27 3:00:00 PM GMT+3",
            "2026-09-27T15:00:00+03:00",
        ),
        (
            "%Y/%m/%d %I:%M:%S %p GMT%z",
            "",
            "2026/09/27 12:00:00 AM GMT-3:30",
            "2026-09-27T00:00:00-03:30",
        ),
        ("%Y-%m-%d %H:%M%z", "", "2026-09-27 10:00+0530", "2026-09-27T10:00:00+05:30"),
        ("%Y-%m-%d %H:%M%z", "", "2026-09-27 10:00Z", "2026-09-27T10:00:00+00:00"),
        ("%Y-%m-%d %H:%M%z", "", "2026-09-27 10:00", None),
        ("%Y-%m-%d %H:%M%z", "", "2026-09-27 10:00+14", "2026-09-27T10:00:00+14:00"),
        ("%Y-%m-%d %H:%M%z", "", "2026-09-27 10:00-14:01", None),
        (
            "%Y/%m/%d %I:%M %p EST|%Y/%m/%d %I:%M %p EDT",
            "America/New_York",
            "2026/07/01 9:30 AM EDT",
            "2026-07-01T09:30:00-04:00",
        ),
        # Two formats: one reads it, both read the same, both read otherwise
        ("%d/%m/%Y|%Y-%m-%d", "", "2026-05-06", "2026-05-06"),
        ("%d/%m/%Y|%m/%d/%Y", "", "13/12/2026", "2026-12-13"),
        ("%d/%m/%Y|%m/%d/%Y", "", "05/05/2026", "2026-05-05"),
        ("%d/%m/%Y|%m/%d/%Y", "", "05/06/2026", None),
        # The autumn hour that occurs twice, the spring hour that does not exist
        ("iso", "Europe/Berlin", "2025-10-26 02:30", "2025-10-26T02:30:00+01:00"),
        ("iso", "Europe/Berlin", "2025-03-30T02:30:00", "2025-03-30T02:30:00+01:00"),
        ("iso", "America/New_York", "2025-11-02 01:30", "2025-11-02T01:30:00-05:00"),
        ("iso", "America/New_York", "2025-03-09 02:30", "2025-03-09T02:30:00-05:00"),
        ("iso", "Europe/Dublin", "2025-10-26 01:30", "2025-10-26T01:30:00+00:00"),
        ("iso", "Australia/Lord_Howe", "2025-04-06 01:45", "2025-04-06T01:45:00+10:30"),
        # An offset with seconds, which the contract cannot write
        ("iso", "Africa/Monrovia", "1960-01-01 00:00", "1960-01-01T00:44:30+00:00"),
        # Contract form
        ("iso", "UTC", "2026-01-31", "2026-01-31"),
        ("iso", "Asia/Tokyo", "2026-01-31T10:00Z", "2026-01-31T10:00Z"),
        ("iso", "Asia/Tokyo", "2026-01-31 10:00:00.1-03", "2026-01-31 10:00:00.1-03"),
        (
            "iso",
            "Asia/Tokyo",
            "2026-01-31 10:00:59.123456789",
            "2026-01-31T10:00:59.123456+09:00",
        ),
        ("iso", "UTC", "2026-01-31 10:00:00.1", "2026-01-31T10:00:00.100000+00:00"),
        ("iso", "UTC", "2026-01-31T10:00+14:00", "2026-01-31T10:00+14:00"),
        ("iso", "UTC", "1899-12-31", None),
        ("iso", "UTC", "1900-01-01", "1900-01-01"),
        ("iso", "UTC", "9998-12-31T23:59Z", "9998-12-31T23:59Z"),
        ("iso", "UTC", "9999-01-01", None),
        ("iso", "UTC", "2026-01-31T24:00", None),
        ("iso", "UTC", "2026-01-31T10:00:60", None),
        ("iso", "UTC", "2026-01-31T10:00+14:01", None),
        ("iso", "UTC", "2026-01-31T10:00-13:60", None),
        ("iso", "UTC", "2026-01-31  10:00", None),
        ("iso", "UTC", "2026-02-29", None),
        ("iso", "UTC", "05/06/2026", None),
        ("iso", "UTC", "２０２６-01-31", None),
    ],
)
def test_readings(layout: str, zone: str, text: str, reading: str | None) -> None:
    assert DateReader(layout.split("|"), zone).read(text) == reading


@pytest.mark.parametrize(
    ("layout", "zone", "problem"),
    [
        ("%d/%m/%Y %H:%M", "", "does not say where the clock stood"),
        ("iso", "", "does not say where the clock stood"),
        ("%d/%m", "", "does not say day, month and year"),
        ("%m/%Y", "", "does not say day, month and year"),
        ("%H:%M", "UTC", "does not say day, month and year"),
        ("%d/%m/%Y %I:%M", "UTC", "does not say the hour"),
        ("%d/%m/%Y :%M", "UTC", "does not say the hour"),
        ("%d/%m/%Y %H:%M %Z", "UTC", "%Z means another thing on every machine"),
        ("%c", "UTC", "%c means another thing on every machine"),
        ("%-d/%m/%Y", "", "is not a strptime format"),
        ("dd/mm/yyyy", "", "does not say day, month and year"),
        ("%d/%m/%Y", "Berlin", "no time zone 'Berlin'; did you mean 'Europe/Berlin'"),
        ("iso", "../UTC", "no time zone '../UTC'"),
        ("iso", "Europe", "no time zone 'Europe'"),
    ],
)
def test_formats_that_leave_something_to_guess(
    layout: str, zone: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        DateReader([layout], zone)


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(9998, 12, 30)),
    st.sampled_from(
        ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]
    ),
)
@example(datetime(2011, 12, 30, 12), "Pacific/Apia")  # a day that did not exist
def test_readings_are_the_instants_of_the_zone(local: datetime, zone: str) -> None:
    """Independent of the code: search the instants that have this local time."""
    text = DateReader(["iso"], zone).read(local.isoformat())
    assert text is not None
    moment = datetime.fromisoformat(text)
    utc = ZoneInfo("UTC")
    candidates = {
        (local - offset).replace(tzinfo=utc)
        for hours in range(-48, 49, 6)
        if (
            offset := (local + timedelta(hours=hours))
            .replace(tzinfo=ZoneInfo(zone))
            .utcoffset()
        )
        is not None
    }
    instants = [
        instant
        for instant in candidates
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    ]
    if instants:
        assert moment == max(instants)
    else:
        # It does not exist: what a clock that missed the change would show.
        before = (moment - timedelta(days=2)).astimezone(ZoneInfo(zone)).utcoffset()
        assert before is not None
        assert moment == (local - before).replace(tzinfo=utc)
    assert read_iso(text, None) == text


def test_unreadable_dates_go_through_and_cannot_be_read_otherwise(
    tmp_path: Path,
) -> None:
    texts = ["31/02/2026 10:00", "soon", "2026-01-31 10:00", " 2026-01-31", ""]
    export = [EXPORT[0], *(["1", text, "9", ""] for text in texts)]
    rows, summary = unpivot(tmp_path, export, MINIMAL)
    assert [row["responded_at"] for row in rows] == [
        "31/02/2026 10:00",
        "soon",
        "unreadable: 2026-01-31 10:00",
        "unreadable:  2026-01-31",
        "",
    ]
    assert summary.unreadable_dates == {"responded_at": (4, "31/02/2026 10:00")}


def test_other_dates_are_read_and_counted_too(tmp_path: Path) -> None:
    mapping = mapped(["updated_at", "", "why", "", "%Y%m%d"])
    export = [EXPORT[0], ["1", "31/01/2026 09:30", "9", "20260201"]]
    rows, summary = unpivot(tmp_path, [*export, ["2", "", "9", "?"]], mapping)
    assert [row["updated_at"] for row in rows] == ["2026-02-01", "?"]
    assert summary.unreadable_dates == {
        "responded_at": (0, ""),
        "updated_at": (1, "?"),
    }


# --- What is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "without", "problem"),
    [
        ([], ["survey_id"], "mapping.csv has no survey_id row"),
        ([], ["question"], "mapping.csv has no question row"),
        ([], ["responded_at"], "mapping.csv has no responded_at row"),
        (
            [["question", "q2", "scor"]],
            [],
            "mapping.csv, row 7 (question): export.csv has no column 'scor'; did you "
            "mean 'score'?",
        ),
        (
            [["segment", "", "", "{wy}"]],
            [],
            "row 7 (segment): export.csv has no column 'wy'; did you mean 'why'?",
        ),
        (
            [["respondent", "", "why"]],
            [],
            "there is no field 'respondent'; did you mean 'respondent_id'",
        ),
        ([["question", "", "why"]], [], "a question needs a question_id and a column"),
        ([["question", "q2", ""]], [], "a question needs a question_id and a column"),
        ([["question", "nps", "why"]], [], "row 7 (question): row 6 is question 'nps'"),
        (
            [["question", "q", "why", "", "", "", "1=2"]],
            [],
            "labels and codes belong in the seeds answer_labels and rating_scales",
        ),
        (
            [["comment", "npss", "why"]],
            [],
            "there is no question 'npss'; did you mean 'nps'?",
        ),
        ([["segment", "nps", "why"]], [], "only a question and a comment have a"),
        ([["segment", "", "why", "x"]], [], "fill either column or value"),
        ([["segment", "", "", ""]], [], "fill either column or value"),
        ([["segment", "", "why", "", "iso"]], [], "only dates have a format"),
        ([["segment", "", "why", "", "", "UTC"]], [], "only dates have a format"),
        ([["segment", "", "why", "", "", "", "1"]], [], "a recode is 0=complete|1="),
        ([["segment", "", "why", "", "", "", "a=1|A=2"]], [], "each code once"),
        ([["updated_at", "", "why", "", "", "", "1=2"]], [], "not a recode"),
        ([["updated_at", "", "why"]], [], "name its format"),
        ([["updated_at", "", "why", "", "%d"]], [], "does not say day, month and year"),
        ([["updated_at", "", "why", "", "iso"]], [], "name the time_zone"),
        ([["updated_at", "", "", "5/6/2026"]], [], "'5/6/2026' is not a date such as"),
        ([["updated_at", "", "", "2026-01-31T09:00"]], [], "with a time_zone"),
        ([["updated_at", "", "", "2026-01-31", "iso"]], [], "and no format"),
        ([["updated_at", "", "", "2026-01-31", "", "Mars"]], [], "no time zone 'Mars'"),
        ([["header_rows", "", "", "4"]], [], "1, 2 or 3, not '4'"),
        ([["header_rows", "", "2"]], [], "a setting stands in the column value"),
        ([["encoding", "", "", "ansi8"]], [], "no encoding 'ansi8'"),
        ([["encoding", "", "", "rot13"]], [], "no encoding 'rot13'"),
        ([["encoding", "", "", "b\0"]], [], "no encoding"),
        ([["delimiter", "", "", "::"]], [], "one character or `tab`, not '::'"),
        ([["delimiter", "", "", '"']], [], "one character or `tab`"),
        ([["delimiter", "", "", ";"]], [], "single column; if a comma separates"),
        ([["segment", "", "", "", "", "", "", "x"]], [], "'x' has no column name"),
        (
            [["header_rows", "", "", "2"]],
            [],
            "export.csv: header row 2 has the date '31/01/2026 09:30'",
        ),
    ],
)
def test_mappings_that_are_refused(
    tmp_path: Path, rows: Table, without: Sequence[str], problem: str
) -> None:
    said = refusal(tmp_path, EXPORT, mapped(*rows, without=without))
    assert problem in said.replace(f"{tmp_path}/", "")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "has no column 'field'"),
        ("field,value\n", "has no column 'column'"),
        ("field,colum\n", "has an unknown column 'colum'; did you mean 'column'?"),
        ("field,column,Field\n", "has the column 'field' twice"),
        ('field,column\n"a,b\n', "line 2: unexpected end of data"),
    ],
)
def test_mapping_files_that_are_refused(
    tmp_path: Path, content: str, problem: str
) -> None:
    export = write_table(tmp_path / "export.csv", EXPORT)
    (tmp_path / "mapping.csv").write_text(content)
    with pytest.raises(UnpivotError, match=re.escape(problem)):
        convert(export, tmp_path / "mapping.csv", tmp_path / "feed.csv")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "export.csv ends within its 1 header rows"),
        (b"id;when;score\n1;2;3\n", "a single column; if `;` separates its columns"),
        (b"id\twhen\tscore\n", "a single column; if a tab separates its columns"),
        (b"id,when,score\n1,2\n", "export.csv, line 2 has 2 fields, the header has 3"),
        (b"id,when,score\n\n1,2,3,\n", "line 3 has 4 fields, the header has 3"),
        (
            b'id,when,score\n1,"a\nb",3\n1,2\n',
            "line 4 has 2 fields, the header has 3",
        ),
        (b'id,when,score\n1,"2"x,3\n', "line 2 is not CSV"),
        (b'id,when,score\n1,"2,3\n', "line 2 is not CSV: unexpected end of data"),
        (b"id,when,score\n1,2,\xe9\n", "is not written in utf-8: name its encoding"),
        ("id,when,score\n".encode("utf-16"), "perhaps utf-16"),
        (b"PK\x03\x04\x80", "is a workbook or an archive: save it as CSV"),
        (
            b"id,when,score\nId,When,Score\n"
            b'"{""ImportId"":""i""}",2,3\n1,31/01/2026 09:30,9\n',
            "line 3 is a header row: this export's header_rows are 3",
        ),
        (b"id,when,score\n1,2," + b"x" * 1_000_001, "line 2 is not CSV: field larger"),
    ],
)
def test_exports_that_are_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "export.csv").write_bytes(content)
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    with pytest.raises(UnpivotError, match=re.escape(problem)):
        convert(tmp_path / "export.csv", mapping, tmp_path / "feed.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.csv", "mapping.csv"]


def test_broken_archive_is_refused(tmp_path: Path) -> None:
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    whole = gzip.compress(b"id,when,score\n" + b"1,2,3\n" * 5000)
    for content in (whole[:-20], whole[:30] + b"xx" + whole[32:], b"no archive"):
        (tmp_path / "export.csv.gz").write_bytes(content)
        with pytest.raises(
            UnpivotError, match=r"export.csv.gz, line \d+ cannot be read"
        ):
            convert(tmp_path / "export.csv.gz", mapping, tmp_path / "feed.csv")


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("feed.txt", "feed.txt does not end in .csv or .csv.gz"),
        ("export.csv", "would overwrite what is being read"),
        ("mapping.csv", "would overwrite what is being read"),
        ("nowhere/feed.csv", "cannot write"),
    ],
)
def test_outputs_that_are_refused(tmp_path: Path, output: str, problem: str) -> None:
    export = write_table(tmp_path / "export.csv", EXPORT)
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    before = export.read_bytes(), mapping.read_bytes()
    with pytest.raises(UnpivotError, match=re.escape(problem)):
        convert(export, mapping, tmp_path / output)
    assert (export.read_bytes(), mapping.read_bytes()) == before


def test_refused_export_leaves_the_old_feed(tmp_path: Path) -> None:
    unpivot(tmp_path, EXPORT, MINIMAL)
    before = (tmp_path / "feed.csv").read_bytes()
    with pytest.raises(UnpivotError):
        unpivot(tmp_path, [*EXPORT, ["too short"]], MINIMAL)
    assert (tmp_path / "feed.csv").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


# --- The command line -----------------------------------------------------------------


def test_command_writes_the_feed_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_table(tmp_path / "export.csv", EXPORT)
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    assert main(["unpivot", str(export), str(mapping)]) == 0
    out, err = capsys.readouterr()
    convert(export, mapping, tmp_path / "feed.csv")
    assert out == (tmp_path / "feed.csv").read_text()
    assert err.startswith(
        "export.csv: 2 responses in, 1 questions mapped, 2 answers out"
    )


def test_command_says_what_is_wrong_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.csv"
    mapping = write_table(tmp_path / "mapping.csv", MINIMAL)
    assert main(["unpivot", str(missing), str(mapping)]) == 2
    assert main(["unpivot", str(mapping), str(missing)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"error: cannot read {missing}: No such file or directory\n" * 2


def test_closed_pipe_is_no_crash(tmp_path: Path) -> None:
    rows = [["1", "31/01/2026 09:30", "9", "x" * 100]] * 20_000
    export = write_table(tmp_path / "export.csv", [EXPORT[0], *rows])
    mapping = write_table(tmp_path / "mapping.csv", mapped(["comment", "", "why"]))
    with subprocess.Popen(
        [sys.executable, "-m", "cx_warehouse", "unpivot", str(export), str(mapping)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


# --- Properties -----------------------------------------------------------------------

any_cell = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=8
) | st.sampled_from(["", " ", "9", "\r", "\n", "\r\n", '"', "2026-01-31", "a,b"])


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(any_cell, min_size=width, max_size=width), max_size=8
        )
    )
)
@settings(deadline=None)
@pytest.mark.parametrize("with_ids", [True, False])
def test_count_in_is_count_out_and_every_answer_survives(
    with_ids: bool, answers: list[list[str]]
) -> None:
    width = len(answers[0]) if answers else 1
    export = [["id", *(f"q{n}" for n in range(width))]]
    export += [[f"r{n}", *row] for n, row in enumerate(answers)]
    mapping = [
        *mapped(
            ["responded_at", "", "q0", "", "%d.%m.%Y"],
            *(["question", f"Q{n}", f"q{n}"] for n in range(width)),
            without=[
                "question",
                "responded_at",
                *([] if with_ids else ["response_id"]),
            ],
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        rows, summary = unpivot(Path(folder), export, mapping)
    assert len(rows) == summary.answers == len(answers) * width
    assert summary.responses == len(answers)
    assert [row["answer"] for row in rows] == [cell for row in answers for cell in row]
    ids = [row["response_id"] for row in rows[::width]]
    assert len(set(ids)) == len(ids)
    if with_ids:
        assert ids == [f"r{n}" for n in range(len(answers))]


@given(st.lists(st.tuples(any_cell, any_cell), max_size=6), st.randoms())
@settings(deadline=None)
def test_made_ids_are_those_of_the_rows_in_any_order(
    rows: list[tuple[str, str]], random: Random
) -> None:
    shuffled = random.sample(rows, len(rows))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids, others = (
            Counter(made_ids(folder, [["when", "score", "why"], *wide]))
            for wide in ([["", *row] for row in rows], [["", *row] for row in shuffled])
        )
    assert ids == others


# --- What vendors really export -------------------------------------------------------

needs_vendor_exports = pytest.mark.skipif(
    not VENDOR_EXPORTS.is_dir(),
    reason=f"the vendors' exports are not in {VENDOR_EXPORTS}",
)
QUALTRICS_STATUS = [
    [
        "response_status",
        "",
        "Status",
        "",
        "",
        "",
        "0=|IP Address=|1=preview|Survey Preview=preview",
    ],
    [
        "response_status",
        "",
        "Finished",
        "",
        "",
        "",
        "1=complete|True=complete|0=partial|False=partial",
    ],
]


def vendor_feed(folder: Path, export: str, *rows: Sequence[str]) -> list[Row]:
    """Convert one of the vendors' exports and check the count of its answers."""
    mapping = [MINIMAL[0], ["source_system", "", "", "v"], ["survey_id", "", "", "s"]]
    path = write_table(folder / "mapping.csv", [*mapping, *rows])
    summary = convert(VENDOR_EXPORTS / export, path, folder / "feed.csv")
    feed_rows = read_feed(folder / "feed.csv")
    assert len(feed_rows) == summary.answers == summary.responses * summary.questions
    assert summary.unreadable_dates == {"responded_at": (0, "")}
    return feed_rows


@needs_vendor_exports
def test_qualtrics_with_line_breaks_in_its_headers(tmp_path: Path) -> None:
    questions = [f"{n}{letter}" for letter in "AB" for n in range(8, 18)]
    rows = vendor_feed(
        tmp_path,
        "qualtrics/qualtrics_pilot_3header_redacted.csv",
        ["header_rows", "", "", "3"],
        ["response_id", "", "ResponseId"],
        ["responded_at", "", "RecordedDate", "", "iso", "America/Denver"],
        *QUALTRICS_STATUS,
        ["channel", "", "DistributionChannel"],
        ["segment", "", "QID10"],
        *(["question", name, name] for name in questions),
    )
    assert len(rows) == 26 * 20
    assert rows[0] == {
        "source_system": "v",
        "survey_id": "s",
        "question_id": "8A",
        "response_id": "R_u8Geu0CykTxNh6h",
        "answer": "Yes",
        "responded_at": "2020-07-17T18:59:25-06:00",
        "channel": "anonymous",
        "segment": "Democrat",
        "response_status": "complete",
    }
    # Each respondent saw the posts with or without the disclaimer, never both.
    variants = {(r["response_id"], r["question_id"][-1]) for r in rows if r["answer"]}
    assert len(variants) == len({row["response_id"] for row in rows if row["answer"]})


@needs_vendor_exports
def test_qualtrics_in_another_language(tmp_path: Path) -> None:
    rows = vendor_feed(
        tmp_path,
        "qualtrics/qualtRics_sample_v3.csv",
        ["header_rows", "", "", "3"],
        ["response_id", "", "Antwort-ID"],
        ["responded_at", "", "RecordedDate", "", "iso", "Europe/Zurich"],
        *QUALTRICS_STATUS,
        ["question", "Q1", "QID1"],
        ["comment", "Q1", "Q2"],
    )
    assert [tuple(row.values()) for row in rows] == [
        (
            "v",
            "s",
            "Q1",
            "R_2YPOQ602ER1jkf1",
            "2",
            "2017-07-18T08:28:48+02:00",
            "Hello World!",
            "complete",
        )
    ]


@needs_vendor_exports
def test_qualtrics_legacy(tmp_path: Path) -> None:
    rows = vendor_feed(
        tmp_path,
        "qualtrics/qualtRics_sample_legacy.csv",
        ["header_rows", "", "", "2"],
        ["response_id", "", "V1"],  # behind the byte-order mark
        ["responded_at", "", "EndDate", "", "iso", "Europe/Zurich"],
        *QUALTRICS_STATUS,
        ["question", "Q1", "Q1"],
        ["question", "place", "LocationAccuracy"],  # left of the empty last column
    )
    assert [(row["response_id"], row["answer"]) for row in rows] == [
        ("R_2YPOQ602ER1jkf1", "2"),
        ("R_2YPOQ602ER1jkf1", "-1"),
    ]


@needs_vendor_exports
def test_snap_with_date_and_time_apart(tmp_path: Path) -> None:
    rows = vendor_feed(
        tmp_path,
        "snap/snap_survey_2header_redacted.csv",
        ["header_rows", "", "", "2"],
        ["response_id", "", "ID.case"],
        [
            "responded_at",
            "",
            "",
            "{ID.endDate} {ID.end}",
            "%d/%m/%Y %H:%M:%S",
            "Europe/London",
        ],
        ["response_status", "", "Complete response received"],
        ["segment", "", "team"],
        *(
            ["question", name, name]
            for name in ("rating", "rating_manual", "ratingmerge")
        ),
        ["comment", "ratingmerge", "reason"],
    )
    assert len(rows) == 60
    assert rows[-1]["responded_at"] == "2022-05-24T07:09:06+01:00"
    assert {row["response_status"] for row in rows} == {"completed"}
    answers = {
        name: Counter(row["answer"] for row in rows if row["question_id"] == name)
        for name in ("rating", "rating_manual", "ratingmerge")
    }
    assert answers["rating_manual"] == {"": 19, "3 - Cloudy weather": 1}
    assert answers["rating"][""] == 1
    assert answers["ratingmerge"][""] == 0


@needs_vendor_exports
def test_surveymonkey_in_latin_1(tmp_path: Path) -> None:
    favourable = (
        "Please state whether you view the following characters favorably, "
        "unfavorably, or are unfamiliar with him/her."
    )
    rows = vendor_feed(
        tmp_path,
        "surveymonkey/StarWars_latin1.csv.gz",
        ["header_rows", "", "", "2"],
        ["encoding", "", "", "latin-1"],
        ["response_id", "", "RespondentID"],
        ["responded_at", "", "", "2014-06-03"],
        ["segment", "", "Gender"],
        ["question", "han", f"{favourable} / Han Solo"],
        ["question", "yoda", "Yoda"],
        ["question", "shot", "Which character shot first?"],
        ["question", "ep1", "#10"],
    )
    assert len(rows) == 1186 * 4
    assert len({row["response_id"] for row in rows}) == 1186
    han = Counter(row["answer"] for row in rows if row["question_id"] == "han")
    assert han == {
        "Very favorably": 610,
        "": 357,
        "Somewhat favorably": 151,
        "Neither favorably nor unfavorably (neutral)": 44,
        "Unfamiliar (N/A)": 15,
        "Somewhat unfavorably": 8,
        "Very unfavorably": 1,
    }


@needs_vendor_exports
def test_every_wide_export_is_converted_here() -> None:
    """A new file needs a test; the seeds of Fivetran are long tables, not wide."""
    wide = {
        path.relative_to(VENDOR_EXPORTS).as_posix()
        for pattern in ("*.csv", "*.csv.gz")
        for path in VENDOR_EXPORTS.rglob(pattern)
        if not path.name.startswith("fivetran_seed_")
    }
    tested = set(
        re.findall(r'"([a-z]+/\w+\.csv(?:\.gz)?)"', Path(__file__).read_text())
    )
    assert wide == tested - {"nowhere/feed.csv"}


# --- The how-to -----------------------------------------------------------------------


def test_examples_of_the_how_to_are_what_the_command_prints(tmp_path: Path) -> None:
    """A block `csv NAME` is a file, a block `console` a command and its output."""
    text = (PROJECT / "docs" / "unpivot.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    runs = 0
    for language, name, content in blocks:
        if language == "csv" and name:
            (tmp_path / name).write_text(content, encoding="utf-8")
        if language == "console":
            command, _, output = content.partition("\n")
            words = shlex.split(command.removeprefix("$ "))
            if words[0] == "python":
                words[0] = sys.executable
            done = subprocess.run(
                words,
                cwd=tmp_path,
                env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert done.stdout == output, command
            runs += 1
    assert runs >= 3
