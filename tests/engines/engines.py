"""The servers, and builds of one history on DuckDB and on all of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cx_warehouse.erasure import add_to_erasure_list
from cx_warehouse.load import postgres_connection, spark_cursor
from cx_warehouse.spark_cluster import SparkCluster, free_port
from tests.engines.compare import Query, mart_differences
from tests.engines.feeds import History, Step, copy_definitions
from tests.engines.postgres_server import postgres_server
from tests.harness import Project

_SCHEMAS = ("raw", "definitions", "staging", "intermediate", "marts")
_ROWS_AT_ONCE = 10_000

# A class that the wheel's Thrift server lacks, and now and then looks for at the end of
# a session: that run fails, and the next one must make good (docs/servers.md).
_SESSION_NOT_CLOSED = "LlapSigner$Signable"

# Of a small build most is start-up: no code is made for its queries.
_FOR_SMALL_FEEDS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@dataclass(frozen=True)
class Server:
    """A running server: the variables of its profile, and how to ask it."""

    name: str
    environment: dict[str, str]
    query: Query
    empty: Callable[[], None]
    # What its tables take on disk, the loaded feed included.
    disk_bytes: Callable[[], int]
    # Kills one of several machines that compute; None where there is one.
    kill_worker: Callable[[], None] | None = None


@dataclass(frozen=True)
class Result:
    """A step on one server: seconds of the load and the build, and what differs."""

    engine: str
    happening: str
    load_seconds: float
    build_seconds: float
    differences: list[str]

    def line(self) -> str:
        """The result in a line."""
        outcome = "DIFFERENT" if self.differences else "equal"
        return (
            f"{self.engine}: {self.happening}: {outcome} (load "
            f"{self.load_seconds:.0f} s, build {self.build_seconds:.0f} s)"
        )


class Comparison:
    """Builds of a history in a folder of their own, in emptied servers."""

    def __init__(self, servers: Sequence[Server], directory: Path) -> None:
        self.directory = directory
        self.reference = Project(directory / "duckdb")
        self.copies = [(server, Project(directory / server.name)) for server in servers]
        for server in servers:
            server.empty()

    def play(self, history: History) -> Iterator[Result]:
        """Build step after step on every engine at once, and compare the marts."""
        with ThreadPoolExecutor() as executor:
            for step in history(self.directory):
                for source, respondent in step.erased:
                    add_to_erasure_list(self.reference.warehouse, source, [respondent])
                built = executor.submit(self._build_reference, step)
                results = [
                    executor.submit(self._build, step, server, project)
                    for server, project in self.copies
                ]
                built.result()
                for (server, _), result in zip(self.copies, results, strict=True):
                    load_seconds, build_seconds = result.result()
                    yield Result(
                        server.name,
                        step.happening,
                        load_seconds,
                        build_seconds,
                        mart_differences(self.reference.warehouse, server.query),
                    )

    def _build_reference(self, step: Step) -> None:
        _bring_definitions(step, self.reference)
        self.reference.build(
            step.feed, variables=step.variables, environment={"CX_TARGET": "duckdb"}
        )

    def _build(
        self, step: Step, server: Server, project: Project
    ) -> tuple[float, float]:
        _bring_definitions(step, project)
        start = time.monotonic()
        # The list of the erased lies beside the one DuckDB warehouse.
        settings = server.environment | {
            "CX_RAW_DIR": str(step.feed),
            "CX_WAREHOUSE_PATH": str(self.reference.warehouse),
        }
        done = subprocess.run(
            [sys.executable, "-m", "cx_warehouse", "load"],
            cwd=project.root,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        loaded = time.monotonic()
        build = partial(
            project.build,
            step.feed,
            variables=step.variables,
            environment=server.environment,
            tests=step.with_tests,
        )
        try:
            build()
        except AssertionError as error:
            if _SESSION_NOT_CLOSED not in str(error):
                raise
            print(
                f"{server.name}: a session was not closed; a run after it", flush=True
            )
            build()
        return loaded - start, time.monotonic() - loaded


def _bring_definitions(step: Step, project: Project) -> None:
    copy_definitions(step.definitions, project.root / "seeds" / "definitions")


@contextmanager
def _postgres() -> Iterator[Server]:
    with postgres_server() as environment:
        os.environ.update(
            {name: value for name, value in environment.items() if name != "CX_TARGET"}
        )
        with postgres_connection() as connection:
            connection.autocommit = True

            # A cursor with a name does not bring all rows at once.
            def query(sql: str) -> Iterator[tuple[Any, ...]]:
                with connection.cursor(name="marts", withhold=True) as cursor:
                    cursor.itersize = _ROWS_AT_ONCE
                    cursor.execute(sql)
                    yield from cursor

            def empty() -> None:
                with connection.cursor() as cursor:
                    for schema in _SCHEMAS:
                        cursor.execute(f"drop schema if exists {schema} cascade")

            def disk_bytes() -> int:
                ((size,),) = query(
                    "select sum(pg_total_relation_size(pg_class.oid)) from pg_class"
                    " inner join pg_namespace on relnamespace = pg_namespace.oid"
                    f" where relkind = 'r' and nspname in {_SCHEMAS}"
                )
                return int(size)

            yield Server("postgres", environment, query, empty, disk_bytes)


@contextmanager
def _spark(
    settings: Mapping[str, str] = _FOR_SMALL_FEEDS,
    java_options: str = "-XX:TieredStopAtLevel=1",
) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="cx_spark_") as name:
        cluster = SparkCluster(
            Path(name), port=free_port(), java_options=java_options, settings=settings
        )
        try:
            cluster.up()
            environment = cluster.environment()
            os.environ.update(
                {key: text for key, text in environment.items() if key != "CX_TARGET"}
            )

            # A session goes on reading the files of a table that it knows: each
            # question is asked in a session of its own.
            def query(sql: str) -> Iterator[tuple[Any, ...]]:
                with spark_cursor() as cursor:
                    cursor.execute(sql)
                    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                        yield from rows

            def empty() -> None:
                with spark_cursor() as cursor:
                    for schema in _SCHEMAS:
                        cursor.execute(f"drop schema if exists {schema} cascade")
                shutil.rmtree(cluster.directory / "raw", ignore_errors=True)

            def disk_bytes() -> int:
                files = (
                    path
                    for folder in ("raw", "warehouse")
                    for path in (cluster.directory / folder).rglob("*")
                    if path.is_file()
                )
                return sum(path.stat().st_size for path in files)

            yield Server(
                "spark", environment, query, empty, disk_bytes, cluster.kill_worker
            )
        finally:
            cluster.down()


SERVERS: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "postgres": _postgres,
    "spark": _spark,
}
# With the settings that a user has.
SERVERS_AT_SCALE: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "postgres": _postgres,
    "spark": partial(_spark, settings={}, java_options=""),
}
