"""Publish the marts: files that BI tools read while the next build is under way.

    python -m cx_warehouse publish [--warehouse PATH] [--directory DIR]

writes the public marts of a build that passed, with all tests and expectations, into a
new version: a DuckDB file that clients of DuckDB 1.4 and later open, and a snapshot in
Parquet. When both are whole, the links `cx_serving.duckdb` and `current` are turned to
them; nothing that a reader has open is touched. The last three versions are kept.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from cx_warehouse import expectations, publish_postgres
from cx_warehouse.build_record import Build, checked_build, passed_build
from cx_warehouse.errors import UserError
from cx_warehouse.load import target_name
from cx_warehouse.warehouse import (
    PROJECT_ROOT,
    opened_warehouse,
    print_lines,
    warehouse_path,
)

# The name of the DuckDB file must not be that of a schema: `marts.x` were ambiguous.
SERVING = "cx_serving"
SNAPSHOT = "current"
SCHEMA = "marts"
KEPT_VERSIONS = 3
# What clients of DuckDB 1.4 and later can read.
STORAGE_VERSION = "v1.4.0"

# The mart with millions of rows repeats a few thousand combinations of texts every day.
# To write them in each row takes most of the time of a publication: the DuckDB file has
# each combination once, in a schema of its own, and the mart is a view.
COMPACT_SCHEMA = "compact"
REPEATED_COLUMNS = {
    "fct_score_counts_by_day": (
        "source_system",
        "survey_id",
        "question_id",
        "touchpoint_id",
        "metric",
        "scale_id",
        "channel",
        "segment",
    ),
}
# A hash of the other columns that proves the key: most of the bytes of the mart, and
# nothing refers to it.
UNPUBLISHED_COLUMNS = {"fct_score_counts_by_day": ("score_count_id",)}
# Columns of the feed that hold or tell persons.
PERSONAL_COLUMNS = ("respondent_id", "response_id", "answer", "comment")

_STAMP = "%Y%m%dT%H%M%S%fZ"
_STAGING = ".new"


@dataclass(frozen=True)
class Relation:
    """A mart as it is published: its columns, and the number of its rows."""

    name: str
    columns: tuple[str, ...]
    row_count: int

    @property
    def select_list(self) -> str:
        """Its columns, quoted."""
        return _column_list(self.columns)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Those of its columns that make a combination; none for most marts."""
        return REPEATED_COLUMNS.get(self.name, ())


@dataclass(frozen=True)
class Version:
    """A published version: its stamp, and what it holds."""

    stamp: str
    relations: tuple[Relation, ...]

    @property
    def row_count(self) -> int:
        """The number of rows of all marts."""
        return sum(relation.row_count for relation in self.relations)


