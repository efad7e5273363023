"""Turn a wide survey export into the answer feed.

    python -m cx_warehouse unpivot EXPORT.csv MAPPING.csv --output FEED.csv

A wide export has one row per response and one column per question; the feed has one
row per response and mapped question, empty answers included. EXPORT is CSV or CSV.gz.
Without --output the feed goes to standard output; a name ending in `.csv.gz` is
compressed. A summary of what went in, what came out and what was left out is printed
on stderr. docs/unpivot.md is the how-to.

The mapping
-----------
A small CSV, made in a spreadsheet, one row per thing that is filled. It needs the
columns `field` and `column`; the others may be left out when no row uses them.

field        what this row fills (see below)
column       the column of the export it comes from
value        instead of `column`: a constant. `{name}` in it stands for the cell of
             that column: `{Date} {Time}`, `2013-05-{INTDATE}`
question_id  the question, in `question` rows and in `comment` rows of one question
format       date fields only: `iso` or a strptime format such as `%d/%m/%Y %H:%M`;
             several, separated by `|`, for an export that mixes them
time_zone    date fields only: the IANA zone in which the times are written
recode       other response fields only: `0=complete|1=preview`, cell=what the feed
             gets, any case; `0=` makes it empty; a cell not listed stays as it is
note         yours; ignored

Fields:

question         one per question: `question_id` and `column`
source_system, survey_id, responded_at   at least one row each
response_id      made from the row's content when there is no such row
comment          with a `question_id` for that question, without for all the others
respondent_id, channel, segment, response_status, weight, updated_at, interaction_at,
invited_at       as needed
header_rows      settings, in `value`: how many rows the header has, 1 (default) to 3;
encoding         the encoding, by default utf-8;
delimiter        the separator, by default a comma, `tab` for a tab

A response field may stand in several rows: the first that is not empty counts.

Columns are named by a text of the first header row; by `question / sub-item` where
a second one says more (a blank cell of the first inherits the question to its left);
by a text of a lower row or a Qualtrics ImportId; or by position: `#12`. Spaces, line
breaks and case make no difference. A name of two columns is an error, never a choice.

Dates
-----
Formats and zones are named, never guessed. A reading becomes a timestamp with an
offset, or a bare date where the format has no time. A local time that occurs twice is
the later instant; one that does not exist is read with the offset before the change.
What no format reads, or two formats read differently, is passed on unchanged and
counted: the warehouse rejects it, where it can be seen, as `unreadable_timestamp`. (A
text that the warehouse would read in a way of its own gets `unreadable: ` in front.)

Made response ids
-----------------
Without a `response_id` row the id is a hash of source_system, survey_id and the
row's mapped cells that are not empty, and the number of the copy among equal rows. It
depends neither on the order of rows and columns nor on the wording of the headers, so
a second export of the same responses gives the same ids. It changes when a mapped cell
changes: keep the newest export of such a form in the feed, not all of them.
"""

import argparse
import csv
import difflib
import gzip
import hashlib
import io
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, NoReturn, cast
from zoneinfo import ZoneInfo, available_timezones

from cx_warehouse.errors import UserError
from cx_warehouse.feed import FEED_COLUMNS, REQUIRED_COLUMNS

RESPONSE_FIELDS = tuple(
    name for name in FEED_COLUMNS if name not in ("question_id", "answer")
)
DATE_FIELDS = ("responded_at", "interaction_at", "invited_at", "updated_at")
SETTINGS = ("header_rows", "encoding", "delimiter")
MAPPING_COLUMNS = (
    "field",
    "column",
    "value",
    "question_id",
    "format",
    "time_zone",
    "recode",
    "note",
)

SPACES = " \t\r\n"  # what the contract trims
LONGEST_CELL = 1_000_000  # characters; a quote that never closes ends here
SEPARATORS = {",": "a comma", ";": "`;`", "\t": "a tab"}

LARGEST_OFFSET = timedelta(hours=14)
TIME_DIRECTIVES = set("HIMSf")
# Two moments that a format must be able to write and read back.
FORMAT_PROBES = (
    datetime(2013, 11, 24, 15, 4, 5, tzinfo=UTC),
    datetime(2001, 2, 3, 16, 7, 8, tzinfo=UTC),
)

