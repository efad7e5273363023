"""The plugin of dbt-duckdb that brings checked files to the macros.

Every cursor gets variables: `survey_answers_feed`, the SQL that reads the feed, and for
each definition seed `seed_<name>`, empty when its file can be read whole. A fault
travels as text too and is raised where the file is first used (the staging model of
the feed, the seed), so that a command which needs neither runs on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from cx_warehouse.definitions import (
    DEFINITION_COLUMNS,
    DEFINITIONS_DIRECTORY,
    check_definition_file,
)
from cx_warehouse.errors import UserError
from cx_warehouse.feed import feed_directory, feed_sql

# Names of DuckDB's own and of our schemas: with such a file `marts.x` is ambiguous.
RESERVED_NAMES = (
    "main",
    "system",
    "temp",
    "definitions",
    "staging",
    "intermediate",
    "marts",
)


class Plugin(BasePlugin):
    """Looks at the files once a connection and tells every cursor what it found."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Refuse a file that DuckDB cannot make or cannot tell from a schema."""
        path = Path(creds.path)
        if path.stem.lower() in RESERVED_NAMES:
            raise DbtRuntimeError(
                f"CX_WAREHOUSE_PATH is {path}, but {path.stem} is a schema's name: "
                "call the file otherwise, such as warehouse.duckdb."
            )
        if not path.parent.is_dir():
            raise DbtRuntimeError(
                f"CX_WAREHOUSE_PATH is {path}, but {path.parent} is no folder: make it "
                "first."
            )
        try:
            duckdb.connect(path).close()
        except duckdb.IOException as error:
            reason = str(error).partition("\n")[0].partition(". However")[0]
            raise DbtRuntimeError(
                f"The warehouse {path} cannot be written: close whatever has it open, "
                f"such as a BI tool or a shell. DuckDB says: {reason}"
            ) from error

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Check the files of the feed and the seeds; faults are kept as text."""
        self._variables = {
            "survey_answers_feed": _text_or_fault(lambda: feed_sql(feed_directory())),
            **{
                f"seed_{seed}": _text_or_fault(partial(_check_definition, seed))
                for seed in DEFINITION_COLUMNS
            },
        }

    def configure_cursor(self, cursor: Any) -> None:
        """Hand the findings to a cursor of dbt's."""
        for name, text in self._variables.items():
            cursor.execute(f"set variable {name} = ?", [text])


def _check_definition(seed: str) -> str:
    check_definition_file(DEFINITIONS_DIRECTORY, seed)
    return ""


def _text_or_fault(find_out: Callable[[], str]) -> str:
    try:
        return find_out()
    except UserError as error:
        return f"fault: {error}"
