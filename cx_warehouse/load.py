"""Bring the feed and the definitions to a server engine.

    CX_TARGET=postgres python -m cx_warehouse load
    CX_TARGET=spark python -m cx_warehouse load

reads the files of CX_RAW_DIR (unset: the sample) with the same strict reader as on
DuckDB and fills the schema `raw`: survey_answers, the answers as exported with the file
they came from; feed_files, the files with a version each; definition_<seed>, the
definition seeds as text. Only new and changed files are read. PostgreSQL takes them by
COPY, in one transaction; Spark reads Parquet files in place, from CX_SPARK_RAW_DIR.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import (
    DEFINITIONS_DIRECTORY,
    SEED_COLUMNS,
    check_definition_file,
)
from cx_warehouse.erasure import erased_hashes, erasure_key, hash_pads
from cx_warehouse.errors import UserError
from cx_warehouse.feed import (
    FEED_COLUMNS,
    check_csv,
    csv_scan_sql,
    feed_directory,
    feed_sql,
)
from cx_warehouse.feed_plan import plan_feed
from cx_warehouse.warehouse import PROJECT_ROOT, print_lines, warehouse_path

ANSWER_COLUMNS = ("feed_file", *FEED_COLUMNS)
FILE_COLUMNS = ("feed_file", "file_version")


@dataclass
class Loaded:
    """What a load did: files read and taken away, and how many answers they have."""

    read: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    answer_count: int = 0


@dataclass(frozen=True)
class Erased:
    """The keyed hashes of the erased, and the pads of the key (RFC 2104)."""

    hashes: tuple[str, ...]
    inner_pad: bytes
    outer_pad: bytes

    @classmethod
    def known(cls) -> Erased:
        """Those on the list beside the warehouse; raises UserError without its key."""
        warehouse = warehouse_path(None)
        hashes = erased_hashes(warehouse)
        pads = hash_pads(erasure_key(warehouse)) if hashes else (b"", b"")
        return cls(tuple(hashes), *pads)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `load` to the program's."""
    parser = subparsers.add_parser(
        "load",
        help="bring the feed and the definitions to PostgreSQL or Spark (CX_TARGET)",
        description="Bring the files of CX_RAW_DIR and the definition seeds to the "
        "server that CX_TARGET names: postgres or spark.",
    )
    parser.add_argument(
        "--definitions-only",
        action="store_true",
        help="the definition seeds and the list of the erased, not the feed: another "
        "tool fills the table of answers",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load into the engine of CX_TARGET; on DuckDB there is nothing to do."""
    target = target_name()
    if target == "duckdb":
        print_lines(["DuckDB reads the files in place: there is nothing to load."])
        return 0
    loaders: Mapping[str, Callable[[Path | None, Path, Erased], Loaded]] = {
        "postgres": load_postgres,
        "spark": load_spark,
    }
    if target not in loaders:
        raise UserError(f"CX_TARGET is {target}: it must be duckdb, postgres or spark.")
    feed = None if arguments.definitions_only else feed_directory()
    loaded = loaders[target](feed, DEFINITIONS_DIRECTORY, Erased.known())
    if feed is None:
        print_lines(["Loaded the definitions."])
        return 0
    print_lines(
        [
            f"Loaded {loaded.answer_count:,} answers of {len(loaded.read)} new or "
            f"changed file(s), withdrew {len(loaded.removed)} removed file(s)."
        ]
    )
    return 0


def definition_sql(directory: Path, seed: str) -> str:
    """A query of a seed's columns as text, an empty cell null.

    Raises FeedError for a file that cannot be read whole.
    """
    check_definition_file(directory, seed)
    path = directory / f"{seed}.csv"
    header = check_csv(path)
    columns = ", ".join(_quoted(name) for name in SEED_COLUMNS[seed])
    return f"select {columns} from {csv_scan_sql([path], header, 'csv')}"


def load_postgres(feed: Path | None, definitions: Path, erased: Erased) -> Loaded:
    """Fill the schema raw of a PostgreSQL database by COPY, in one transaction.

    Without a feed only the definitions and the list of the erased.
    """
    with postgres_connection() as connection:
        cursor = connection.cursor()
        cursor.execute("create schema if not exists raw")
        for table, columns in (_tables(feed is not None) | _ERASURE_TABLES).items():
            listed = ", ".join(
                f"{_quoted(column)} {'bytea' if column in _BINARY_COLUMNS else 'text'}"
                for column in columns
            )
            cursor.execute(f"create table if not exists raw.{table} ({listed})")
        cursor.execute("delete from raw.erased_respondents")
        cursor.execute("delete from raw.erasure_pads")
        cursor.executemany(
            "insert into raw.erased_respondents values (%s)",
            [[value] for value in erased.hashes],
        )
        cursor.execute(
            "insert into raw.erasure_pads values (%s, %s)",
            [erased.inner_pad, erased.outer_pad],
        )
        loaded = _copy_answers(cursor, feed, erased) if feed else Loaded()
        for seed, columns in SEED_COLUMNS.items():
            cursor.execute(f"delete from raw.definition_{seed}")
            _copy(
                cursor,
                definition_sql(definitions, seed),
                f"definition_{seed}",
                columns,
                definitions / f"{seed}.csv",
            )
        connection.commit()
    return loaded


def _copy_answers(cursor: Any, feed: Path, erased: Erased) -> Loaded:
    """Bring new and changed files, take removed ones away, scrub the erased."""
    # One loader at a time: another one waits here.
    cursor.execute("lock table raw.feed_files in share row exclusive mode")
    cursor.execute("select feed_file, file_version from raw.feed_files")
    plan = plan_feed(feed, dict(cursor.fetchall()), rebuilds=False)
    for table in ("survey_answers", "feed_files"):
        cursor.execute(
            f"delete from raw.{table} where feed_file = any(%s)",
            [[*plan.changed, *plan.removed]],
        )
    loaded = Loaded(plan.to_read, plan.removed)
    for file in plan.to_read:
        loaded.answer_count += _copy(
            cursor,
            _answers_sql(feed, file),
            "survey_answers",
            ANSWER_COLUMNS,
            feed / file,
        )
        cursor.execute(
            "insert into raw.feed_files values (%s, %s)", [file, plan.versions[file]]
        )
    if erased.hashes:
        cursor.execute(_POSTGRES_SCRUB)
    return loaded


def _copy(
    cursor: Any, sql: str, table: str, columns: tuple[str, ...], source: Path
) -> int:
    """Bring the rows of a query of DuckDB to a table; gives their number.

    Raises UserError, naming the file, for text that PostgreSQL does not take.
    """
    import psycopg2

    listed = ", ".join(_quoted(column) for column in columns)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rows.csv"
        count = _write_csv(sql, path)
        # Line ends inside cells arrive as they are.
        with path.open(encoding="utf-8", newline="") as stream:
            try:
                cursor.copy_expert(
                    f"copy raw.{table} ({listed}) from stdin (format csv)", stream
                )
            except psycopg2.DataError as error:
                raise UserError(
                    f"{source} cannot go to PostgreSQL: {str(error).splitlines()[0]}"
                ) from error
    return count


_POSTGRES_HASH = """
encode(sha256(pads.outer_pad || sha256(pads.inner_pad || convert_to(
    length(source_system) || ':' || source_system
    || length(respondent_id) || ':' || respondent_id, 'UTF8'
))), 'hex')
"""
_POSTGRES_SCRUB = f"""
update raw.survey_answers as answers
set respondent_id = {_POSTGRES_HASH},
    {
    ", ".join(
        f"{name} = null"
        for name in FEED_COLUMNS
        if name not in ("source_system", "respondent_id")
    )
}
from raw.erasure_pads as pads
where {_POSTGRES_HASH} in (select respondent_hash from raw.erased_respondents)
"""


def load_spark(feed: Path | None, definitions: Path, erased: Erased) -> Loaded:
    """Write Parquet files for Spark and say to it where they lie.

    One file for each file of the feed, in CX_SPARK_RAW_DIR: a folder that the server
    and its workers see at the same path. What a loader leaves half written has a name
    that Spark does not look at. Without a feed only the definitions and the list of the
    erased.
    """
    root = spark_raw_directory()
    tables = _tables(feed is not None) | _ERASURE_TABLES
    for table in tables:
        (root / table).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        hashes = ", ".join(f"({_literal(value)})" for value in ("", *erased.hashes))
        for table, sql in {
            "erased_respondents": f"from (values {hashes}) as erased(respondent_hash)"
            " where respondent_hash <> ''",
            "erasure_pads": f"select unhex('{erased.inner_pad.hex()}') as inner_pad,"
            f" unhex('{erased.outer_pad.hex()}') as outer_pad",
            **{
                f"definition_{seed}": definition_sql(definitions, seed)
                for seed in SEED_COLUMNS
            },
        }.items():
            _write_parquet(connection, sql, root / table / "rows.parquet")
        loaded = _write_answers(connection, root, feed, erased) if feed else Loaded()
    with spark_cursor() as cursor:
        cursor.execute("create schema if not exists raw")
        for table, columns in tables.items():
            listed = ", ".join(
                f"`{column}` {'binary' if column in _BINARY_COLUMNS else 'string'}"
                for column in columns
            )
            cursor.execute(
                f"create table if not exists raw.{table} ({listed}) using parquet "
                f"location '{root / table}'"
            )
            cursor.execute(f"refresh table raw.{table}")
    return loaded


def _write_answers(
    connection: duckdb.DuckDBPyConnection, root: Path, feed: Path, erased: Erased
) -> Loaded:
    """Bring new and changed files, take removed ones away, scrub the erased."""
    answers = root / "survey_answers"
    listing = root / "feed_files" / "files.parquet"
    held: dict[str, str] = {}
    if listing.exists():
        held = dict(
            connection.execute(
                f"select feed_file, file_version from {_parquet(listing)}"
            ).fetchall()
        )
    plan = plan_feed(feed, held, rebuilds=False)
    loaded = Loaded(plan.to_read, plan.removed)
    for file in plan.to_read:
        loaded.answer_count += _write_parquet(
            connection,
            _answers_sql(feed, file),
            answers / f"{_file_stem(file)}.parquet",
        )
    for file in plan.removed:
        (answers / f"{_file_stem(file)}.parquet").unlink(missing_ok=True)
    for path in sorted(answers.glob("[!_]*.parquet")) if erased.hashes else ():
        _write_parquet(
            connection, _scrubbed_sql(f"from {_parquet(path)}", erased), path
        )
    versions = ", ".join(
        f"({_literal(name)}, {_literal(version)})"
        for name, version in {"": "", **plan.versions}.items()
    )
    _write_parquet(
        connection,
        f"from (values {versions}) as files(feed_file, file_version)"
        " where feed_file <> ''",
        listing,
    )
    return loaded


def respondent_row_counts(
    source_system: str, respondent_ids: Sequence[str]
) -> dict[str, int]:
    """How many rows the server's warehouse holds of each respondent that has any."""
    sql = (
        "select respondent_id, count(*) from intermediate.int_survey_answers_judged"
        " where source_system = %s and respondent_id in %s group by respondent_id"
    )
    values = (source_system, tuple(respondent_ids))
    if target_name() == "postgres":
        with postgres_connection() as connection:
            cursor = connection.cursor()
            cursor.execute(
                "select to_regclass('intermediate.int_survey_answers_judged')"
            )
            if cursor.fetchone() == (None,):
                return {}
            cursor.execute(sql, values)
            return dict(cursor.fetchall())
    with spark_cursor() as cursor:
        cursor.execute("show schemas like 'intermediate'")
        if not cursor.fetchall():
            return {}
        cursor.execute("show tables in intermediate like 'int_survey_answers_judged'")
        if not cursor.fetchall():
            return {}
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def rewrite_server_tables() -> None:
    """Leave nothing of deleted rows in the tables' files.

    PostgreSQL keeps them until a table is written anew; what Spark deletes is gone.
    """
    if target_name() != "postgres":
        return
    with postgres_connection() as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables where"
            " schemaname in ('raw', 'definitions', 'staging', 'intermediate', 'marts')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"vacuum (full, analyze) {table}")


def target_name() -> str:
    """The engine of this run: CX_TARGET, by default duckdb."""
    return os.environ.get("CX_TARGET") or "duckdb"


@contextmanager
def postgres_connection() -> Iterator[Any]:
    """A connection to the database of the profile `postgres`, closed at the end.

    Raises UserError when it cannot be reached.
    """
    try:
        import psycopg2
    except ImportError as error:
        raise UserError(
            "PostgreSQL needs the packages of requirements-servers.txt: "
            "`make servers` installs them."
        ) from error
    host = os.environ.get("CX_POSTGRES_HOST", "localhost")
    port = os.environ.get("CX_POSTGRES_PORT", "5432")
    database = os.environ.get("CX_POSTGRES_DATABASE", "cx_warehouse")
    try:
        connection = psycopg2.connect(
            host=host,
            port=port,
            user=os.environ.get("CX_POSTGRES_USER", "cx_build"),
            password=os.environ.get("CX_POSTGRES_PASSWORD", ""),
            dbname=database,
        )
    except psycopg2.OperationalError as error:
        raise UserError(
            f"the database {database} on {host}, port {port}, cannot be reached; the "
            f"variables CX_POSTGRES_... say where it is. PostgreSQL says: "
            f"{str(error).splitlines()[0]}"
        ) from error
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def spark_cursor() -> Iterator[Any]:
    """A cursor on the Thrift server of the profile `spark`, closed at the end.

    Raises UserError when it cannot be reached.
    """
    try:
        from pyhive import hive
    except ImportError as error:
        raise UserError(
            "Spark needs the packages of requirements-servers.txt: "
            "`make servers` installs them."
        ) from error
    host = os.environ.get("CX_SPARK_HOST", "localhost")
    port = os.environ.get("CX_SPARK_PORT", "10000")
    try:
        connection = hive.connect(host=host, port=int(port), username="cx_build")
    except Exception as error:  # Thrift has many ways to say that nobody answers
        raise UserError(
            f"the Thrift server on {host}, port {port}, cannot be reached: `make "
            "spark-up` starts one; the variables CX_SPARK_HOST and CX_SPARK_PORT say "
            f"where another one is. It says: {error}"
        ) from error
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        # The wheel's Thrift server may fail to close a session, once its work is done.
        with suppress(hive.OperationalError):
            connection.close()


def spark_raw_directory() -> Path:
    """Where Spark's raw files lie: CX_SPARK_RAW_DIR, by default spark/raw."""
    named = os.environ.get("CX_SPARK_RAW_DIR")
    return (PROJECT_ROOT / (named or "spark/raw")).absolute()


_ERASURE_TABLES = {
    "erased_respondents": ("respondent_hash",),
    "erasure_pads": ("inner_pad", "outer_pad"),
}
_BINARY_COLUMNS = _ERASURE_TABLES["erasure_pads"]


def _tables(with_answers: bool) -> dict[str, tuple[str, ...]]:
    """The tables of the schema raw, with their columns, all text."""
    tables = {f"definition_{seed}": cells for seed, cells in SEED_COLUMNS.items()}
    if with_answers:
        tables |= {"survey_answers": ANSWER_COLUMNS, "feed_files": FILE_COLUMNS}
    return tables


def _answers_sql(feed: Path, file: str) -> str:
    columns = ", ".join(ANSWER_COLUMNS)
    return f"select {columns} from ({feed_sql(feed, [feed / file])}) as feed"


def _scrubbed_sql(sql: str, erased: Erased) -> str:
    """The answers of a query; of the erased only the source, and their hash."""
    if not erased.hashes:
        return sql
    message = (
        "encode(length(source_system) || ':' || source_system"
        " || length(respondent_id) || ':' || respondent_id)"
    )
    keyed_hash = (
        f"sha256(unhex('{erased.outer_pad.hex()}') || unhex(sha256("
        f"unhex('{erased.inner_pad.hex()}') || {message})))"
    )
    listed = ", ".join(_literal(value) for value in erased.hashes)
    columns = ", ".join(
        "feed_file"
        if name == "feed_file"
        else name
        if name == "source_system"
        else f"case when is_erased then keyed_hash else {name} end as {name}"
        if name == "respondent_id"
        else f"case when not is_erased then {name} end as {name}"
        for name in ANSWER_COLUMNS
    )
    return (
        f"select {columns} from (select *, coalesce(keyed_hash in ({listed}), false)"
        f" as is_erased from (select *, {keyed_hash} as keyed_hash from ({sql})))"
    )


def _write_csv(sql: str, path: Path) -> int:
    """Write the rows of a query as CSV: null is an empty cell without quotes."""
    with duckdb.connect() as connection:
        (count,) = connection.execute(
            f"copy ({sql}) to {_literal(str(path))}"
            " (format csv, header false, force_quote *, nullstr '')"
        ).fetchall()[0]
    return int(count)


def _write_parquet(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """Write the rows of a query as a Parquet file, whole or not at all."""
    fresh = path.with_name(f"_{path.name}.new")
    (count,) = connection.execute(
        f"copy ({sql}) to {_literal(str(fresh))} (format parquet)"
    ).fetchall()[0]
    fresh.replace(path)
    return int(count)


def _file_stem(file: str) -> str:
    """A name without folders for a file of the feed, another one for each."""
    return hashlib.sha256(file.encode()).hexdigest()


def _parquet(path: Path) -> str:
    return f"read_parquet({_literal(str(path))})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