# A timestamp of the contract: date; hour, minute, second, fraction; offset.
_CONTRACT_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
# The offset at the end of a text: `+3`, `+03`, `+0330`, `+3:30`.
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d\d))?$", re.ASCII)
_COLUMN_IN_VALUE = re.compile(r"\{([^{}]+)\}")
_POSITION = re.compile(r"#([1-9]\d*)", re.ASCII)
_IMPORT_ID = re.compile(r'\{"ImportId":"([^"]*)"')


class UnpivotError(UserError):
    """The export, the mapping or the output cannot be used as they are."""


@dataclass(frozen=True)
class Rule:
    """One row of the mapping; `row` is its number in the spreadsheet (header = 1)."""

    row: int
    field: str
    column: str
    value: str
    question_id: str
    format: str
    time_zone: str
    recode: str


@dataclass(frozen=True)
class Mapping:
    """A mapping file that is sound in itself; no export has been seen yet."""

    path: Path
    rules: tuple[Rule, ...]
    header_rows: int = 1
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def questions(self) -> list[Rule]:
        """The question rows, in the file's order."""
        return [rule for rule in self.rules if rule.field == "question"]

    def rules_of(self, name: str, question_id: str = "") -> list[Rule]:
        """Give the rows of one response field (and one question), in order."""
        return [
            rule
            for rule in self.rules
            if rule.field == name and rule.question_id == question_id
        ]

    def fail(self, rule: Rule, problem: str) -> NoReturn:
        """Raise an `UnpivotError` that names the file, the row and its field."""
        raise UnpivotError(f"{self.path}, row {rule.row} ({rule.field}): {problem}")


@dataclass
class Summary:
    """What a conversion did; `answers` is always `responses` times `questions`."""

    export: Path
    responses: int
    questions: int
    answers: int
    blank_lines: int
    unreadable_dates: dict[str, tuple[int, str]]  # field -> how many, the first
    unmapped_columns: list[str]

    def __str__(self) -> str:
        """Give the summary as lines for people."""
        lines = [
            f"{self.export.name}: {self.responses} responses in, "
            f"{self.questions} questions mapped, {self.answers} answers out"
        ]
        for name, (count, first) in self.unreadable_dates.items():
            lines.append(
                f"responses with an unreadable {name}: {count}"
                + (f", the first is {first!r}" if first else "")
            )
        if self.blank_lines:
            lines.append(f"blank lines passed over: {self.blank_lines}")
        lines.append(f"columns not mapped: {len(self.unmapped_columns)}")
        lines.extend(f"  {name}" for name in self.unmapped_columns)
        return "\n".join(lines)


def convert(export: Path, mapping: Path, output: Path | None = None) -> Summary:
    """Write the feed of a wide export and say what was done.

    `output` ends in `.csv` or `.csv.gz` and is replaced only when the whole export has
    been read; None is standard output. One response is held in memory at a time; when
    ids are made here, some 150 bytes stay for each response.

    Raises `UnpivotError`, naming the file and the line, row or column, when the export
    or the mapping is not what it should be.
    """
    rules = read_mapping(mapping)
    if output is not None and output.resolve() in (export.resolve(), mapping.resolve()):
        raise UnpivotError(f"--output {output} would overwrite what is being read")
    with ExitStack() as stack:
        lines = stack.enter_context(_open_export(export, rules.encoding))
        records = _Records(export, lines, rules)
        plan = _Plan(rules, Header(export, records.header()))
        feed = stack.enter_context(_open_feed(output))
        return plan.write(records, feed)


