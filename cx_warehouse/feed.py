"""The answer feed on disk: find its files, prove them whole, write the SQL.

DuckDB's CSV reader is fast but forgiving: it drops the empty cell behind a trailing
comma, strips blanks in front of a quote, and does not notice a flipped byte in a gzip
file. So every CSV file is first held against a strict grammar (RFC 4180: comma, double
quotes, one kind of line end, as many cells in every row as in the header), and only a
file that passes is handed to DuckDB, with every option spelled out and nothing sniffed.
"""

from __future__ import annotations

import codecs
import csv
import glob
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cx_warehouse.errors import UserError

REQUIRED_COLUMNS = (
    "source_system",
    "survey_id",
    "question_id",
    "response_id",
    "answer",
    "responded_at",
)
OPTIONAL_COLUMNS = (
    "respondent_id",
    "channel",
    "segment",
    "comment",
    "interaction_at",
    "invited_at",
    "response_status",
    "updated_at",
    "weight",
)
FEED_COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS

SAMPLE_DIRECTORY = Path(__file__).parent.parent / "sample"

_PIECE_BYTES = 1 << 20
_MAXIMUM_RECORD_BYTES = 16_000_000

# Possessive repeats (`++`): a cell that does not fit is a fault at once, never a retry.
_CELL = rb'(?:"(?:[^"]++|"")*+"|[^",\r\n]*+)'
_ANY_RECORD = re.compile(rb"%b(?:,%b)*+(\r\n|\n|\r|\Z)" % (_CELL, _CELL))
_GZIP_MARK = b"\x1f\x8b"
_OTHER_MARKS = {
    _GZIP_MARK: "gzipped: name it {name}.gz",
    b"PK\x03\x04": "a spreadsheet or zip file: save it as CSV UTF-8",
    b"PAR1": "a Parquet file: name it .parquet",
    codecs.BOM_UTF16_LE: "UTF-16: save it as CSV UTF-8",
    codecs.BOM_UTF16_BE: "UTF-16: save it as CSV UTF-8",
}
_LINE_END_NAMES = {b"\n": "LF", b"\r\n": "CRLF", b"\r": "CR", b"": "nothing"}


class FeedError(UserError):
    """A file that cannot be read whole. The message names the file and the cure."""


@dataclass(frozen=True)
class FeedFile:
    """One file of the feed: path, kind (csv, csv.gz, parquet) and columns as written.

    `types` are the engine's type names for Parquet and empty for CSV: files are read
    together only when kind, columns and types agree.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    types: tuple[str, ...] = ()


def feed_directory() -> Path:
    """The folder that holds the feed: `CX_RAW_DIR`, or the project's sample."""
    named = os.environ.get("CX_RAW_DIR", "")
    return Path(named) if named else SAMPLE_DIRECTORY


def find_feed_files(directory: Path) -> list[Path]:
    """The feed's files, sorted: `survey_answers.*` and `survey_answers/*`.

    Names that begin with a dot are the operating system's and are passed over.
    Raises FeedError when the folder is missing, holds no feed, or holds something that
    is not a CSV, gzipped CSV or Parquet file.
    """
    if not directory.is_dir():
        raise FeedError(
            f"{directory} is not a folder: set CX_RAW_DIR to the folder that holds "
            "survey_answers.csv (or .csv.gz, .parquet, or a folder survey_answers)."
        )
    paths = sorted(
        path
        for pattern in ("survey_answers.*", "survey_answers/*")
        for path in directory.glob(pattern)
        if not path.name.startswith(".")
    )
    if not paths:
        raise FeedError(
            f"{directory} holds no feed: put survey_answers.csv (or .csv.gz, .parquet) "
            "there, or several such files into a folder survey_answers."
        )
    for path in paths:
        if not path.is_file():
            raise FeedError(
                f"{path} is not a file: feed files lie directly in {directory} as "
                "survey_answers.* or in its folder survey_answers."
            )
        _kind(path)
    return paths


