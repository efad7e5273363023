"""Hold the marts of a server engine against DuckDB's, value by value, bit by bit."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Query = Callable[[str], Iterable[tuple[Any, ...]]]


def mart_differences(warehouse: Path, query: Query, limit: int = 20) -> list[str]:
    """One line for each row that one engine has and the other lacks; empty when none.

    `query` runs SQL on the server. Every table and view of the schemas `marts` and
    `reports` is compared, with the columns that DuckDB has, as multisets of rows.
    """
    lines: list[str] = []
    with duckdb.connect(warehouse, read_only=True) as connection:
        for mart, sql, types in _marts(connection):
            ours = Counter(_exact_rows(_streamed(connection, sql), types))
            theirs = Counter(_exact_rows(query(sql), types))
            for label, rows in (("lacks", ours - theirs), ("adds", theirs - ours)):
                lines += [
                    f"{mart}: the server {label} {count} of {row}"
                    for row, count in rows.items()
                ]
    return lines[:limit]


def marts_that_differ(warehouse: Path, query: Query) -> list[str]:
    """One line for each mart that is not the same on both; empty when all are.

    As mart_differences, for marts that no memory holds: of each engine's rows their
    number and the sum of their hashes are kept, which no order changes.
    """
    lines: list[str] = []
    with duckdb.connect(warehouse, read_only=True) as connection:
        for mart, sql, types in _marts(connection):
            ours = _digest(_exact_rows(_streamed(connection, sql), types))
            theirs = _digest(_exact_rows(query(sql), types))
            if ours != theirs:
                lines.append(
                    f"{mart}: {ours[0]:,} rows with hash {ours[1]:x}, on the server "
                    f"{theirs[0]:,} with {theirs[1]:x}"
                )
    return lines


def _marts(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[str, str, list[str]]]:
    """Each mart: its name, the query of all its columns, and their types."""
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
        yield mart, f"select {names} from {mart}", [kind for _, kind in columns]


def _streamed(
    connection: duckdb.DuckDBPyConnection, sql: str
) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(10_000):
            yield from rows


def _digest(rows: Iterable[tuple[Any, ...]]) -> tuple[int, int]:
    """How many rows, and the sum of their hashes: 64 bits, good for one process."""
    count = total = 0
    for row in rows:
        count += 1
        total += hash(repr(row))
    return count, total % 2**64


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


def _exact_rows(
    rows: Iterable[tuple[Any, ...]], types: list[str]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple(
            _exact(value, data_type)
            for value, data_type in zip(row, types, strict=True)
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