def add_parser(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add the `unpivot` command to the command line."""
    parser = subparsers.add_parser(
        "unpivot",
        help="turn a wide export (one column per question) into the answer feed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("export", type=Path, metavar="EXPORT.csv")
    parser.add_argument("mapping", type=Path, metavar="MAPPING.csv")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FEED.csv",
        help="the feed, .csv or .csv.gz (default: standard output)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command with parsed arguments and return its exit code."""
    print(convert(options.export, options.mapping, options.output), file=sys.stderr)
    return 0


# --- The mapping ----------------------------------------------------------------------


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file and check all that can be checked without an export.

    Raises `UnpivotError` naming the file and the row.
    """
    every_rule = _mapping_rules(path)
    rules = tuple(rule for rule in every_rule if rule.field not in SETTINGS)
    mapping = Mapping(path, rules)
    for rule in every_rule:
        if rule.field in SETTINGS:
            mapping = _with_setting(mapping, rule)
        else:
            _check_rule(mapping, rule)
    for name in ("source_system", "survey_id", "responded_at", "question"):
        if name not in {rule.field for rule in rules}:
            raise UnpivotError(f"{path} has no {name} row")
    first_rows: dict[str, int] = {}
    for rule in mapping.questions:
        first = first_rows.setdefault(rule.question_id, rule.row)
        if first != rule.row:
            mapping.fail(rule, f"row {first} is question {rule.question_id!r} already")
    for rule in rules:
        if rule.question_id and rule.question_id not in first_rows:
            nearest = _nearest(rule.question_id, first_rows)
            mapping.fail(rule, f"there is no question {rule.question_id!r}{nearest}")
    return mapping


def _mapping_rules(path: Path) -> list[Rule]:
    """Read the rows of a mapping file; cells are trimmed, empty rows left out."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnpivotError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnpivotError(
            f"{path} is not UTF-8: save the mapping as `CSV UTF-8`"
        ) from error
    # A spreadsheet writes the separator of its country. The header tells which: the
    # names of the mapping's columns hold none of them.
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        table = [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise UnpivotError(f"{path}, line {reader.line_num}: {error}") from error
    header = [name.casefold() for name in table[0]] if table else []
    for name in filter(None, header):
        if name not in MAPPING_COLUMNS:
            nearest = _nearest(name, MAPPING_COLUMNS)
            raise UnpivotError(f"{path} has an unknown column {name!r}{nearest}")
        if header.count(name) > 1:
            raise UnpivotError(f"{path} has the column {name!r} twice")
    for name in ("field", "column"):
        if name not in header:
            raise UnpivotError(f"{path} has no column {name!r}")
    rules = []
    for number, row in enumerate(table[1:], start=2):
        cells = dict.fromkeys(MAPPING_COLUMNS, "")
        for position, cell in enumerate(row):
            name = header[position] if position < len(header) else ""
            if cell and not name:
                raise UnpivotError(f"{path}, row {number}: {cell!r} has no column name")
            cells[name] = cell
        if any(row):
            rules.append(
                Rule(
                    row=number,
                    field=cells["field"].casefold(),
                    column=cells["column"],
                    value=cells["value"],
                    question_id=cells["question_id"],
                    format=cells["format"],
                    time_zone=cells["time_zone"],
                    recode=cells["recode"],
                )
            )
    return rules


def _with_setting(mapping: Mapping, rule: Rule) -> Mapping:
    """Give the mapping with one of its settings made."""
    if not rule.value or rule.column:
        mapping.fail(rule, "a setting stands in the column value")
    if rule.field == "header_rows":
        if rule.value not in ("1", "2", "3"):
            mapping.fail(rule, f"1, 2 or 3, not {rule.value!r}")
        return replace(mapping, header_rows=int(rule.value))
    if rule.field == "delimiter":
        delimiter = "\t" if rule.value.casefold() == "tab" else rule.value
        if len(delimiter) != 1 or delimiter == '"':
            mapping.fail(rule, f"one character or `tab`, not {rule.value!r}")
        return replace(mapping, delimiter=delimiter)
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=rule.value)
    except (LookupError, ValueError):
        mapping.fail(
            rule, f"there is no encoding {rule.value!r}, try latin-1 or cp1252"
        )
    return replace(mapping, encoding=rule.value)


def _check_rule(mapping: Mapping, rule: Rule) -> None:
    """Fail when the cells of one mapping row do not go together."""
    known = ("question", *RESPONSE_FIELDS, *SETTINGS)
    if rule.field not in known:
        nearest = _nearest(rule.field, known)
        mapping.fail(rule, f"there is no field {rule.field!r}{nearest}")
    if rule.field == "question":
        if not rule.question_id or not rule.column:
            mapping.fail(rule, "a question needs a question_id and a column")
        if rule.value or rule.recode:
            mapping.fail(
                rule,
                "answers are passed on as exported; labels and codes belong in the "
                "seeds answer_labels and rating_scales",
            )
    elif bool(rule.column) == bool(rule.value):
        mapping.fail(rule, "fill either column or value")
    if rule.question_id and rule.field not in ("question", "comment"):
        mapping.fail(rule, "only a question and a comment have a question_id")
    if rule.recode and rule.field in DATE_FIELDS:
        mapping.fail(rule, "a date has a format and a time_zone, not a recode")
    if (rule.format or rule.time_zone) and rule.field not in DATE_FIELDS:
        mapping.fail(rule, "only dates have a format and a time_zone")


