"""Compare every mart of two warehouses, value by value."""

from __future__ import annotations

from pathlib import Path

import duckdb

# It tells what earlier builds had said: a full build has no earlier ones.
INCOMPARABLE = frozenset({"fct_score_restatements"})

Columns = list[tuple[str, str]]


def mart_differences(expected: Path, found: Path, limit: int = 20) -> list[str]:
    """One line for each mart, column or row that one warehouse has and the other lacks.

    The marts are those of the catalog: every table and view of the schema `marts` but
    fct_score_restatements. Rows are compared as multisets, hash ids included, doubles
    by their shortest exact text. An empty list means that all is the same.
    """
    with duckdb.connect() as connection:
        for name, path in (("expected", expected), ("found", found)):
            literal = str(path).replace("'", "''")
            connection.execute(f"attach '{literal}' as {name} (read_only)")
        wanted, got = (_marts(connection, name) for name in ("expected", "found"))
        lines = [f"{mart}: only a full build has it" for mart in wanted.keys() - got]
        lines += [f"{mart}: a full build lacks it" for mart in got.keys() - wanted]
        for mart in sorted(wanted.keys() & got.keys()):
            if wanted[mart] != got[mart]:
                lines.append(f"{mart}: columns {wanted[mart]} against {got[mart]}")
            else:
                lines += _row_differences(connection, mart, wanted[mart])
    return lines[:limit]


def _marts(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, Columns]:
    rows = connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = ? and table_schema = 'marts' order by ordinal_position",
        [database],
    ).fetchall()
    marts: dict[str, Columns] = {}
    for mart, column, data_type in rows:
        if mart not in INCOMPARABLE:
            marts.setdefault(mart, []).append((column, data_type))
    return marts


def _row_differences(
    connection: duckdb.DuckDBPyConnection, mart: str, columns: Columns
) -> list[str]:
    selected = ", ".join(
        f'cast("{name}" as varchar) as "{name}"'
        if data_type == "DOUBLE"
        else f'"{name}"'
        for name, data_type in columns
    )
    lines = []
    for ours, theirs, label in (
        ("expected", "found", "only a full build has"),
        ("found", "expected", "a full build lacks"),
    ):
        rows = connection.execute(
            f"select {selected} from {ours}.marts.{mart} except all "
            f"select {selected} from {theirs}.marts.{mart} limit 3"
        ).fetchall()
        names = [name for name, _ in columns]
        lines += [
            f"{mart}: {label} {dict(zip(names, row, strict=True))}" for row in rows
        ]
    return lines
