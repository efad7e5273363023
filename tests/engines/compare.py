"""Hold the marts of a server engine against DuckDB's, value by value, bit by bit."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Query = Callable[[str], list[tuple[Any, ...]]]


def mart_differences(warehouse: Path, query: Query, limit: int = 20) -> list[str]:
    """One line for each row that one engine has and the other lacks; empty when none.

    `query` runs SQL on the server. Every table and view of the schemas `marts` and
    `reports` is compared, with the columns that DuckDB has, as multisets of rows.
    """
    lines: list[str] = []
    with duckdb.connect(warehouse, read_only=True) as connection:
        marts: dict[str, list[tuple[str, str]]] = {}
        for mart, column, data_type in connection.execute(
            "select table_schema || '.' || table_name, column_name, data_type"
            " from information_schema.columns"
            " where table_schema in ('marts', 'reports')"
            " order by table_schema, table_name, ordinal_position"
        ).fetchall():
            marts.setdefault(mart, []).append((column, data_type))
        for mart, columns in marts.items():
            names = ", ".join(name for name, _ in columns)
            types = [data_type for _, data_type in columns]
            sql = f"select {names} from {mart}"
            ours = _rows(connection.execute(sql).fetchall(), types)
            theirs = _rows(query(sql), types)
            for label, rows in (("lacks", ours - theirs), ("adds", theirs - ours)):
                lines += [
                    f"{mart}: the server {label} {count} of {row}"
                    for row, count in rows.items()
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


def _rows(
    rows: Iterable[tuple[Any, ...]], types: list[str]
) -> Counter[tuple[Any, ...]]:
    return Counter(
        tuple(
            _exact(value, data_type)
            for value, data_type in zip(row, types, strict=True)
        )
        for row in rows
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