def inspect_files(paths: Sequence[Path]) -> list[FeedFile]:
    """The files, each readable from end to end and with its required columns.

    Raises FeedError, one sentence that names the file and the line or column.
    """
    files = [
        FeedFile(path, _kind(path), check_csv(path))
        for path in paths
        if _kind(path) != "parquet"
    ]
    files += _inspect_parquet([path for path in paths if _kind(path) == "parquet"])
    for file in files:
        _check_columns(file)
    return files


def feed_sql(directory: Path, paths: Sequence[Path] | None = None) -> str:
    """A select of the feed, one row per row: feed_file and the 15 columns of the feed.

    All are text, an empty cell is null; feed_file is the file's path below
    `directory`. `paths` are the files to read, by default all of the feed. Files whose
    columns agree are read in one scan; the scans are put together by `union all`.
    Raises FeedError for a file that cannot be read whole.
    """
    if paths is None:
        paths = find_feed_files(directory)
    scans: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Path]] = {}
    for file in inspect_files(paths):
        scans.setdefault((file.kind, file.columns, file.types), []).append(file.path)
    if not scans:
        return _no_rows_sql()
    return "\nunion all\n".join(
        _scan_sql(directory, kind, columns, files)
        for (kind, columns, _), files in scans.items()
    )


def check_csv(path: Path) -> tuple[str, ...]:
    """Hold a CSV file (gzipped when its name ends in .gz) against the strict grammar.

    Returns the cells of its header as written. Reads the file once, a mebibyte at a
    time. Raises FeedError with the line of the first fault.
    """
    is_gzip = path.name.lower().endswith(".gz")
    try:
        with path.open("rb") as stream:
            pieces = iter(lambda: stream.read(_PIECE_BYTES), b"")
            if is_gzip:
                pieces = _inflated(path, pieces)
            return _check_records(path, _utf8_pieces(path, pieces))
    except zlib.error as error:
        raise _not_whole(path, str(error).rpartition(": ")[2]) from error
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from error


def csv_scan_sql(paths: Iterable[Path], columns: Sequence[str], kind: str) -> str:
    """DuckDB's strict reader over checked CSV files, every column text.

    `columns` names the cells of the files from left to right; the column feed_file,
    the path of the file, stands behind them. One thread a file: at
    the seams of its parallel reader DuckDB guesses whether it stands inside quotes.
    """
    names = ", ".join(f"{_literal(name)}: 'varchar'" for name in columns)
    return (
        f"read_csv({_path_list(paths)}, columns = {{ {names} }}, auto_detect = false, "
        "header = true, delim = ',', quote = '\"', escape = '\"', comment = '', "
        "skip = 0, nullstr = '', encoding = 'utf-8', strict_mode = true, "
        "null_padding = false, ignore_errors = false, parallel = false, "
        f"max_line_size = {_MAXIMUM_RECORD_BYTES}, hive_partitioning = false, "
        "filename = 'feed_file', "
        f"compression = '{'gzip' if kind == 'csv.gz' else 'none'}')"
    )


def _kind(path: Path) -> str:
    name = path.name.lower()
    for kind in ("csv", "csv.gz", "parquet"):
        if name.endswith(f".{kind}"):
            return kind
    raise FeedError(
        f"{path} is of a type that cannot be read: a feed file ends in .csv, .csv.gz "
        "or .parquet."
    )