class Folder:
    """The folder of what is published: versions, and the links to the newest.

    `cx_serving.duckdb` leads to `cx_serving.STAMP.duckdb`, `current` to
    `snapshot.STAMP`. A stamp is a time in UTC, and greater than all before it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.staging = path / _STAGING
        self.serving_link = path / f"{SERVING}.duckdb"
        self.snapshot_link = path / SNAPSHOT

    def serving(self, stamp: str) -> Path:
        """The DuckDB file of a version."""
        return self.path / f"{SERVING}.{stamp}.duckdb"

    def snapshot(self, stamp: str) -> Path:
        """The folder of Parquet files of a version."""
        return self.path / f"snapshot.{stamp}"

    def stamps(self) -> list[str]:
        """The versions that have a file or a folder, the oldest first."""
        files = self.path.glob(f"{SERVING}.*.duckdb")
        folders = self.path.glob("snapshot.*")
        return sorted({path.name.split(".")[1] for path in (*files, *folders)})

    def published_stamps(self) -> list[str]:
        """The versions to which the links lead: one, or two after a kill between."""
        links = (self.serving_link, self.snapshot_link)
        targets = {link.readlink().name for link in links if link.is_symlink()}
        return [
            stamp
            for stamp in self.stamps()
            if {self.serving(stamp).name, self.snapshot(stamp).name} & targets
        ]

    def new_stamp(self) -> str:
        """The time, or the microsecond after the newest version when that is later."""
        now = datetime.now(UTC)
        if stamps := self.stamps():
            newest = datetime.strptime(stamps[-1], _STAMP).replace(tzinfo=UTC)
            now = max(now, newest + timedelta(microseconds=1))
        return now.strftime(_STAMP)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else publishes to the folder meanwhile.

        Raises UserError when somebody does.
        """
        with (self.path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UserError(
                    f"another publication to {self.path} is under way; nothing is "
                    "published."
                ) from error
            yield

    def clear_leftovers(self) -> None:
        """Remove what killed publications left: half a version, or one not linked."""
        shutil.rmtree(self.staging, ignore_errors=True)
        published = self.published_stamps()
        for stamp in self.stamps():
            if not published or stamp > published[-1]:
                self._remove(stamp)
        for link in (self.serving_link, self.snapshot_link):
            _beside(link).unlink(missing_ok=True)

    def show(self, stamp: str) -> None:
        """Move what was staged to its place, turn the links, drop old versions."""
        (self.staging / "serving.duckdb").replace(self.serving(stamp))
        (self.staging / "snapshot").replace(self.snapshot(stamp))
        self.staging.rmdir()
        _sync(self.path)
        _turn(self.serving_link, self.serving(stamp).name)
        _turn(self.snapshot_link, self.snapshot(stamp).name)
        _sync(self.path)
        for old in self.stamps()[:-KEPT_VERSIONS]:
            self._remove(old)

    def _remove(self, stamp: str) -> None:
        self.serving(stamp).unlink(missing_ok=True)
        shutil.rmtree(self.snapshot(stamp), ignore_errors=True)


def publish(warehouse: Path, directory: Path) -> Version:
    """Publish the public marts of a warehouse to a folder; returns the new version.

    Raises UserError, and leaves what is published as it is, when the last build did not
    pass or was not checked, a public mart has a column that tells persons, or somebody
    else publishes to the folder.
    """
    folder = Folder(directory)
    with _attached(warehouse) as connection:
        build = _publishable(connection, warehouse)
        relations = tuple(_relation(connection, name) for name in build.relations)
        directory.mkdir(parents=True, exist_ok=True)
        with folder.locked():
            folder.clear_leftovers()
            version = Version(folder.new_stamp(), relations)
            _describe(connection, build, version)
            _stage(connection, folder.staging, relations)
            folder.show(version.stamp)
    return version


@contextmanager
def _attached(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the warehouse and may write other files."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {_literal(warehouse)} as warehouse (read_only)")
        connection.execute("use warehouse")
        connection.execute("set preserve_insertion_order = false")
        if limit := os.environ.get("CX_MEMORY_LIMIT"):
            connection.execute(f"set memory_limit = {_literal(limit)}")
        yield connection


def _publishable(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Build:
    build = passed_build(connection)
    if build is None:
        raise UserError(
            "nothing is published: the last run of dbt on this warehouse was no whole "
            "`dbt build` of which every test passed. What was published stays."
        )
    if checked_build(warehouse) != build.invocation_id:
        raise UserError(
            "nothing is published: the expectations were not checked on this build. "
            "What was published stays."
        )
    return build


def _relation(connection: duckdb.DuckDBPyConnection, name: str) -> Relation:
    """A mart as it is to be published.

    Raises UserError when it has a column that tells persons.
    """
    found = connection.execute(
        "select column_name from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = ? and table_name = ?"
        " order by column_index",
        [SCHEMA, name],
    ).fetchall()
    unpublished = UNPUBLISHED_COLUMNS.get(name, ())
    columns = tuple(column for (column,) in found if column not in unpublished)
    if personal := [column for column in columns if column in PERSONAL_COLUMNS]:
        raise UserError(
            f"nothing is published: {SCHEMA}.{name} is public and has the column "
            f"{personal[0]}, which tells persons. Give the model `access: protected`, "
            "as dbt_project.yml does for others. What was published stays."
        )
    ((row_count,),) = connection.execute(
        f"select count(*) from warehouse.{SCHEMA}.{name}"
    ).fetchall()
    return Relation(name, columns, row_count)


def _describe(
    connection: duckdb.DuckDBPyConnection, build: Build, version: Version
) -> None:
    """Make the table `publication`: one row that says what this version is."""
    connection.execute(
        """
        create table memory.main.publication as
        select
            cast(? as varchar) as version,
            cast(? as timestamp) as published_at,
            clock_at as as_of,
            cast(? as varchar) as dbt_invocation_id
        from warehouse.intermediate.int_clock
        """,
        [
            version.stamp,
            datetime.strptime(version.stamp, _STAMP),
            build.invocation_id,
        ],
    )


def _stage(
    connection: duckdb.DuckDBPyConnection, staging: Path, relations: Sequence[Relation]
) -> None:
    """Write the DuckDB file and the Parquet files to a new folder, both at a time."""
    staging.mkdir()
    for relation in relations:
        if relation.repeated:
            _compact(connection, relation)

    def write(
        writer: Callable[[duckdb.DuckDBPyConnection, Path, Sequence[Relation]], None],
    ) -> None:
        with connection.cursor() as cursor:
            writer(cursor, staging, relations)

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(write, (_write_serving, _write_snapshot)))


def _compact(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Make the combinations of a mart, each with a number, and its rows with these.

    Raises RuntimeError when two combinations have one hash.
    """
    groups, rows = _compact_tables("memory.main", relation)
    texts = _column_list(relation.repeated)
    connection.execute(
        f"""
        create table {groups} as
        select
            cast(row_number() over (order by {texts}) as integer) as group_id,
            {texts},
            hash({texts}) as group_hash
        from (select distinct {texts} from warehouse.{SCHEMA}.{relation.name}) as texts
        """
    )
    ((doubles,),) = connection.execute(
        f"select count(*) - count(distinct group_hash) from {groups}"
    ).fetchall()
    if doubles:
        raise RuntimeError(f"{doubles} combinations of {relation.name} share a hash")
    others = _column_list(_others(relation))
    connection.execute(
        f"""
        create table {rows} as
        select {others}, texts.group_id
        from (
            select *, hash({texts}) as group_hash
            from warehouse.{SCHEMA}.{relation.name}
        ) as mart
        inner join (select group_id, group_hash from {groups}) as texts
            on mart.group_hash = texts.group_hash
        """
    )
    # Parquet holds the texts of an enum as it holds any text, and is written faster.
    for column in relation.repeated:
        name = _quoted(column)
        connection.execute(
            f"create type memory.main.{_quoted(f'{relation.name}__{column}')} as enum"
            f" (select distinct {name} from {groups} where {name} is not null)"
        )


def _others(relation: Relation) -> tuple[str, ...]:
    repeated = relation.repeated
    return tuple(column for column in relation.columns if column not in repeated)


def _compact_tables(schema: str, relation: Relation) -> tuple[str, str]:
    return f"{schema}.{relation.name}__groups", f"{schema}.{relation.name}__rows"


def _write_serving(
    cursor: duckdb.DuckDBPyConnection, staging: Path, relations: Sequence[Relation]
) -> None:
    """Write the DuckDB file.

    Raises RuntimeError when its marts have other numbers of rows than the warehouse's.
    """
    path = staging / "serving.duckdb"
    cursor.execute(
        f"attach {_literal(path)} as serving (storage_version '{STORAGE_VERSION}')"
    )
    cursor.execute("use serving")
    cursor.execute(f"create schema {SCHEMA}")
    cursor.execute(f"create schema {COMPACT_SCHEMA}")
    for relation in relations:
        if relation.repeated:
            _write_view(cursor, relation)
        else:
            cursor.execute(
                f"create table {SCHEMA}.{relation.name} as"
                f" select {relation.select_list}"
                f" from warehouse.{SCHEMA}.{relation.name}"
            )
    cursor.execute(f"create table {SCHEMA}.publication as from memory.main.publication")
    for relation in relations:
        ((row_count,),) = cursor.execute(
            f"select count(*) from {SCHEMA}.{relation.name}"
        ).fetchall()
        if row_count != relation.row_count:
            raise RuntimeError(f"{relation.name} would be published with {row_count}")
    cursor.execute("use memory")
    cursor.execute("detach serving")
    path.chmod(0o444)  # Who opens it for writing would lock the others out.
    _sync(path)


def _write_view(cursor: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Write the two tables of a compacted mart and the view that is the mart.

    The view does not name the file: it holds under whatever name that is attached.
    """
    groups, rows = _compact_tables("memory.main", relation)
    held_groups, held_rows = _compact_tables(COMPACT_SCHEMA, relation)
    cursor.execute(
        f"create table {held_groups} as select * exclude (group_hash) from {groups}"
    )
    cursor.execute(f"create table {held_rows} as from {rows}")
    columns = ", ".join(
        f"{'texts' if column in relation.repeated else 'mart'}.{_quoted(column)}"
        for column in relation.columns
    )
    cursor.execute(
        f"create view {SCHEMA}.{relation.name} as select {columns}"
        f" from {held_rows} as mart"
        f" inner join {held_groups} as texts on mart.group_id = texts.group_id"
    )


def _write_snapshot(
    cursor: duckdb.DuckDBPyConnection, staging: Path, relations: Sequence[Relation]
) -> None:
    """Write a Parquet file for each mart."""
    snapshot = staging / "snapshot"
    snapshot.mkdir()
    for relation in relations:
        _write_parquet(
            cursor, _parquet_query(relation), snapshot / f"{relation.name}.parquet"
        )
    _write_parquet(
        cursor, "from memory.main.publication", snapshot / "publication.parquet"
    )
    _sync(snapshot)


def _parquet_query(relation: Relation) -> str:
    if not relation.repeated:
        return f"select {relation.select_list} from warehouse.{SCHEMA}.{relation.name}"
    groups, rows = _compact_tables("memory.main", relation)
    texts = ", ".join(
        f"cast({_quoted(column)} as"
        f" memory.main.{_quoted(f'{relation.name}__{column}')}) as {_quoted(column)}"
        for column in relation.repeated
    )
    return (
        f"select {relation.select_list} from {rows} as mart"
        f" inner join (select group_id, {texts} from {groups}) as texts"
        " on mart.group_id = texts.group_id"
    )


def _write_parquet(cursor: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    cursor.execute(f"copy ({query}) to {_literal(path)} (format parquet)")
    path.chmod(0o444)
    _sync(path)


def _turn(link: Path, target: str) -> None:
    """Let a link lead to another target, in one step."""
    fresh = _beside(link)
    fresh.symlink_to(target)
    fresh.replace(link)


def _beside(link: Path) -> Path:
    return link.with_name(f".{link.name}.new")


def _sync(path: Path) -> None:
    """Have a file or a folder on the disk before a link leads to it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _column_list(columns: Sequence[str]) -> str:
    return ", ".join(_quoted(column) for column in columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Path | str) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def published_directory(named: Path | None) -> Path:
    """The folder of what is published: the one named, else CX_PUBLISHED_DIR.

    That is `published` unless it is set, seen from the project's folder.
    """
    if named:
        return named.absolute()
    return PROJECT_ROOT / (os.environ.get("CX_PUBLISHED_DIR") or "published")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `publish` command to the command line."""
    parser = subparsers.add_parser(
        "publish",
        help="publish the marts for BI tools",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--warehouse",
        type=Path,
        metavar="PATH",
        help="the warehouse file (default: CX_WAREHOUSE_PATH, else warehouse.duckdb)",
    )
    parser.add_argument(
        "--directory",
        type=Path,
        metavar="DIR",
        help="where to publish (default: CX_PUBLISHED_DIR, else published)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Publish; 1 when an expectation fails on a build that nobody has checked yet.

    Raises UserError when nothing can be published.
    """
    if target_name() == "postgres":
        return publish_postgres.run(PERSONAL_COLUMNS)
    if target_name() == "spark":
        raise UserError(
            "nothing is published on Spark, which has no transactions: readers read "
            "the schema marts, between builds."
        )
    warehouse = warehouse_path(arguments.warehouse)
    directory = published_directory(arguments.directory)
    with opened_warehouse(warehouse) as connection:
        build = passed_build(connection)
    if (
        build
        and checked_build(warehouse) != build.invocation_id
        and not expectations.check(warehouse)
    ):
        raise UserError(
            "nothing is published: expectations failed. What was published stays."
        )
    started = time.perf_counter()
    try:
        version = publish(warehouse, directory)
    except (OSError, duckdb.Error) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"nothing is published to {directory}, and what was published stays: "
            f"{reason}"
        ) from error
    print_lines(
        [
            f"Published {len(version.relations)} marts, {version.row_count:,} rows, in "
            f"{time.perf_counter() - started:.2f} s: "
            f"{Folder(directory).serving_link}"
        ]
    )
    return 0