def _nearest(name: str, known: Iterable[str]) -> str:
    """Give `; did you mean ...?` with the nearest known names, or nothing."""
    originals = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(name.casefold(), originals, n=3)
    quoted = [repr(originals[candidate]) for candidate in near]
    return f"; did you mean {' or '.join(quoted)}?" if quoted else ""


# --- The export -----------------------------------------------------------------------


class Header:
    """The header rows of an export and what its columns are called.

    `rows` are its one, two or three rows as exported, all of one length.
    """

    def __init__(self, export: Path, rows: list[list[str]]) -> None:
        """Work out the names of every column."""
        self.export = export
        self.rows = rows
        self.width = len(rows[0])
        # Names by rank: a lower rank counts only where no higher one has the name.
        self._ranks: tuple[dict[str, list[int]], ...] = ({}, {}, {})
        self._shown: dict[str, str] = {}  # folded name -> the name as written
        self._paths: list[str] = []  # of each column: `question / sub-item`
        filled = self._filled()
        for column in range(self.width):
            texts = [_squeezed(row[column]) for row in filled]
            path = [text for text in texts if text and not _IMPORT_ID.match(text)]
            self._paths.append(" / ".join(path))
            self._add(0, texts[0], column)
            if len(path) > 1:
                self._add(1, self._paths[column], column)
            for text in texts[1:]:
                self._add(2, text, column)
                if found := _IMPORT_ID.match(text):
                    self._add(2, found[1], column)

    def find(self, name: str) -> int:
        """Give the index of the one column of that name.

        Raises `UnpivotError`: with the candidates when several columns have the name,
        with the nearest names when none has.
        """
        if position := _POSITION.fullmatch(name):
            if int(position[1]) > self.width:
                raise UnpivotError(f"{self.export} has only {self.width} columns")
            return int(position[1]) - 1
        folded = _squeezed(name).casefold()
        for names in self._ranks:
            columns = names.get(folded, [])
            if len(columns) == 1:
                return columns[0]
            if columns:
                candidates = "; ".join(self.label(column) for column in columns[:5])
                more = f"; and {len(columns) - 5} more" if len(columns) > 5 else ""
                raise UnpivotError(
                    f"{name!r} names {len(columns)} columns of {self.export}: "
                    f"{candidates}{more}"
                )
        nearest = _nearest(_squeezed(name), self._shown.values())
        raise UnpivotError(f"{self.export} has no column {name!r}{nearest}")

    def label(self, column: int) -> str:
        """Give a column's position and texts, for people: `#3 Rate us / Staff`."""
        name = self._paths[column]
        for folded, columns in self._ranks[0].items():
            if columns == [column]:
                name = self._shown[folded]
        return f"#{column + 1} {name}".rstrip()

    def _add(self, rank: int, name: str, column: int) -> None:
        """Let `name` name `column`, unless it does already or is empty."""
        columns = self._ranks[rank].setdefault(name.casefold(), []) if name else []
        if column not in columns:
            columns.append(column)
            self._shown.setdefault(name.casefold(), name)

    def _filled(self) -> list[list[str]]:
        """Fill the blank cells of upper rows that belong to the question on the left.

        A cell belongs there when it is blank, a row below it is not, and the rows above
        it (if any) belong to the question on the left as well.
        """
        filled = [list(row) for row in self.rows]
        for column in range(1, self.width):
            for number in range(len(filled) - 1):
                below = [row[column].strip() for row in self.rows[number + 1 :]]
                if self.rows[number][column].strip() or not any(below):
                    break
                filled[number][column] = filled[number][column - 1]
        return filled