def _inflated(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What a gzip file holds: one member or several, whole, and nothing behind them.

    DuckDB does not compare the checksums; zlib does, and raises zlib.error.
    """
    member = zlib.decompressobj(wbits=31)
    inflated = b""
    for piece in pieces:
        while piece:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            inflated += member.decompress(piece, _PIECE_BYTES)
            piece = member.unconsumed_tail or member.unused_data
            if len(inflated) >= _PIECE_BYTES:
                yield inflated
                inflated = b""
    if not member.eof:
        raise _not_whole(path, "it ends too early")
    if inflated:
        yield inflated


def _not_whole(path: Path, reason: str) -> FeedError:
    return FeedError(
        f"{path} is not a whole gzip file ({reason}): export or copy it again."
    )


def _utf8_pieces(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, each held against UTF-8.

    The empty piece at the end says that the file is over.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    is_first = True
    while True:
        piece = next(pieces, b"")
        if is_first:
            _check_mark(path, piece)
            is_first = False
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            raise FeedError(
                f"{path}, line {line}: not UTF-8; save the file as UTF-8 (for example "
                "with iconv -f latin1 -t utf-8)."
            ) from error
        line += piece.count(b"\n")
        yield piece
        if not piece:
            return


def _check_mark(path: Path, start: bytes) -> None:
    """Refuse a file that begins like one of another kind."""
    for mark, advice in _OTHER_MARKS.items():
        if start.startswith(mark):
            raise FeedError(f"{path} is {advice.format(name=path.name)}.")


def _check_records(path: Path, pieces: Iterator[bytes]) -> tuple[str, ...]:
    start = next(pieces)
    pending = start.removeprefix(codecs.BOM_UTF8)
    header, line_end = _read_header(path, pending)
    # Behind a byte order mark DuckDB does not know the quotes of the first cell.
    if start != pending and any(letter in header[0] for letter in ',"'):
        raise FeedError(
            f"{path}, line 1: the name of the first column holds a comma or a quote; "
            "rename the column."
        )
    record = re.compile(
        rb"(?:%b(?:,%b){%d})?+%b" % (_CELL, _CELL, len(header) - 1, re.escape(line_end))
    )
    line = 1
    for piece in pieces:
        if not piece and not pending.endswith(line_end):
            pending += line_end
        checked = 0
        while match := record.match(pending, checked):
            checked = match.end()
        line += pending.count(line_end, 0, checked)
        pending = pending[checked:] + piece
        if pending and (not piece or len(pending) > _MAXIMUM_RECORD_BYTES):
            fault = _fault(pending, header, line_end)
            raise FeedError(f"{path}, line {line}: {fault}")
    return header


def _read_header(path: Path, start: bytes) -> tuple[tuple[str, ...], bytes]:
    """The cells of the first record, and the line end that every record must have."""
    first_line = re.split(rb"[\r\n]", start, maxsplit=1)[0]
    _check_separator(path, first_line.decode("utf-8", "replace"))
    if first_line.lower().startswith(b"sep="):
        raise FeedError(
            f"{path}, line 1: {first_line.decode().strip()} is a note to spreadsheets; "
            "remove the line, the header row must come first."
        )
    match = _ANY_RECORD.match(start)
    if match is None or not match.group().strip():
        raise FeedError(
            f"{path}, line 1: no header row; the first line must name the columns."
        )
    cells = tuple(_cells(match.group()))
    # DuckDB takes the first line break of a file, in quotes or not, for its line end.
    if any("\n" in cell or "\r" in cell for cell in cells):
        raise FeedError(
            f"{path}, line 1: a column name holds a line break; rename the column."
        )
    return cells, match.group(1) or b"\n"


def _fault(record: bytes, header: Sequence[str], line_end: bytes) -> str:
    """What is wrong with the record that stands at the beginning, as a sentence."""
    match = _ANY_RECORD.match(record)
    if len(record) > _MAXIMUM_RECORD_BYTES:
        return (
            f"a row is longer than {_MAXIMUM_RECORD_BYTES:,} bytes; most often a quote "
            "is never closed, otherwise shorten the comment."
        )
    if match is None:
        return (
            "a quote is never closed or stands inside a cell; put a cell that holds a "
            "quote into quotes and write the quote twice."
        )
    count = len(_cells(match.group()))
    if count > len(header):
        return (
            f"this row has {count} cells, the header has {len(header)}; put a cell "
            "that holds a comma into quotes."
        )
    if count < len(header):
        return (
            f"this row has {count} of the header's {len(header)} cells; write every "
            "comma, and put a cell that holds a line break into quotes."
        )
    return (
        f"this line ends in {_LINE_END_NAMES[match.group(1)]}, the header in "
        f"{_LINE_END_NAMES[line_end]}; save the file with one kind of line end."
    )


def _cells(record: bytes) -> list[str]:
    text = record.decode("utf-8", "replace")
    usual_limit = csv.field_size_limit(len(text) + 1)
    try:
        return next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    finally:
        csv.field_size_limit(usual_limit)


def _inspect_parquet(paths: Sequence[Path]) -> list[FeedFile]:
    """Parquet files with their top-level columns and the types of these."""
    if not paths:
        return []
    files = []
    with duckdb.connect() as connection:
        for path in paths:
            try:
                nodes = connection.execute(
                    "select name, duckdb_type, coalesce(num_children, 0) "
                    f"from parquet_schema({_path_list([path])})"
                ).fetchall()
            except duckdb.Error as error:
                reason = str(error).splitlines()[0]
                raise FeedError(
                    f"{path} is not a readable Parquet file: export or copy it "
                    f"again. DuckDB says: {reason}"
                ) from error
            files.append(_parquet_file(path, nodes))
    return files


def _parquet_file(path: Path, nodes: Sequence[tuple[str, str, int]]) -> FeedFile:
    """A file from the nodes of its schema, which stand in depth-first order."""
    columns = []
    types = []
    position = 1  # the node before it is the root
    while position < len(nodes):
        name, type_name, _ = nodes[position]
        columns.append(name)
        types.append(type_name)
        position = _next_sibling(nodes, position)
    return FeedFile(path, "parquet", tuple(columns), tuple(types))


def _next_sibling(nodes: Sequence[tuple[str, str, int]], position: int) -> int:
    """The place behind a node and all that is nested in it, in depth-first order."""
    following = position + 1
    for _ in range(nodes[position][2]):
        following = _next_sibling(nodes, following)
    return following


def _check_columns(file: FeedFile) -> None:
    names = [_column_name(cell) for cell in file.columns]
    for number, name in enumerate(names):
        if name and name in names[:number]:
            raise FeedError(
                f"{file.path} has the column {name} twice: remove or rename one."
            )
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise FeedError(
            f"{file.path} lacks the column {', '.join(missing)}: its header has "
            f"{', '.join(' '.join(name.split()) or '(empty)' for name in names)}."
        )


def _check_separator(path: Path, header: str) -> None:
    for separator, name in ((";", "';'"), ("\t", "tabs"), ("|", "'|'")):
        if header.count(separator) > header.count(","):
            raise FeedError(f"{path} is separated by {name}: save it with commas.")


def _column_name(cell: str) -> str:
    return cell.strip().strip("\ufeff").strip().lower()


def _no_rows_sql() -> str:
    """The select of a feed in which there is nothing to read."""
    selected = ",\n    ".join(
        f"cast(null as varchar) as {name}" for name in ("feed_file", *FEED_COLUMNS)
    )
    return f"select\n    {selected}\nwhere false"


def _scan_sql(
    directory: Path, kind: str, columns: Sequence[str], paths: Sequence[Path]
) -> str:
    """Select the feed columns from files of one kind that all have these columns."""
    names = [_column_name(cell) for cell in columns]
    path_start = len(str(paths[0])) - len(str(paths[0].relative_to(directory))) + 1
    file_column = "feed_file"
    if kind == "parquet":
        # Its extra columns may be called anything.
        while file_column in names:
            file_column = f"_{file_column}"
        # A folder called channel=web must not fill the column channel.
        source = (
            f"read_parquet({_path_list(paths)}, binary_as_string = true, "
            f"hive_partitioning = false, filename = '{file_column}')"
        )
        cells = [
            f"nullif(cast({_identifier(cell)} as varchar), '')" for cell in columns
        ]
    else:
        positions = [f"cell_{number}" for number in range(len(columns))]
        source = csv_scan_sql(paths, positions, kind)
        cells = positions
    selected = ",\n    ".join(
        f"{cells[names.index(name)] if name in names else 'cast(null as varchar)'}"
        f" as {name}"
        for name in FEED_COLUMNS
    )
    return (
        f"select\n    substr({file_column}, {path_start}) as feed_file,\n"
        f"    {selected}\nfrom {source}"
    )


def _path_list(paths: Iterable[Path]) -> str:
    return f"[{', '.join(_literal(glob.escape(str(path))) for path in paths)}]"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
