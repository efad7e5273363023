"""Builds of a copy of the project, many and fast: the other end of build_server.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

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


class ServerGoneError(Exception):
    """The build server ended, which says nothing about the warehouse."""


class BuildServer:
    """Builds warehouses with one parsed copy of the project, each in a new process."""

    def __init__(self, directory: Path) -> None:
        self.root = copy_project(directory)
        self.definitions = self.root / "seeds" / "definitions"
        self.log = directory / "server.log"
        program = Path(__file__).with_name("build_server.py")
        with self.log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(program), str(self.root)],
                env={
                    **os.environ,
                    **build_environment(directory / WAREHOUSE_NAME, directory),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

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
        """`dbt build` of seeds and models, as far as it gets.

        When asked to, it is killed (kill -9) or fails in front of its nth SQL
        statement, or a file is moved then, or it is killed after some seconds.
        """
        request = {
            "arguments": [*BUILD, *options],
            "variables": dict(variables),
            "environment": build_environment(warehouse, feed, time_zone=time_zone),
            "kill_at_statement": kill_at_statement,
            "fail_at_statement": fail_at_statement,
            "deliver_at_statement": deliver_at_statement,
            "delivery": delivery,
            "kill_after_seconds": kill_after_seconds,
        }
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        answer = self._answer()
        return Outcome(
            answer["outcome"],
            answer["message"],
            answer["seconds"],
            answer.get("statements", 0),
        )

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            told = self.log.read_text("utf-8")[-2000:]
            raise ServerGoneError(f"the build server ended with {code}: {told}")
        answer: dict[str, Any] = json.loads(line)
        return answer
