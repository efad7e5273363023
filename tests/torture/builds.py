"""Builds of a copy of the project, many and fast."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.dbt_server.client import DbtServer
from tests.harness import PROJECT_ROOT

BUILD = (
    "build",
    "--exclude-resource-type",
    "unit_test",
    "--exclude-resource-type",
    "test",
)

# dbt names the database by the file: the parsed project knows this one name only.
WAREHOUSE_NAME = "torture_warehouse.duckdb"

_QUIET = ("--quiet", "--no-write-json", "--log-level-file", "none")
_COPIED_FOLDERS = ("macros", "models", "analyses", "cx_warehouse", "seeds")
_COPIED_FILES = ("dbt_project.yml", "profiles.yml")
_COPIED_TESTS = ("generic", "singular", "macros")


@dataclass(frozen=True)
class Outcome:
    """How a build ended: `done`, `failed` or `killed`, and what dbt said of it."""

    outcome: str
    message: str
    seconds: float
    statements: int

    @property
    def is_done(self) -> bool:
        """Whether every node was built."""
        return self.outcome == "done"


def scratch_directory() -> Path:
    """A new folder for warehouses, in memory where the machine offers that.

    Half of what a small build does is to wait until its commits lie on the disk.
    """
    in_memory = Path("/dev/shm")
    roomy = in_memory.is_dir() and shutil.disk_usage(in_memory).free > 4 << 30
    return Path(tempfile.mkdtemp(prefix="torture_", dir=in_memory if roomy else None))


def copy_project(directory: Path) -> Path:
    """Copy what a build reads, so that it may be changed; returns the copy's root."""
    root = directory / "project"
    ignore = shutil.ignore_patterns("__pycache__")
    for name in _COPIED_FOLDERS:
        shutil.copytree(PROJECT_ROOT / name, root / name, ignore=ignore)
    for name in _COPIED_FILES:
        shutil.copy(PROJECT_ROOT / name, root / name)
    for name in _COPIED_TESTS:
        source = PROJECT_ROOT / "tests" / name
        if source.is_dir():
            shutil.copytree(source, root / "tests" / name, ignore=ignore)
    return root


def build_environment(
    warehouse: Path, feed: Path, *, time_zone: str = "UTC"
) -> dict[str, str]:
    """What tells a build of which feed it builds which warehouse."""
    return {
        "CX_WAREHOUSE_PATH": str(warehouse),
        "CX_RAW_DIR": str(feed),
        "TZ": time_zone,
        "NO_COLOR": "1",
    }


class BuildServer:
    """Builds warehouses with one parsed copy of the project, each in a new process."""

    def __init__(self, directory: Path) -> None:
        self.root = copy_project(directory)
        self.definitions = self.root / "seeds" / "definitions"
        self._server = DbtServer(
            self.root,
            directory / "server.log",
            build_environment(directory / WAREHOUSE_NAME, directory),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()

    def build(
        self,
        warehouse: Path,
        feed: Path,
        variables: Mapping[str, Any],
        *,
        options: Sequence[str] = (),
        time_zone: str = "UTC",
        kill_at_statement: int | None = None,
        fail_at_statement: int | None = None,
        deliver_at_statement: int | None = None,
        delivery: tuple[str, str] | None = None,
        kill_after_seconds: float | None = None,
    ) -> Outcome:
        """`dbt build` of seeds and models, as far as it gets (see DbtServer.run)."""
        done = self._server.run(
            self.root,
            [*_QUIET, *BUILD, *options, "--vars", json.dumps(dict(variables))],
            build_environment(warehouse, feed, time_zone=time_zone),
            kill_at_statement=kill_at_statement,
            fail_at_statement=fail_at_statement,
            deliver_at_statement=deliver_at_statement,
            delivery=delivery,
            kill_after_seconds=kill_after_seconds,
        )
        outcome = {0: "done", None: "killed"}.get(done.returncode, "failed")
        return Outcome(outcome, done.message, done.seconds, done.statements)
