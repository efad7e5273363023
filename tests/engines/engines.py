"""The servers, and builds of one history on DuckDB and on one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cx_warehouse.erasure import add_to_erasure_list
from cx_warehouse.load import postgres_connection, spark_cursor
from cx_warehouse.spark_cluster import SparkCluster, free_port
from tests.engines.compare import Query, mart_differences
from tests.engines.feeds import History, copy_definitions
from tests.engines.postgres_server import postgres_server
from tests.harness import Project

_SCHEMAS = ("raw", "definitions", "staging", "intermediate", "marts")


@dataclass(frozen=True)
class Server:
    """A running server: the variables of its profile, and how to ask it."""

    name: str
    environment: dict[str, str]
    query: Query
    empty: Callable[[], None]


@dataclass(frozen=True)
class Result:
    """A step that was built on both engines: seconds of each, and what differs."""

    happening: str
    duckdb_seconds: float
    load_seconds: float
    server_seconds: float
    differences: list[str]

    def line(self) -> str:
        """The result in a line."""
        outcome = "DIFFERENT" if self.differences else "equal"
        return (
            f"{self.happening}: {outcome} (DuckDB {self.duckdb_seconds:.0f} s, load "
            f"{self.load_seconds:.0f} s, server {self.server_seconds:.0f} s)"
        )


class Comparison:
    """Builds of a history in a folder of their own, in an emptied server."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        self.directory = directory
        self.project = Project(directory)
        server.empty()

    def play(self, history: History) -> Iterator[Result]:
        """Build step after step on DuckDB and on the server, and compare the marts."""
        for step in history(self.directory):
            copy_definitions(
                step.definitions, self.project.root / "seeds" / "definitions"
            )
            for source, respondent in step.erased:
                add_to_erasure_list(self.project.warehouse, source, [respondent])
            start = time.monotonic()
            self.project.build(
                step.feed,
                variables=step.variables,
                environment={"CX_TARGET": "duckdb"},
            )
            built = time.monotonic()
            environment = self.server.environment
            self._load(step.feed, environment)
            loaded = time.monotonic()
            self.project.build(
                step.feed,
                variables=step.variables,
                environment=environment,
                tests=step.with_tests,
            )
            end = time.monotonic()
            yield Result(
                step.happening,
                built - start,
                loaded - built,
                end - loaded,
                mart_differences(self.project.warehouse, self.server.query),
            )

    def _load(self, feed: Path, environment: dict[str, str]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "cx_warehouse", "load"],
            cwd=self.project.root,
            env=os.environ
            | environment
            | {
                "CX_RAW_DIR": str(feed),
                "CX_WAREHOUSE_PATH": str(self.project.warehouse),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _postgres() -> Iterator[Server]:
    with postgres_server() as environment:
        os.environ.update(environment)
        with postgres_connection() as connection:
            connection.autocommit = True

            def query(sql: str) -> list[tuple[Any, ...]]:
                with connection.cursor() as cursor:
                    cursor.execute(sql)
                    return list(cursor.fetchall())

            def empty() -> None:
                with connection.cursor() as cursor:
                    for schema in _SCHEMAS:
                        cursor.execute(f"drop schema if exists {schema} cascade")

            yield Server("postgres", environment, query, empty)


@contextmanager
def _spark() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="cx_spark_") as name:
        cluster = SparkCluster(Path(name), port=free_port())
        try:
            cluster.up()
            os.environ.update(cluster.environment())
            # A session goes on reading the files of a table that it knows: each
            # question is asked in a session of its own.

            def query(sql: str) -> list[tuple[Any, ...]]:
                with spark_cursor() as cursor:
                    cursor.execute(sql)
                    return list(cursor.fetchall())

            def empty() -> None:
                with spark_cursor() as cursor:
                    for schema in _SCHEMAS:
                        cursor.execute(f"drop schema if exists {schema} cascade")
                shutil.rmtree(cluster.directory / "raw", ignore_errors=True)

            yield Server("spark", cluster.environment(), query, empty)
        finally:
            cluster.down()


SERVERS: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "postgres": _postgres,
    "spark": _spark,
}
