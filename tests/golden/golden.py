"""The golden run: its feed, its definitions, and its marts as CSV files.

`python -m tests.golden.golden` writes the expected marts anew, from the reference of
the contract (tests/oracle), never from the warehouse.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.oracle.compare import MARTS, STATISTICS
from tests.oracle.derived import derived_differences
from tests.oracle.reference import build_marts

FOLDER = Path(__file__).parent
DEFINITIONS = FOLDER / "definitions"
EXPECTED = FOLDER / "expected"

VARIABLES: dict[str, Any] = {
    "as_of": "2025-11-03T23:00+01:00",
    "reporting_time_zone": "Europe/Berlin",
    "fiscal_year_start_month": 11,
    "minimum_reportable_responses": 4,
    "confidence_level": 0.9,
}


def write_feed(directory: Path) -> Path:
    """Write the feed as its sources would: plain CSV, gzipped CSV, Parquet.

    Beside them lie a file with a header and no rows, and one of the file browser's.
    """
    files = directory / "survey_answers"
    files.mkdir(parents=True)
    (files / "app.csv").write_bytes((FOLDER / "feed" / "app.csv").read_bytes())
    helpdesk = (FOLDER / "feed" / "helpdesk.csv").read_bytes()
    (files / "helpdesk.csv.gz").write_bytes(
        gzip.compress(helpdesk.replace(b"\n", b"\r\n"), mtime=0)
    )
    header = "ANSWER,responded_at,response_id,question_id,survey_id,source_system"
    (files / "nothing.csv").write_text(f"{header}\n\n")
    (files / ".DS_Store").write_bytes(b"\0")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.read_csv(
            str(FOLDER / "feed" / "store.csv"), header=True, all_varchar=True
        ).project(
            "* replace ("
            "cast(responded_at as timestamp) as responded_at, "
            "cast(updated_at as timestamptz) as updated_at, "
            "cast(weight as decimal(9, 4)) as weight)"
        ).write_parquet(str(files / "store.parquet"))
    return directory


def expected_reasons() -> list[tuple[str, str]]:
    """What the column `why` of the feed says: a response and what becomes of it."""
    reasons = []
    for path in sorted((FOLDER / "feed").iterdir()):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                reasons.append((row["response_id"], row["why"].partition(":")[0]))
    return sorted(reasons)


def as_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV text, sorted, null as an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(sorted([as_cell(row[name]) for name in columns] for row in rows))
    return text.getvalue()


def as_cell(value: Any) -> str:
    """A value as the files have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.10f}"
    return str(value)


def reference_tables(feed_directory: Path) -> dict[str, str]:
    """Every mart as the contract demands it, by its name."""
    marts = build_marts(feed_directory, DEFINITIONS, **VARIABLES)
    return {name: as_table(marts[name], list(MARTS[name].types)) for name in MARTS}


def differing_marts(warehouse: Path) -> list[str]:
    """The marts of a warehouse that are not as expected, cell by cell.

    Doubles must agree to the last bit; only statistics, and mean_score_pct where scales
    mix, may differ by 1e-9. What follows from the answers is in no file: it is computed
    anew, and the first difference is named.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        marts = [mart for mart in MARTS if not _is_as_expected(connection, mart)]
    return marts or derived_differences(warehouse, VARIABLES, limit=1)


def _is_as_expected(connection: duckdb.DuckDBPyConnection, mart: str) -> bool:
    columns = list(MARTS[mart].types)
    rows = connection.execute(f"select {', '.join(columns)} from marts.{mart}")
    found = _read_table(
        as_table(
            [dict(zip(columns, row, strict=True)) for row in rows.fetchall()], columns
        )
    )
    expected = _read_table(expected_table(mart))
    for wanted, got in zip(expected, found, strict=False):
        if wanted.get("is_mixed_scale") == "true" and math.isclose(
            float(wanted["mean_score_pct"]),
            float(got["mean_score_pct"] or "nan"),
            rel_tol=1e-9,
        ):
            got["mean_score_pct"] = wanted["mean_score_pct"]
        for column in STATISTICS & wanted.keys():
            if wanted[column] and math.isclose(
                float(wanted[column]),
                float(got[column] or "nan"),
                rel_tol=1e-9,
                abs_tol=1e-9,
            ):
                got[column] = wanted[column]
    return found == expected


def expected_table(mart: str) -> str:
    """The committed file of a mart."""
    return (EXPECTED / f"{mart}.csv").read_bytes().decode()


def _read_table(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline="")))


def main() -> None:
    """Write the expected marts."""
    EXPECTED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        for name, table in reference_tables(write_feed(Path(directory))).items():
            (EXPECTED / f"{name}.csv").write_text(table, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
