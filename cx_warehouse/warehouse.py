"""The warehouse file: where it is, and how the commands read it and speak."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from cx_warehouse.errors import UserError

PROJECT_ROOT = Path(__file__).parent.parent


def warehouse_path(named: Path | None) -> Path:
    """The warehouse file: the one named, else where dbt writes it.

    That is CX_WAREHOUSE_PATH or warehouse.duckdb, seen from the project's folder.
    """
    if named:
        return named.absolute()
    return PROJECT_ROOT / (os.environ.get("CX_WAREHOUSE_PATH") or "warehouse.duckdb")


@contextmanager
def opened_warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read the warehouse, closed at the end.

    Raises UserError when there is no such file, or when it is in use by a writer, is no
    warehouse, or lacks a table that is asked for.
    """
    if not path.is_file():
        raise UserError(f"there is no warehouse at {path}; `make build` writes one.")
    try:
        with duckdb.connect(path, read_only=True) as connection:
            yield connection
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"the warehouse {path} cannot be read: {reason}") from error


def print_lines(lines: Sequence[str]) -> None:
    """Print to standard output; what its encoding lacks is printed as an escape."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print("\n".join(lines))
