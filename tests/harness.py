"""A copy of the project in a folder of its own, to build with other feeds and seeds."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS, SEED_COLUMNS

PROJECT_ROOT = Path(__file__).parent.parent

_SHARED = ("macros", "models", "analyses", "cx_warehouse")
_COPIED = ("dbt_project.yml", "profiles.yml", "seeds")


class Project:
    """The project with a warehouse and definition seeds of its own.

    Models and macros are links to the project's; what a test changes is a copy.
    """

    def __init__(self, directory: Path) -> None:
        self.root = directory / "project"
        self.root.mkdir(parents=True)
        self.warehouse = directory / "test_warehouse.duckdb"
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
        """Run dbt in the copy; the caller looks at the return code and the output."""
        settings = {
            **os.environ,
            "CX_WAREHOUSE_PATH": str(self.warehouse),
            "CX_RAW_DIR": str(feed) if feed else "",
            "NO_COLOR": "1",
            **(environment or {}),
        }
        given = ["--vars", json.dumps(dict(variables))] if variables else []
        return subprocess.run(
            [str(Path(sys.executable).parent / "dbt"), *arguments, *given],
            cwd=self.root,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )

    def build(
        self,
        feed: Path,
        *,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        tests: bool = False,
    ) -> None:
        """Seeds and models, with the data tests too if asked for.

        Raises AssertionError with dbt's output when it fails.
        """
        selection = ["--exclude-resource-type", "unit_test"]
        if not tests:
            selection += ["--exclude-resource-type", "test"]
        done = self.dbt(
            "build", *selection, feed=feed, variables=variables, environment=environment
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the warehouse, which is opened for reading only."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()