class _Records:
    """The records of an export, each as long as the first; knows where it stands."""

    def __init__(self, export: Path, lines: Iterable[str], mapping: Mapping) -> None:
        """Begin to read; nothing is read before `header` is called."""
        self.export = export
        self.line = 0  # at which the record begins
        self.blank_lines = 0
        self._mapping = mapping
        self._width = 0
        self._reader = csv.reader(lines, delimiter=mapping.delimiter, strict=True)
        csv.field_size_limit(LONGEST_CELL)

    def header(self) -> list[list[str]]:
        """Read the header rows that the mapping announces."""
        rows = list(islice(self, self._mapping.header_rows))
        if len(rows) < self._mapping.header_rows:
            raise UnpivotError(
                f"{self.export} ends within its {self._mapping.header_rows} header rows"
            )
        if len(rows[0]) == 1:
            for separator, name in SEPARATORS.items():
                if separator in rows[0][0]:
                    raise UnpivotError(
                        f"{self.export} has a single column; if {name} separates its "
                        "columns, say so in the mapping's delimiter row"
                    )
        return rows

    def __iter__(self) -> Iterator[list[str]]:
        """Give record after record."""
        while True:
            self.line = self._reader.line_num + 1
            try:
                record = next(self._reader)
            except StopIteration:
                return
            except UnicodeError as error:
                raise _undecodable(self.export, self._mapping, error) from error
            except csv.Error as error:
                self.fail(f"is not CSV: {error}")
            except (OSError, EOFError, zlib.error) as error:
                self.fail(f"cannot be read: {error}")
            if not record:
                self.blank_lines += 1
                continue
            self._width = self._width or len(record)
            if len(record) != self._width:
                self.fail(f"has {len(record)} fields, the header has {self._width}")
            yield record

    def fail(self, problem: str) -> NoReturn:
        """Raise an `UnpivotError` that names the file and the line."""
        raise UnpivotError(f"{self.export}, line {self.line} {problem}")


@contextmanager
def _open_export(export: Path, encoding: str) -> Iterator[IO[str]]:
    """Open an export, compressed or not, as text with its line ends untouched."""
    # utf-8-sig is utf-8 that takes no byte-order mark for a part of the first name.
    if encoding.casefold().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    opener = gzip.open if export.suffix == ".gz" else open
    try:
        lines = cast(IO[str], opener(export, "rt", encoding=encoding, newline=""))
    except OSError as error:
        raise UnpivotError(f"cannot read {export}: {error.strerror}") from error
    with lines:
        yield lines


def _undecodable(export: Path, mapping: Mapping, error: UnicodeError) -> UnpivotError:
    """Give the error for bytes that are not of the mapping's encoding."""
    seen = error.object if isinstance(error, UnicodeDecodeError) else b""
    if seen.startswith(b"PK\x03\x04"):
        return UnpivotError(f"{export} is a workbook or an archive: save it as CSV")
    guess = "utf-16" if seen[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
    return UnpivotError(
        f"{export} is not written in {mapping.encoding}: name its encoding in the "
        f"mapping's encoding row, perhaps {guess}"
    )


def _squeezed(text: str) -> str:
    """Give a text with every run of spaces and line breaks as one space."""
    return " ".join(text.split())


# --- Dates ----------------------------------------------------------------------------


class DateReader:
    """Reads the dates of one mapping row as timestamps of the contract.

    `formats` are `iso` or strptime formats, `time_zone` is an IANA name, empty where no
    format needs one. Raises `ValueError`, with a sentence for the user, for a format
    that a guess would have to complete and for a zone that is missing or unknown.
    """

    def __init__(self, formats: Sequence[str], time_zone: str) -> None:
        """Check the formats and load the zone."""
        self._formats = tuple(formats)
        self._zone = find_zone(time_zone) if time_zone else None
        for layout in self._formats:
            if _needs_zone(layout) and self._zone is None:
                raise ValueError(
                    f"the format {layout!r} does not say where the clock stood; name "
                    "the time_zone, such as Europe/Berlin (UTC if every time has an "
                    "offset)"
                )

    def read(self, text: str) -> str | None:
        """Give the timestamp, or None where no format fits or two mean different."""
        trimmed = text.strip(SPACES)
        readings = {self._read_as(layout, trimmed) for layout in self._formats} - {None}
        return readings.pop() if len(readings) == 1 else None

    def _read_as(self, layout: str, text: str) -> str | None:
        """Read one text by one format."""
        if layout == "iso":
            return read_iso(text, self._zone)
        if layout.endswith("%z"):  # strptime wants four digits, Google writes `GMT+3`
            text = _OFFSET.sub(
                lambda found: f"{found[1]}{found[2]:0>2}{found[3] or '00'}", text
            )
        try:
            moment = datetime.strptime(text, layout)
        except (ValueError, OverflowError):
            return None
        if not 1900 <= moment.year <= 9998:
            return None
        if not _directives(layout) & TIME_DIRECTIVES:
            return moment.date().isoformat()
        local, offset = moment.replace(tzinfo=None), moment.utcoffset()
        if offset is None and self._zone is not None:
            offset = _offset_in(self._zone, local)
        if offset is None or abs(offset) > LARGEST_OFFSET:
            return None
        return _timestamp(local, offset)


def read_iso(text: str, zone: ZoneInfo | None) -> str | None:
    """Read a text that has the contract's form.

    A bare date and a timestamp with an offset come back as they are, any other gets the
    offset of `zone`. None where the form is another, or offset and zone are missing.
    """
    found = _CONTRACT_TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(n or 0) for n in found.groups()[:6])
    fraction, offset = found[7] or "", found[8]
    try:
        local = datetime(year, month, day, hour, minute, second)
        local = local.replace(microsecond=int(f"{fraction[:6]:0<6}"))
    except ValueError:
        return None
    if not 1900 <= local.year <= 9998:
        return None
    if found[4] is None:
        return text
    if offset is None:
        return _timestamp(local, _offset_in(zone, local)) if zone else None
    digits = f"{re.sub('[^0-9]', '', offset):0<4}"
    hours, minutes = int(digits[:2]), int(digits[2:])
    is_offset = (
        minutes < 60 and timedelta(hours=hours, minutes=minutes) <= LARGEST_OFFSET
    )
    return text if is_offset else None


