"""Read all that is published with one client, and say what was read.

    python client.py CLIENT FOLDER RELATION ...

prints as JSON, for each relation, the number of its rows and a digest of their values
and types as the client gives them in Python. It runs in the client's own environment
and imports nothing else.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def digest(rows: Iterable[Sequence[Any]]) -> list[Any]:
    """The number of rows, and a digest that is blind to their order only.

    A value counts with its type: a count that arrives as a decimal is another one.
    """
    lines = sorted(
        "\x1f".join(f"{type(value).__name__}:{value!s}" for value in row)
        for row in rows
    )
    return [len(lines), hashlib.sha256("\x1e".join(lines).encode()).hexdigest()]


def by_duckdb(folder: Path, relation: str) -> list[Any]:
    """DuckDB that opens the file itself."""
    import duckdb

    link = str(folder / "cx_serving.duckdb")
    with duckdb.connect(link, read_only=True) as connection:
        return connection.execute(f"select * from marts.{relation}").fetchall()


def by_attached_duckdb(folder: Path, relation: str) -> list[Any]:
    """DuckDB that attaches the file under a name of its own."""
    import duckdb

    with duckdb.connect() as connection:
        link = folder / "cx_serving.duckdb"
        connection.execute(f"attach '{link}' as scores (read_only)")
        return connection.execute(f"select * from scores.marts.{relation}").fetchall()


def by_duckdb_on_parquet(folder: Path, relation: str) -> list[Any]:
    """DuckDB on the snapshot."""
    import duckdb

    with duckdb.connect() as connection:
        path = folder / "current" / f"{relation}.parquet"
        return connection.execute(f"select * from '{path}'").fetchall()


def by_sqlalchemy(folder: Path, relation: str) -> list[Any]:
    """SQLAlchemy with duckdb-engine, which sends queries."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        f"duckdb:///{folder / 'cx_serving.duckdb'}",
        connect_args={"read_only": True},
    )
    try:
        with engine.connect() as connection:
            query = sqlalchemy.text(f"select * from marts.{relation}")
            return [tuple(row) for row in connection.execute(query)]
    finally:
        engine.dispose()


def by_pyarrow(folder: Path, relation: str) -> list[Any]:
    """Arrow on the snapshot."""
    import pyarrow.parquet

    path = folder / "current" / f"{relation}.parquet"
    columns = pyarrow.parquet.read_table(path).to_pydict().values()
    return list(zip(*columns, strict=True))


CLIENTS = {
    client.__name__.removeprefix("by_"): client
    for client in (
        by_duckdb,
        by_attached_duckdb,
        by_duckdb_on_parquet,
        by_sqlalchemy,
        by_pyarrow,
    )
}


def main(name: str, folder: Path, relations: Sequence[str]) -> None:
    """Read the relations with a client and print what was read."""
    read = CLIENTS[name]
    print(json.dumps({each: digest(read(folder, each)) for each in relations}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
