"""Ask the semantic layer, and hold what it says against the marts, bit for bit.

    python -m tests.semantic --mf MF

asks `mf query` for every metric by the cuts that the marts have, and by channel and
segment, which follow from the accepted answers. `make semantic` makes the environment
that has `mf`. Quarters are those of the calendar: with the var fiscal_year_start_month
other than 1 only months can be compared.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cx_warehouse.warehouse import PROJECT_ROOT, opened_warehouse, warehouse_path

# The columns of each metric, as the marts call them; each is a metric of the same name,
# but for the answers and the neutral ones, which each metric has.
FACTS = {
    "nps": (
        *("nps", "response_count", "promoter_count", "passive_count"),
        *("detractor_count", "promoter_pct", "passive_pct", "detractor_pct"),
    ),
    "csat": (
        *("csat_pct", "response_count", "satisfied_count", "neutral_count"),
        "dissatisfied_count",
    ),
    "ces": (
        *("ces_pct", "response_count", "easy_count", "neutral_count"),
        "difficult_count",
    ),
}
SHARED = ("response_count", "neutral_count")


@dataclass(frozen=True)
class Question:
    """What is asked of the semantic layer, and the query that says the same."""

    name: str
    arguments: tuple[str, ...]
    expected: str


def metric_name(metric: str, column: str) -> str:
    """What the semantic layer calls a column of a metric's facts."""
    return f"{metric}_{column}" if column in SHARED else column


def all_metrics() -> list[str]:
    """Every metric that is compared."""
    return [
        metric_name(metric, column)
        for metric, columns in FACTS.items()
        for column in columns
    ]


def from_facts(key: Sequence[str], suffix: str, grain: str) -> str:
    """The scores of all metrics by a key, from the facts of a name and grain."""
    keys = ", ".join(key)
    query = ""
    for metric, columns in FACTS.items():
        names = ", ".join(f"{name} as {metric_name(metric, name)}" for name in columns)
        fact = (
            f"(select {keys}, {names} from marts.fct_{metric}_by_{suffix}"
            f" where period_grain = '{grain}') as {metric}_fact"
        )
        query += f" full outer join {fact} using ({keys})" if query else fact
    return f"select {keys}, {', '.join(all_metrics())} from {query}"


def from_answers(key: str) -> str:
    """The scores by a column of the accepted answers, each answer counted anew."""
    counts = {
        "positive": "coalesce(nps_category, satisfaction_category)"
        " in ('promoter', 'satisfied')",
        "neutral": "coalesce(nps_category, satisfaction_category)"
        " in ('passive', 'neutral')",
        "negative": "coalesce(nps_category, satisfaction_category)"
        " in ('detractor', 'dissatisfied')",
    }
    targets = []
    for metric in FACTS:
        targets.append(f"count(*) filter (metric = '{metric}') as {metric}_all")
        targets += [
            f"count(*) filter (metric = '{metric}' and {condition}) as {metric}_{name}"
            for name, condition in counts.items()
        ]
    return f"""
        select
            {key},
            cast(100 * (nps_positive - nps_negative) as double) / nullif(nps_all, 0),
            nullif(nps_all, 0),
            cast(100 * csat_positive as double) / nullif(csat_all, 0),
            nullif(csat_all, 0),
            cast(100 * ces_positive as double) / nullif(ces_all, 0),
            nullif(ces_all, 0),
            nps_all + csat_all + ces_all
        from (
            select {key}, {", ".join(targets)} from marts.fct_survey_answers
            group by {key}
        ) as counted
    """