def find_zone(name: str) -> ZoneInfo:
    """Load an IANA time zone; raises `ValueError` with the nearest names."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        nearest = _nearest(name, available_timezones())
        raise ValueError(f"there is no time zone {name!r}{nearest}") from None


def _directives(layout: str) -> set[str]:
    """Give the letters of a strptime format: `{"d", "m", "Y"}`."""
    return set(re.findall(r"%(.)", layout, re.DOTALL))


def _needs_zone(layout: str) -> bool:
    """Check a format and say whether its times need a zone.

    Raises `ValueError` where it leaves the day or half of the day open, or depends on
    the machine that reads it.
    """
    if layout == "iso":
        return True
    directives = _directives(layout)
    for letter in "ZcxX":
        if letter in directives:
            raise ValueError(
                f"%{letter} means another thing on every machine; write the text out, "
                "such as `%H:%M EST`, and name the time_zone"
            )
    timed = bool(directives & TIME_DIRECTIVES)
    for probe in FORMAT_PROBES:
        try:
            reading = datetime.strptime(probe.strftime(layout), layout)
        except ValueError as error:
            raise ValueError(f"{layout!r} is not a strptime format: {error}") from None
        if reading.date() != probe.date():
            raise ValueError(f"{layout!r} does not say day, month and year")
        if timed and reading.hour != probe.hour:
            raise ValueError(f"{layout!r} does not say the hour: use %H, or %I and %p")
    return timed and "z" not in directives


def _offset_in(zone: ZoneInfo, local: datetime) -> timedelta:
    """Give the offset of a local time by the contract's rule.

    `fold` 0 and 1 are the two readings of a time that occurs twice, or not at all. Of a
    time that occurs twice the later instant is meant; of one that does not exist, the
    offset before the change: in both cases the smaller offset.
    """
    readings = (zone.utcoffset(local.replace(fold=fold)) for fold in (0, 1))
    return min(offset for offset in readings if offset is not None)


def _timestamp(local: datetime, offset: timedelta) -> str:
    """Write a local time and its offset in the contract's form."""
    if offset % timedelta(minutes=1):
        # Local mean time of long ago, which the form cannot write.
        local, offset = local - offset, timedelta()
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{local.isoformat()}{sign}{hours:02}:{minutes:02}"


