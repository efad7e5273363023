"""What a day costs on a cluster that holds very many answers, on paper.

    python -m tests.benchmark --rows 1000000 --only a --keep --directory /tmp/scale
    python -m tests.benchmark.scale /tmp/scale [--answers 10000000000]

Bytes per answer are measured on the warehouse that the first command leaves, whose
store is written as Spark writes it: Parquet with zstd, a folder a month. What reads
which columns is told here, from the models; the rest is multiplication.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.benchmark.feed import LAST_EDIT_LAG

# A small day may have no late edit; one of millions has them from each of these.
CONCERNED_MONTHS = LAST_EDIT_LAG // 30 + 1
STORE = "int_survey_answers_stored"
# In what order a run of Spark asks the whole store, and for which columns. Where no
# definition changed and no file was withdrawn, nothing else looks at all of it.
WHOLE_STORE = {
    "int_answer_keys_concerned: what is, or is no more, in the future": (
        *("key_hash", "responded_at_utc", "status_reason"),
    ),
    "int_stored_answers_concerned: rows of the keys that came": ("*",),
    "int_survey_answers_stored: the number of the batch": ("judged_batch",),
    "int_survey_answers_stored: which months have such keys": ("key_hash",),
    "int_survey_answers_stored: has a month become empty": ("key_hash",),
    "fct_score_counts_by_day: the days to count anew": (
        *("status_reason", "reporting_date", "answer_kind_id", "survey_weight"),
    ),
    "fct_answer_counts_by_question: rows that do not count": (
        *("status_reason", "answer_kind_id"),
    ),
    "fct_erased_answer_counts_by_source": ("status_reason", "answer_kind_id"),
}


@dataclass(frozen=True)
class Measured:
    """What a warehouse of the generated feed tells, per answer where it is bytes."""

    answers: int
    days: int
    feed_bytes: float
    # Of the store, by column, as Parquet.
    column_bytes: Mapping[str, float]
    # Rows that share a key with one that came on the last day, per row that came.
    concerned: float
    # In how many months the store lies.
    months: int
    # A concerned row in full and not packed, as a shuffle carries it.
    row_bytes: float

    @property
    def store_bytes(self) -> float:
        """All columns of the store."""
        return sum(self.column_bytes.values())

    def scanned(self, columns: Sequence[str]) -> float:
        """The bytes of some columns; all of them are `*`."""
        if "*" in columns:
            return self.store_bytes
        return sum(self.column_bytes[column] for column in columns)


def measure(warehouse: Path, feed: Path) -> Measured:
    """Measure a built warehouse and the feed that it was built from."""
    store = f"warehouse.intermediate.{STORE}"
    last_file = f"(select max(feed_file) from {store})"
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as scratch:
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        month = "coalesce(strftime(reporting_date, '%Y-%m'), 'none')"
        ((answers, days, months),) = connection.execute(
            f"select count(*), count(distinct feed_file), count(distinct {month})"
            f" from {store}"
        ).fetchall()
        connection.execute(
            f"copy (select *, {month} as reporting_month from {store}"
            f" order by reporting_date) to '{scratch}/store'"
            " (format parquet, compression zstd, partition_by (reporting_month))"
        )
        columns = connection.execute(
            "select path_in_schema, sum(total_compressed_size)"
            f" from parquet_metadata('{scratch}/store/*/*.parquet') group by all"
        ).fetchall()
        ((came, concerned),) = connection.execute(
            f"select count(*) filter (where feed_file = {last_file}), count(*)"
            f" from {store} where key_hash in"
            f" (select key_hash from {store} where feed_file = {last_file})"
        ).fetchall()
        connection.execute(
            f"copy (select * from warehouse.intermediate.int_survey_answers_judged"
            f" where feed_file = {last_file}) to '{scratch}/rows.csv' (format csv)"
        )
        row_bytes = (Path(scratch) / "rows.csv").stat().st_size / came
    feed_bytes = sum(path.stat().st_size for path in feed.rglob("*.parquet"))
    return Measured(
        answers,
        days,
        feed_bytes / answers,
        {name: size / answers for name, size in columns},
        concerned / came,
        months,
        row_bytes,
    )


def report(measured: Measured, answers: int) -> list[str]:
    """The lines of the reckoning for so many answers, in Markdown."""
    a_day = answers / measured.days
    rewritten = answers * CONCERNED_MONTHS / measured.months
    concerned = a_day * measured.concerned
    lines = [
        f"Measured on {measured.answers:,} answers of {measured.days:,} days: "
        f"{measured.feed_bytes:.1f} bytes an answer in the feed, "
        f"{measured.store_bytes:.1f} in the store, {measured.row_bytes:.0f} as a row "
        f"in full; a day's rows share keys with {measured.concerned:.3f} times as "
        f"many. Edits come up to {LAST_EDIT_LAG} days late: in {CONCERNED_MONTHS} of "
        f"{measured.months} months.",
        "",
        f"| on {answers:,} answers, a day reads | bytes an answer | GB |",
        "|---|---:|---:|",
    ]
    total = 0.0
    for what, columns in WHOLE_STORE.items():
        size = measured.scanned(columns)
        total += size
        lines.append(f"| {what} | {size:.1f} | {size * answers / 1e9:,.0f} |")
    lines += [
        f"| **of the store as a whole** | **{total:.1f}** | "
        f"**{total * answers / 1e9:,.0f}** |",
        f"| {CONCERNED_MONTHS} months, to write them anew | "
        f"{measured.store_bytes:.1f} | {measured.store_bytes * rewritten / 1e9:,.0f} |",
        f"| the day's file, {a_day:,.0f} answers | {measured.feed_bytes:.1f} | "
        f"{measured.feed_bytes * a_day / 1e9:,.1f} |",
        "",
        "| and | rows | bytes a row | GB |",
        "|---|---:|---:|---:|",
        f"| the store holds | {answers:,} | {measured.store_bytes:.1f} | "
        f"{measured.store_bytes * answers / 1e9:,.0f} |",
        f"| it writes, twice: by way of a second table | {2 * rewritten:,.0f} | "
        f"{measured.store_bytes:.1f} | "
        f"{measured.store_bytes * 2 * rewritten / 1e9:,.0f} |",
        f"| keys that came, as each executor holds them | {a_day:,.0f} | 16.0 | "
        f"{16 * a_day / 1e9:,.2f} |",
        f"| the shuffle, rows before and after side by side | {2 * concerned:,.0f} | "
        f"{measured.row_bytes:.1f} | {measured.row_bytes * 2 * concerned / 1e9:,.1f} |",
        f"| the shuffle, were the keys not broadcast | {answers:,} | "
        f"{measured.row_bytes:.1f} | {measured.row_bytes * answers / 1e9:,.0f} |",
    ]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, multiply, print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmark.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, help="what the benchmark has kept")
    parser.add_argument("--answers", type=int, default=10_000_000_000)
    given = parser.parse_args(arguments)
    warehouse = given.directory / "built" / "test_warehouse.duckdb"
    measured = measure(warehouse, given.directory / "feed")
    print("\n".join(report(measured, given.answers)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
