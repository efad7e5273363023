"""Whether two warehouses hold the same marts, row for row, at any size.

`python -m tests.benchmark.compare ONE OTHER` compares the marts of two DuckDB files and
prints what differs. A mart is the same when its columns have the same names and types
and its rows, as a multiset, the same hashes: their number, their sum and their
exclusive or agree. No row is held, so that a hundred million take no more memory than a
hundred. Doubles are compared bit by bit.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb

from tests.oracle.compare import MARTS


def differences(
    one: Path,
    other: Path,
    marts: Sequence[str] = tuple(MARTS),
    *,
    approximate: Collection[str] = (),
    ignored: Collection[str] = (),
    memory: str = "8GB",
) -> list[str]:
    """One line for every mart that differs and how; empty when all are the same.

    Columns named in `approximate` may differ by 1e-9 of their value; those in `ignored`
    are not looked at.
    """
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory}'; set TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        for name, path in (("one", one), ("other", other)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name}_file (read_only)")
        return [
            f"{mart}: {line}"
            for mart in marts
            for line in _mart_differences(connection, mart, approximate, ignored)
        ]


def _mart_differences(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    approximate: Collection[str],
    ignored: Collection[str],
) -> Iterator[str]:
    types = [
        {
            column: type_name
            for column, type_name in _types(connection, file, mart).items()
            if column not in ignored
        }
        for file in ("one_file", "other_file")
    ]
    if not all(types):
        yield "is missing in one of them"
        return
    if types[0] != types[1]:
        yield f"columns differ: {sorted(types[0].items() ^ types[1].items())}"
        return
    columns = [column for column in types[0] if column not in approximate]
    for column in types[0].keys() & set(approximate):
        yield from _wide_differences(connection, mart, columns, column)
    row = f"hash({', '.join(columns)})"
    counts = [
        _digest(connection, file, mart, [row]) for file in ("one_file", "other_file")
    ]
    if counts[0] == counts[1]:
        return
    if counts[0][0] != counts[1][0]:
        yield f"{counts[0][0]:,} rows in one, {counts[1][0]:,} in the other"
    digests = [
        _digest(connection, file, mart, [f"hash({column})" for column in columns])
        for file in ("one_file", "other_file")
    ]
    differing = [
        column
        for column, mine, theirs in zip(
            columns, digests[0][1:], digests[1][1:], strict=True
        )
        if mine != theirs
    ]
    yield f"rows differ in {', '.join(differing) or 'how their values go together'}"


def _wide_differences(
    connection: duckdb.DuckDBPyConnection, mart: str, key: list[str], column: str
) -> Iterator[str]:
    """Whether rows that agree in all other columns differ in one by more than 1e-9."""
    (count,) = connection.execute(
        f"select count(*) from one_file.marts.{mart} as mine "
        f"inner join other_file.marts.{mart} as theirs using ({', '.join(key)}) "
        f"where abs(mine.{column} - theirs.{column}) > 1e-9 * abs(mine.{column}) "
        f"or (mine.{column} is null) <> (theirs.{column} is null)"
    ).fetchall()[0]
    if count:
        yield f"{column} differs in {count:,} rows"


def _types(
    connection: duckdb.DuckDBPyConnection, file: str, mart: str
) -> dict[str, str]:
    return dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns "
            "where table_catalog = ? and table_schema = 'marts' and table_name = ? "
            "order by ordinal_position",
            [file, mart],
        ).fetchall()
    )


def _digest(
    connection: duckdb.DuckDBPyConnection, file: str, mart: str, hashes: list[str]
) -> tuple[int, ...]:
    """How many rows, and for each hash two sums that know no order, as one number."""
    sums = ", ".join(
        f"(sum({value}) % 9223372036854775807, bit_xor({value}))" for value in hashes
    )
    found = connection.execute(
        f"select count(*), {sums} from {file}.marts.{mart}"
    ).fetchone()
    assert found is not None
    return found


def main(arguments: Sequence[str]) -> int:
    """Compare two files; 1 when they differ."""
    if len(arguments) != 2:
        print((__doc__ or "").partition("\n")[0])
        print("usage: python -m tests.benchmark.compare ONE OTHER")
        return 2
    lines = differences(Path(arguments[0]), Path(arguments[1]))
    print("\n".join(lines) or "The marts are the same.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
