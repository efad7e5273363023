"""What is known of the last build: whether it passed, and whether it was checked.

dbt keeps the first in the warehouse (`intermediate.int_builds_passed`), in the run that
made it. The second is a file beside the warehouse with the build's id: a check reads
the warehouse and writes nothing to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from cx_warehouse.errors import UserError


@dataclass(frozen=True)
class Build:
    """A whole build that passed: its id, and its marts that are for the public."""

    invocation_id: str
    relations: tuple[str, ...]


def passed_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """The build that made what the warehouse holds; its file is the default one.

    None when that was no whole build, or a test of it failed.
    """
    try:
        rows = connection.execute(
            "select invocation_id, relation_name from intermediate.int_builds_passed"
            " order by relation_name"
        ).fetchall()
    except duckdb.CatalogException:  # nothing was built yet, or by an older version
        return None
    return Build(rows[0][0], tuple(name for _, name in rows)) if rows else None


def checked_build(warehouse: Path) -> str | None:
    """The id of the build that the expectations last held for; None without one."""
    path = _checked_path(warehouse)
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def remember_check(warehouse: Path, build: Build | None) -> None:
    """Keep that the expectations hold for a build; None when for none.

    Raises UserError when the file cannot be written.
    """
    path = _checked_path(warehouse)
    try:
        if build:
            path.write_text(f"{build.invocation_id}\n", encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"that the warehouse was checked cannot be kept in {path}: "
            f"{error.strerror}."
        ) from error


def _checked_path(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.checked")