# --- From a response to its answers ---------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """What one mapping row takes from a response.

    `literals` stand around the cells of `columns`, one more than there are columns;
    `reader` is None except for the columns of a date.
    """

    columns: tuple[int, ...]
    literals: tuple[str, ...]
    recode: dict[str, str]
    reader: DateReader | None

    def __call__(self, row: Sequence[str]) -> str:
        """Give the text, a date not yet read; empty where all its cells are."""
        cells = [row[column] for column in self.columns]
        text = ""
        if not cells or any(cell.strip() for cell in cells):
            text = self.literals[0]
            for cell, literal in zip(cells, self.literals[1:], strict=True):
                text += cell + literal
        return self.recode.get(text.strip().casefold(), text)


class _Value:
    """A field of the feed: the first of its mapping rows that is not empty."""

    def __init__(self, texts: Sequence[_Text]) -> None:
        """Begin with no unreadable date."""
        self.texts = tuple(texts)
        self.unreadable = 0
        self.first_unreadable = ""

    def __call__(self, row: Sequence[str]) -> str:
        """Give the value of one response, a date as a timestamp of the contract."""
        for text_of in self.texts:
            if text := text_of(row):
                return self._read(text, text_of.reader) if text_of.reader else text
        return ""

    def _read(self, text: str, reader: DateReader) -> str:
        """Read a date; pass on, and count, what cannot be read."""
        reading = reader.read(text)
        if reading is not None:
            return reading
        self.unreadable += 1
        self.first_unreadable = self.first_unreadable or text
        # The warehouse must not read it in a way that the mapping did not name.
        is_contract_form = read_iso(text.strip(SPACES), ZoneInfo("UTC")) is not None
        return f"unreadable: {text}" if is_contract_form else text


class _Plan:
    """A mapping applied to a header: how each response becomes its answers."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        """Find the columns. Raises `UnpivotError` naming the mapping's row."""
        self._mapping = mapping
        self._header = header
        self._columns_of = {rule: self._find_columns(rule) for rule in mapping.rules}
        self._values = {
            name: self._value(rules)
            for name in RESPONSE_FIELDS
            if name != "comment" and (rules := mapping.rules_of(name))
        }
        self._questions = [
            (
                rule.question_id,
                self._columns_of[rule][0],
                self._value(
                    mapping.rules_of("comment", rule.question_id)
                    or mapping.rules_of("comment")
                ),
            )
            for rule in mapping.questions
        ]
        self._feed_columns = [
            name
            for name in FEED_COLUMNS
            if name in REQUIRED_COLUMNS or any(r.field == name for r in mapping.rules)
        ]
        self._copies: Counter[bytes] = Counter()
        self._refuse_response_as_header()

    def write(self, records: "_Records", feed: IO[str]) -> Summary:
        """Write the answers of all records, in their order, and say what was done."""
        plain = csv.writer(feed, lineterminator="\n")
        # csv.writer leaves a lone carriage return bare, which readers take for a line.
        quoting = csv.writer(feed, lineterminator="\n", quoting=csv.QUOTE_ALL)
        plain.writerow(self._feed_columns)
        responses = answers = 0
        for row in records:
            if responses < 2 and any(cell.startswith('{"ImportId"') for cell in row):
                records.fail("is a header row: this export's header_rows are 3")
            rows = self._answers(row)
            has_return = any("\r" in cell for cell in row)
            (quoting if has_return else plain).writerows(rows)
            responses += 1
            answers += len(rows)
        used = {column for columns in self._columns_of.values() for column in columns}
        return Summary(
            export=records.export,
            responses=responses,
            questions=len(self._questions),
            answers=answers,
            blank_lines=records.blank_lines,
            unreadable_dates={
                name: (
                    self._values[name].unreadable,
                    self._values[name].first_unreadable,
                )
                for name in DATE_FIELDS
                if name in self._values
            },
            unmapped_columns=[
                self._header.label(column)
                for column in range(self._header.width)
                if column not in used
            ],
        )

    def _answers(self, row: Sequence[str]) -> list[list[str]]:
        """Give the feed's rows of one response, one for each question."""
        values = {name: value(row) for name, value in self._values.items()}
        if "response_id" not in values:
            values["response_id"] = self._made_id(row, values)
        answers = []
        for question_id, column, comment in self._questions:
            values["question_id"] = question_id
            values["answer"] = row[column]
            values["comment"] = comment(row)
            answers.append([values[name] for name in self._feed_columns])
        return answers

    def _made_id(self, row: Sequence[str], values: dict[str, str]) -> str:
        """Make the id of a response that has none, by the rule of the module."""
        content = []
        for rule, columns in self._columns_of.items():
            cells = [row[column] for column in columns]
            if any(cells):
                content.append([rule.field, rule.question_id, *cells])
        named = [values["source_system"], values["survey_id"], sorted(content)]
        digest = hashlib.sha256(json.dumps(named).encode()).digest()[:16]
        self._copies[digest] += 1
        return f"{digest.hex()}-{self._copies[digest]}"

    def _find_columns(self, rule: Rule) -> tuple[int, ...]:
        """Give the columns of a mapping row, in the order in which it names them."""
        names = [rule.column] if rule.column else _COLUMN_IN_VALUE.findall(rule.value)
        try:
            return tuple(self._header.find(name) for name in names)
        except UnpivotError as error:
            self._mapping.fail(rule, str(error))

    def _value(self, rules: Sequence[Rule]) -> _Value:
        """Put the mapping rows of one field together."""
        return _Value([self._text(rule) for rule in rules])

    def _text(self, rule: Rule) -> _Text:
        """Work out what one mapping row takes from a response."""
        columns = self._columns_of[rule]
        literals = ["", ""] if rule.column else _COLUMN_IN_VALUE.split(rule.value)[::2]
        reader = None
        try:
            if rule.field in DATE_FIELDS and columns:
                if not rule.format:
                    raise ValueError("name its format, such as %d/%m/%Y %H:%M, or iso")
                reader = DateReader(rule.format.split("|"), rule.time_zone)
            elif rule.field in DATE_FIELDS:
                literals = [_constant_date(rule)]
            recode = _read_recode(rule.recode)
        except ValueError as error:
            self._mapping.fail(rule, str(error))
        return _Text(columns, tuple(literals), recode, reader)

    def _refuse_response_as_header(self) -> None:
        """Fail when a header row has a date where the responses have theirs."""
        for number, row in enumerate(self._header.rows, start=1):
            for text_of in self._values["responded_at"].texts:
                if text_of.reader and text_of.reader.read(text_of(row)):
                    raise UnpivotError(
                        f"{self._header.export}: header row {number} has the date "
                        f"{text_of(row)!r} and must be a response; lower header_rows"
                    )


