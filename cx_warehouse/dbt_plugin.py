"""The plugin of dbt-duckdb that brings checked files to the macros.

Every cursor gets two variables: `survey_answers_feed`, the SQL that reads the feed, and
`definition_seeds`, empty when the seed files can be read whole. A fault travels as text
too and is raised where the files are first used (the staging model of the feed, a
seed), so that a command which needs neither runs on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from cx_warehouse.definitions import check_definition_files
from cx_warehouse.errors import UserError
from cx_warehouse.feed import feed_directory, feed_sql

DEFINITIONS_DIRECTORY = Path("seeds/definitions")
RESERVED_NAMES = ("main", "system", "temp")


class Plugin(BasePlugin):
    """Looks at the files once a connection and tells every cursor what it found."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Refuse a file whose name DuckDB cannot tell from a schema of its own."""
        name = Path(creds.path).stem
        if name.lower() in RESERVED_NAMES:
            raise DbtRuntimeError(
                f"CX_WAREHOUSE_PATH is {creds.path}, but {name} is a name of DuckDB's "
                "own: call the file otherwise, such as warehouse.duckdb."
            )

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Check the files of the feed and the seeds; faults are kept as text."""
        self._variables = {
            "survey_answers_feed": _text_or_fault(lambda: feed_sql(feed_directory())),
            "definition_seeds": _text_or_fault(_check_definitions),
        }

    def configure_cursor(self, cursor: Any) -> None:
        """Hand the findings to a cursor of dbt's."""
        for name, text in self._variables.items():
            cursor.execute(f"set variable {name} = ?", [text])


def _check_definitions() -> str:
    check_definition_files(DEFINITIONS_DIRECTORY)
    return ""


def _text_or_fault(find_out: Callable[[], str]) -> str:
    try:
        return find_out()
    except UserError as error:
        return f"fault: {error}"
