"""Publish the marts: files that BI tools read while the next build is under way.

    python -m cx_warehouse publish [--warehouse PATH] [--directory DIR]

writes the public marts of a build that passed, with all tests and expectations, into a
new version: a DuckDB file that clients of DuckDB 1.4 and later open, and a snapshot in
Parquet. When both are whole, the links `cx_serving.duckdb` and `current` are turned to
them; nothing that a reader has open is touched. The last three versions are kept.

What has not changed is taken over from the version before: Parquet files as links to
the same bytes, the DuckDB file as a copy in which only the parts that differ are
replaced. A part is a mart, or a quarter of one that grows by the day; parts are told
apart by the number and the hashes of their rows.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse import expectations
from cx_warehouse.build_record import Build, checked_build, passed_build
from cx_warehouse.errors import UserError
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
# A manifest of another layout is not read: everything is written anew.
LAYOUT = 1

# Marts that grow by the day, and the column by whose quarters they are parted.
PARTED = {
    "fct_score_counts_by_day": "reporting_date",
    "fct_score_restatements": "built_at",
}
# A hash of the other columns that proves the key: most of the bytes of the file, and
# nothing refers to it.
UNPUBLISHED_COLUMNS = {"fct_score_counts_by_day": ("score_count_id",)}
# Columns of the feed that hold or tell persons.
PERSONAL_COLUMNS = ("respondent_id", "response_id", "answer", "comment")

_STAMP = "%Y%m%dT%H%M%S%fZ"
_STAGING = ".new"


@dataclass(frozen=True)
class Part:
    """Some rows of a mart: all of them, or those of a quarter; how many, and which."""

    name: str
    first_day: str | None
    row_count: int
    fingerprint: str

    @property
    def condition(self) -> str:
        """What holds for its rows, given its mart's column."""
        if self.first_day is None:
            return "true"
        start = date.fromisoformat(self.first_day)
        end = (start + timedelta(days=100)).replace(day=1)
        return f"{{column}} >= date '{start}' and {{column}} < date '{end}'"


@dataclass(frozen=True)
class Relation:
    """A mart as it is published: its columns with their types, and its parts."""

    name: str
    columns: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    @property
    def select_list(self) -> str:
        """Its columns, quoted."""
        return ", ".join(_quoted(name) for name, _ in self.columns)

    @property
    def row_count(self) -> int:
        """The number of its rows."""
        return sum(part.row_count for part in self.parts)

    def condition(self, part: Part) -> str:
        """What holds for the rows of one of its parts."""
        return part.condition.format(column=PARTED.get(self.name))

    def new_parts(self, earlier: Relation | None) -> list[Part]:
        """Its parts that an earlier version does not have."""
        if earlier is None or earlier.columns != self.columns:
            return list(self.parts)
        return [part for part in self.parts if part not in earlier.parts]

    def gone_parts(self, earlier: Relation) -> list[Part]:
        """The parts of an earlier version that it does not have any more."""
        return [part for part in earlier.parts if part not in self.parts]


@dataclass(frozen=True)
class Version:
    """A published version: its stamp, and what it holds."""

    stamp: str
    relations: dict[str, Relation]

    @property
    def row_count(self) -> int:
        """The number of rows of all marts."""
        return sum(relation.row_count for relation in self.relations.values())


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
        targets = [link.readlink().name for link in links if link.is_symlink()]
        return sorted({target.split(".")[1] for target in targets})

    def new_stamp(self) -> str:
        """The time, or the microsecond after the newest version when that is later."""
        now = datetime.now(UTC)
        if stamps := self.stamps():
            newest = datetime.strptime(stamps[-1], _STAMP).replace(tzinfo=UTC)
            now = max(now, newest + timedelta(microseconds=1))
        return now.strftime(_STAMP)

    def newest(self) -> Version | None:
        """The version that is published, to take over from; None when there is none."""
        stamps = self.published_stamps()
        if len(stamps) != 1 or not self.serving(stamps[0]).is_file():
            return None
        manifest = self.snapshot(stamps[0]) / "manifest.json"
        if not manifest.is_file():
            return None
        return _read_manifest(json.loads(manifest.read_text(encoding="utf-8")))

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
    pass or was not checked, a public mart has a column that tells persons, or the
    folder cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    folder = Folder(directory)
    with folder.locked(), _attached(warehouse) as connection:
        build = _publishable(connection, warehouse)
        folder.clear_leftovers()
        earlier = folder.newest()
        relations = [_relation(connection, name) for name in build.relations]
        version = Version(folder.new_stamp(), {each.name: each for each in relations})
        (folder.staging / "snapshot").mkdir(parents=True)
        _describe(connection, build, version)
        with ThreadPoolExecutor(2) as workers:
            for done in [
                workers.submit(write, connection.cursor(), folder, version, earlier)
                for write in (_write_serving, _write_snapshot)
            ]:
                done.result()
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
    """A mart as it is to be published, with the fingerprints of its parts.

    Raises UserError when it has a column that tells persons.
    """
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = ? and table_name = ?"
        " order by column_index",
        [SCHEMA, name],
    ).fetchall()
    unpublished = UNPUBLISHED_COLUMNS.get(name, ())
    shown = tuple(column for column in columns if column[0] not in unpublished)
    if personal := [column for column, _ in shown if column in PERSONAL_COLUMNS]:
        raise UserError(
            f"nothing is published: {SCHEMA}.{name} is public and has the column "
            f"{personal[0]}, which is about persons. Give the model "
            "`access: protected` in dbt_project.yml. What was published stays."
        )
    hashed = ", ".join(_quoted(column) for column, _ in shown)
    column = PARTED.get(name)
    quarter = f"cast(date_trunc('quarter', {column}) as date)" if column else "null"
    rows = connection.execute(
        f"select {quarter} as first_day, count(*),"
        f" cast(sum(hash({hashed})) as varchar)"
        f" from warehouse.{SCHEMA}.{name} group by first_day order by first_day"
    ).fetchall()
    parts = [
        Part(
            name=f"{day.year}-Q{(day.month + 2) // 3}" if day else "all",
            first_day=str(day) if day else None,
            row_count=row_count,
            fingerprint=fingerprint,
        )
        for day, row_count, fingerprint in rows
    ]
    # A mart without rows has one part, so that it has a file.
    return Relation(name, shown, tuple(parts) or (Part("all", None, 0, "0"),))


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


