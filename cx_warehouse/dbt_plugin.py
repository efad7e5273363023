"""The plugin of dbt-duckdb that brings checked files to the macros.

Every cursor gets a variable, `cx_warehouse`, a struct with the fields `feed_plan`, what
the run has to do about the files of the feed; `survey_answers_feed`, the SQL that reads
those that are new; for each definition seed `seed_<name>`, empty when its file can be
read whole; and what tells the rows of erased respondents. A fault travels as text too
and is raised where the file is first used (the staging model of the feed, the seed), so
that a command which needs neither runs on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.events.contextvars import get_node_info
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from cx_warehouse.definitions import (
    DEFINITIONS_DIRECTORY,
    SEED_COLUMNS,
    check_definition_file,
)
from cx_warehouse.erasure import erased_hashes, erasure_key, hash_pads
from cx_warehouse.errors import UserError
from cx_warehouse.feed import feed_directory, feed_sql
from cx_warehouse.feed_plan import FeedPlan, held_files, judging_code, plan_feed
from cx_warehouse.progress import ProgressTeller

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


FAULT = "fault: "


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
        if path.resolve().stem != path.stem:
            raise DbtRuntimeError(
                f"CX_WAREHOUSE_PATH is {path}, a link to a file of another name: name "
                f"{path.resolve()} itself."
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
        """Look at the files of the feed and the seeds; faults are kept as text."""
        assert self.creds is not None
        warehouse = Path(self.creds.path)
        held = held_files(conn)
        full_refresh = bool(getattr(get_flags(), "FULL_REFRESH", False))
        feed = feed_directory()
        plan: FeedPlan | None = None

        def planned() -> str:
            nonlocal plan
            plan = plan_feed(feed, held, rebuilds=full_refresh)
            return plan.as_json()

        def scan() -> str:
            return feed_sql(
                feed, [feed / name for name in plan.to_read] if plan else None
            )

        inner_pad, outer_pad = b"", b""
        erased = _text_or_fault(lambda: "\n".join(erased_hashes(warehouse)))
        if erased and not erased.startswith(FAULT):
            try:
                inner_pad, outer_pad = hash_pads(erasure_key(warehouse))
            except UserError as error:
                erased = f"{FAULT}{error}"
        self._progress = ProgressTeller(warehouse)
        self._findings: dict[str, str | bytes] = {
            "feed_plan": _text_or_fault(planned),
            "survey_answers_feed": _text_or_fault(scan),
            "judging_code": judging_code(),
            "erased_respondents": erased,
            "erasure_inner_pad": inner_pad,
            "erasure_outer_pad": outer_pad,
            **{
                f"seed_{seed}": _text_or_fault(partial(_check_definition, seed))
                for seed in SEED_COLUMNS
            },
        }

    def configure_cursor(self, cursor: Any) -> None:
        """Hand the findings to a cursor of dbt's."""
        cursor.execute("set variable cx_warehouse = ?", [self._findings])
        node = get_node_info().get("node_name")
        if node:
            self._progress.watch(cursor, node)


def _check_definition(seed: str) -> str:
    check_definition_file(DEFINITIONS_DIRECTORY, seed)
    return ""


def _text_or_fault(find_out: Callable[[], str]) -> str:
    try:
        return find_out()
    except UserError as error:
        return f"{FAULT}{error}"