def _constant_date(rule: Rule) -> str:
    """Read a date that stands in the mapping itself; `ValueError` if it is none."""
    if rule.format:
        raise ValueError("a constant date has the form 2026-01-31 and no format")
    zone = find_zone(rule.time_zone) if rule.time_zone else None
    reading = read_iso(rule.value, zone)
    if reading is None:
        raise ValueError(
            f"{rule.value!r} is not a date such as 2026-01-31, or a time such as "
            "2026-01-31T09:00 with a time_zone"
        )
    return reading


def _read_recode(text: str) -> dict[str, str]:
    """Read `0=complete|1=preview`; raises `ValueError`. Keys are folded."""
    recode: dict[str, str] = {}
    for pair in text.split("|") if text else []:
        code, equals, meaning = (part.strip() for part in pair.partition("="))
        if not equals or code.casefold() in recode:
            raise ValueError(
                f"a recode is 0=complete|1=preview, each code once, {text!r}"
            )
        recode[code.casefold()] = meaning
    return recode


# --- The feed -------------------------------------------------------------------------


@contextmanager
def _open_feed(output: Path | None) -> Iterator[IO[str]]:
    """Open the feed for writing; a file takes its name only when it is complete."""
    if output is None:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.detach()
        return
    if not output.name.endswith((".csv", ".csv.gz")):
        raise UnpivotError(f"--output {output} does not end in .csv or .csv.gz")
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        with unfinished.open("wb") as binary, ExitStack() as stack:
            target: IO[bytes] = binary
            if output.suffix == ".gz":
                # Without name and time: the same export gives the same bytes.
                packed = gzip.GzipFile("", "wb", fileobj=binary, mtime=0)
                target = cast(IO[bytes], stack.enter_context(packed))
            text = io.TextIOWrapper(target, encoding="utf-8", newline="")
            yield stack.enter_context(text)
        unfinished.replace(output)
    except OSError as error:
        raise UnpivotError(f"cannot write {output}: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