def questions() -> Iterator[Question]:
    """Every cut that is compared."""
    yield Question(
        "every metric by touchpoint and month",
        _asked(all_metrics(), "metric_time__month", "touchpoint"),
        from_facts(
            ("period_start_date", "touchpoint_id"), "touchpoint_period", "month"
        ),
    )
    yield Question(
        "CSAT and CES by month",
        _asked(["csat_pct", "csat_response_count", "ces_pct"], "metric_time__month"),
        "select period_start_date, csat_pct, csat_fact.response_count, ces_pct from"
        " (from marts.fct_csat_by_period where period_grain = 'month') as csat_fact"
        " full outer join"
        " (from marts.fct_ces_by_period where period_grain = 'month') as ces_fact"
        " using (period_start_date)",
    )
    yield Question(
        "the saved query journey_scorecard",
        ("--saved-query", "journey_scorecard"),
        "select period_start_date, touchpoint_id, csat_pct, csat_response_count,"
        " ces_pct, ces_response_count, nps, nps_response_count from ("
        + from_facts(
            ("period_start_date", "touchpoint_id"), "touchpoint_period", "quarter"
        )
        + ")",
    )
    yield Question(
        "the saved query nps_board_report",
        ("--saved-query", "nps_board_report"),
        "select period_start_date, survey_kind, nps, promoter_pct, passive_pct,"
        " detractor_pct, response_count from marts.fct_nps_by_period"
        " where period_grain = 'quarter'",
    )
    for column in ("channel", "segment"):
        scores = ["nps", "nps_response_count", "csat_pct", "csat_response_count"]
        scores += ["ces_pct", "ces_response_count", "response_count"]
        yield Question(
            f"scores by {column}",
            _asked(scores, f"score_count__{column}"),
            from_answers(column),
        )


def _asked(metrics: Sequence[str], *group_by: str) -> tuple[str, ...]:
    return ("--metrics", ",".join(metrics), "--group-by", ",".join(group_by))


def answer(mf: str, question: Question, warehouse: Path) -> list[tuple[str, ...]]:
    """The rows that the semantic layer gives, as text, sorted.

    Raises RuntimeError when it gives none.
    """
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory) / "answer.csv"
        done = subprocess.run(
            [mf, "query", *question.arguments, "--csv", str(output)],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                "CX_WAREHOUSE_PATH": str(warehouse),
                "DBT_TARGET_PATH": "target/semantic",
                "DBT_LOG_PATH": "target/semantic",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not output.exists():
            raise RuntimeError(f"{question.name}: {done.stdout[-2000:]}{done.stderr}")
        with output.open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
    # It gives the metrics in an order of its own.
    asked = question.arguments[1].split(",")
    order = [name for name in header if name not in asked]
    order += [name for name in asked if name in header]
    places = [header.index(name) for name in order]
    return sorted(tuple(_same_form(row[place]) for place in places) for row in rows)


def _same_form(cell: str) -> str:
    """A cell as `str` gives the value: a day without its hour, a count without `.0`."""
    cell = cell.removesuffix(" 00:00:00")
    return cell.removesuffix(".0")


def expected(
    question: Question, connection: duckdb.DuckDBPyConnection
) -> list[tuple[str, ...]]:
    """The rows that the marts give, as text, sorted."""
    rows = connection.execute(question.expected).fetchall()
    return sorted(
        tuple("" if value is None else _same_form(str(value)) for value in row)
        for row in rows
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask everything and print what came of it; 1 when an answer differs."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.semantic",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--mf", required=True, help="the command of MetricFlow")
    given = parser.parse_args(arguments)
    warehouse = warehouse_path(None)
    failed = False
    for question in questions():
        found = answer(str(Path(given.mf).absolute()), question, warehouse)
        with opened_warehouse(warehouse) as connection:
            wanted = expected(question, connection)
        is_same = found == wanted and bool(wanted)
        failed = failed or not is_same
        print(f"{question.name}: {len(wanted)} rows,", "same" if is_same else "OTHERS")
        for kind, rows in (("found", found), ("in the marts", wanted)):
            others = [
                row for row in rows if row not in (wanted if rows is found else found)
            ]
            for row in others[:3]:
                print(f"  {kind}: {row}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
