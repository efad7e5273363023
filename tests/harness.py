"""A copy of the project in a folder of its own, to build with other feeds and seeds."""

from __future__ import annotations

import atexit
import csv
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS, SEED_COLUMNS
from tests.dbt_server.client import DbtServer

PROJECT_ROOT = Path(__file__).parent.parent

# dbt names the database by the file: the parsed project knows this one name only.
WAREHOUSE_NAME = "test_warehouse.duckdb"

_SHARED = ("macros", "models", "analyses", "cx_warehouse")
_COPIED = ("dbt_project.yml", "profiles.yml", "seeds")


class Project:
    """The project with a warehouse and definition seeds of its own.

    Models and macros are links to the project's; what a test changes is a copy.
    """

    def __init__(self, directory: Path) -> None:
        self.root = directory / "project"
        self.root.mkdir(parents=True)
        self.warehouse = directory / WAREHOUSE_NAME
        for name in _SHARED:
            (self.root / name).symlink_to(PROJECT_ROOT / name)
        for name in _COPIED:
            source = PROJECT_ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.root / name)
            else:
                shutil.copy(source, self.root / name)
        # dbt follows a link to a root of its search, but none below one.
        for name in ("generic", "singular", "macros"):
            source = PROJECT_ROOT / "tests" / name
            if source.is_dir():
                shutil.copytree(source, self.root / "tests" / name)
        self._shipped = self._code()

    def write_definitions(
        self, definitions: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> None:
        """Replace all six seeds; one that is not given keeps its header only.

        The rules of survey tools stay as they ship, unless others are given.
        """
        for seed, columns in SEED_COLUMNS.items():
            if seed not in DEFINITION_COLUMNS and seed not in definitions:
                continue
            path = self.root / "seeds" / "definitions" / f"{seed}.csv"
            with path.open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, columns)
                writer.writeheader()
                writer.writerows(definitions.get(seed, []))

    def write_variable(self, name: str, value: str) -> None:
        """Set a var in the copy's dbt_project.yml, for commands that take none.

        Raises AssertionError for a var that is not null there.
        """
        path = self.root / "dbt_project.yml"
        text = path.read_text("utf-8")
        assert f" {name}: null\n" in text, name
        path.write_text(
            text.replace(f" {name}: null\n", f" {name}: {value}\n"), "utf-8"
        )
        # A var is read when a command runs: nothing need be parsed anew.
        self._shipped = self._code()

    def copy_definitions(self, directory: Path) -> None:
        """Replace the seeds by the files of a folder."""
        for seed in DEFINITION_COLUMNS:
            shutil.copy(directory / f"{seed}.csv", self.root / "seeds" / "definitions")

    def dbt(
        self,
        *arguments: str,
        feed: Path | None = None,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run dbt in the copy; the caller looks at the return code and the output.

        Nothing is parsed anew where only the seeds' rows are the copy's own.
        """
        own_environment = {
            "CX_WAREHOUSE_PATH": str(self.warehouse),
            "CX_RAW_DIR": str(feed) if feed else "",
            "NO_COLOR": "1",
            **(environment or {}),
        }
        given = ["--vars", json.dumps(dict(variables))] if variables else []
        command = [*arguments, *given]
        if self._code() == self._shipped:
            return self._run_parsed(command, own_environment)
        return subprocess.run(
            [str(Path(sys.executable).parent / "dbt"), *command],
            cwd=self.root,
            env={**os.environ, **own_environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def _run_parsed(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.NamedTemporaryFile() as output:
            server = _parsed_project(_engine({**os.environ, **environment}))
            done = server.run(self.root, command, environment, output=Path(output.name))
            text = Path(output.name).read_text("utf-8")
        assert done.returncode is not None, "a killed dbt"
        return subprocess.CompletedProcess(command, done.returncode, text, "")

    def _code(self) -> dict[str, bytes]:
        """What dbt parses, by its path, but for the linked folders."""
        files = [
            path
            for path in self.root.rglob("*")
            if path.is_file()
            and not path.is_symlink()
            and path.suffix in (".sql", ".yml", ".md")
            and path.relative_to(self.root).parts[0] not in ("target", "logs")
        ]
        return {str(path): path.read_bytes() for path in files}

    def build(
        self,
        feed: Path,
        *,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        tests: bool = False,
        artifacts: bool = False,
    ) -> None:
        """Seeds and models, with the data tests too if asked for.

        `artifacts` asks for target/manifest.json and its like, which take dbt a while.
        Raises AssertionError with dbt's output when it fails.
        """
        selection = ["--exclude-resource-type", "unit_test"]
        if not tests:
            selection += ["--exclude-resource-type", "test"]
        done = self.dbt(
            "--write-json" if artifacts else "--no-write-json",
            "build",
            *selection,
            feed=feed,
            variables=variables,
            environment=environment,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the warehouse, which is opened for reading only."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()


def _engine(environment: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """What says on which engine dbt works; a parsed project is for one alone."""
    target = environment.get("CX_TARGET", "duckdb")
    prefix = f"CX_{target}_".upper()
    settings = {
        name: text for name, text in environment.items() if name.startswith(prefix)
    }
    return frozenset({**settings, "CX_TARGET": target}.items())


@functools.cache
def _parsed_project(engine: frozenset[tuple[str, str]]) -> DbtServer:
    """The project, parsed once for all copies that this process makes of it."""
    directory = Path(tempfile.mkdtemp(prefix="parsed_"))
    project = Project(directory)
    server = DbtServer(
        project.root,
        directory / "server.log",
        {"CX_WAREHOUSE_PATH": str(project.warehouse), "CX_RAW_DIR": "", **dict(engine)},
    )
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(server.close)
    return server
