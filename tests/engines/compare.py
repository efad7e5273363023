"""Hold the marts of a server engine against DuckDB's, value by value, bit by bit.

Only statistics (tests/oracle/compare.py names them) may differ, by 1e-9.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.oracle.compare import STATISTICS

Query = Callable[[str], list[tuple[Any, ...]]]


def mart_differences(warehouse: Path, query: Query, limit: int = 20) -> list[str]:
    """One line for each row that one engine has and the other lacks; empty when none.

    `query` runs SQL on the server. Every table and view of the schema `marts` is
    compared, with the columns that DuckDB has, as multisets of rows.
    """
    lines: list[str] = []
    with duckdb.connect(warehouse, read_only=True) as connection:
        marts: dict[str, list[tuple[str, str]]] = {}
        for mart, column, data_type in connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'marts' order by table_name, ordinal_position"
        ).fetchall():
            marts.setdefault(mart, []).append((column, data_type))
        for mart, columns in marts.items():
            sql = f"select {', '.join(name for name, _ in columns)} from marts.{mart}"
            ours, our_statistics = _rows(connection.execute(sql).fetchall(), columns)
            theirs, their_statistics = _rows(query(sql), columns)
            for label, rows in (("lacks", ours - theirs), ("adds", theirs - ours)):
                lines += [
                    f"{mart}: the server {label} {count} of {row}"
                    for row, count in rows.items()
                ]
            lines += [
                f"{mart}: the server has {their_statistics[row]} of {row},"
                f" not {our_statistics[row]}"
                for row in our_statistics.keys() & their_statistics.keys()
                if not _close(our_statistics[row], their_statistics[row])
            ]
    return lines[:limit]


def mart_row_counts(warehouse: Path) -> dict[str, int]:
    """How many rows each mart of the DuckDB warehouse has."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'marts' order by table_name"
        ).fetchall()
        counts = {}
        for (name,) in names:
            ((count,),) = connection.execute(
                f"select count(*) from marts.{name}"
            ).fetchall()
            counts[name] = int(count)
    return counts


Values = tuple[Any, ...]


def _rows(
    rows: Iterable[Values], columns: Sequence[tuple[str, str]]
) -> tuple[Counter[Values], dict[Values, Values]]:
    """Rows of values that must be equal, and what else stands in them: statistics.

    A row of a mart with statistics has a key, which is among the values.
    """
    exact: Counter[Values] = Counter()
    statistics: dict[Values, Values] = {}
    for row in rows:
        cells = list(zip(row, columns, strict=True))
        values = tuple(
            _exact(value, data_type)
            for value, (name, data_type) in cells
            if name not in STATISTICS
        )
        exact[values] += 1
        statistics[values] = tuple(
            None if value is None else float(value)
            for value, (name, _) in cells
            if name in STATISTICS
        )
    return exact, statistics


def _close(ours: Values, theirs: Values) -> bool:
    """Whether statistics agree to 1e-9: roots and powers are not the same bits."""
    return all(
        one is other
        if one is None or other is None
        else math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
        for one, other in zip(ours, theirs, strict=True)
    )


def _exact(value: Any, data_type: str) -> Any:
    """A value as DuckDB's driver would give it; a double as its 64 bits."""
    if value is None:
        return None
    if data_type == "DOUBLE":
        return struct.pack(">d", float(value)).hex()
    if data_type.startswith("DECIMAL"):
        return Decimal(value).normalize()
    if data_type == "DATE":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if data_type == "TIMESTAMP":
        if isinstance(value, datetime):
            return value
        return datetime.fromisoformat(str(value))
    if data_type in ("BIGINT", "INTEGER"):
        return int(value)
    return value