def _write_serving(
    cursor: duckdb.DuckDBPyConnection,
    folder: Folder,
    version: Version,
    earlier: Version | None,
) -> None:
    """Write the DuckDB file: a copy of the earlier one with the parts that differ.

    Where most rows differ it is written from nothing. Raises RuntimeError when the rows
    that are in it then are not those of the warehouse.
    """
    path = folder.staging / "serving.duckdb"
    known = earlier.relations if earlier and _is_mostly_in(version, earlier) else {}
    if earlier and known:
        shutil.copyfile(folder.serving(earlier.stamp), path)
    cursor.execute(
        f"attach {_literal(path)} as serving (storage_version '{STORAGE_VERSION}')"
    )
    cursor.execute("begin")
    cursor.execute(f"create schema if not exists serving.{SCHEMA}")
    for name in known.keys() - version.relations.keys():
        cursor.execute(f"drop table serving.{SCHEMA}.{name}")
    for relation in version.relations.values():
        _replace_parts(cursor, relation, known.get(relation.name))
    cursor.execute(
        f"create or replace table serving.{SCHEMA}.publication as"
        " from memory.main.publication"
    )
    cursor.execute("commit")
    for relation in version.relations.values():
        ((row_count,),) = cursor.execute(
            f"select count(*) from serving.{SCHEMA}.{relation.name}"
        ).fetchall()
        if row_count != relation.row_count:
            raise RuntimeError(f"{relation.name} has {row_count} rows")
    cursor.execute("detach serving")
    path.chmod(0o444)  # Who opens it for writing would lock the others out.
    _sync(path)


def _is_mostly_in(version: Version, earlier: Version) -> bool:
    new_count = sum(
        part.row_count
        for relation in version.relations.values()
        for part in relation.new_parts(earlier.relations.get(relation.name))
    )
    return new_count * 2 <= version.row_count


def _replace_parts(
    cursor: duckdb.DuckDBPyConnection, relation: Relation, known: Relation | None
) -> None:
    table = f"{SCHEMA}.{relation.name}"
    new_parts = relation.new_parts(known)
    if known is None or known.columns != relation.columns or _is_whole(new_parts):
        if new_parts:
            cursor.execute(
                f"create or replace table serving.{table} as"
                f" select {relation.select_list} from warehouse.{table}"
            )
        return
    for part in relation.gone_parts(known):
        cursor.execute(f"delete from serving.{table} where {relation.condition(part)}")
    for part in new_parts:
        cursor.execute(
            f"insert into serving.{table} select {relation.select_list}"
            f" from warehouse.{table} where {relation.condition(part)}"
        )


def _is_whole(parts: Sequence[Part]) -> bool:
    return any(part.first_day is None for part in parts)


def _write_snapshot(
    cursor: duckdb.DuckDBPyConnection,
    folder: Folder,
    version: Version,
    earlier: Version | None,
) -> None:
    """Write the Parquet files, and the manifest; a part that is not new is a link."""
    snapshot = folder.staging / "snapshot"
    for relation in version.relations.values():
        directory = snapshot / relation.name
        directory.mkdir()
        known = earlier.relations.get(relation.name) if earlier else None
        new_parts = relation.new_parts(known)
        for part in relation.parts:
            path = directory / f"{part.name}.parquet"
            if earlier and part not in new_parts:
                old = folder.snapshot(earlier.stamp) / relation.name / path.name
                _link_or_copy(old, path)
            else:
                _write_parquet(
                    cursor,
                    f"select {relation.select_list}"
                    f" from warehouse.{SCHEMA}.{relation.name}"
                    f" where {relation.condition(part)}",
                    path,
                )
        _sync(directory)
    (snapshot / "publication").mkdir()
    _write_parquet(
        cursor,
        "from memory.main.publication",
        snapshot / "publication" / "all.parquet",
    )
    manifest = snapshot / "manifest.json"
    manifest.write_text(json.dumps(_manifest(version), indent=1), encoding="utf-8")
    _sync(manifest)
    _sync(snapshot)


def _write_parquet(cursor: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    cursor.execute(f"copy ({query}) to {_literal(path)} (format parquet)")
    path.chmod(0o444)
    _sync(path)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _manifest(version: Version) -> dict[str, Any]:
    return {"layout": LAYOUT, "duckdb": duckdb.__version__, **asdict(version)}


def _read_manifest(manifest: dict[str, Any]) -> Version | None:
    """The version that a manifest describes; None when it is not to be relied on.

    Another version of DuckDB may compute other hashes, and write other files.
    """
    if (manifest["layout"], manifest["duckdb"]) != (LAYOUT, duckdb.__version__):
        return None
    relations = {
        name: Relation(
            name=name,
            columns=tuple(
                (column, data_type) for column, data_type in found["columns"]
            ),
            parts=tuple(Part(**part) for part in found["parts"]),
        )
        for name, found in manifest["relations"].items()
    }
    return Version(manifest["stamp"], relations)


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
