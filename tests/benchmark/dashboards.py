"""Ten queries as dashboards ask them, timed on the public marts.

`python -m tests.benchmark.dashboards WAREHOUSE` runs each of them many times on one
open connection, as a BI tool keeps one, and prints the median and the 95th percentile.
Every run asks with other values (touchpoint, channel, day), so that none is answered
from what the one before has left.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

RUNS = 40

QUERIES = {
    "CSAT by touchpoint, last complete quarter": """
        select touchpoint_name, period_label, response_count, csat_pct
        from marts.fct_csat_by_touchpoint_period
        inner join marts.dim_touchpoints using (touchpoint_id)
        inner join marts.dim_periods using (period_id)
        where
            dim_periods.period_grain = 'quarter'
            and dim_periods.period_start_date = (
                select max(period_start_date) from marts.dim_periods
                where period_grain = 'quarter' and is_complete
            )
        order by journey_order
    """,
    "CSAT of one touchpoint by week, two years": """
        select period_start_date, response_count, csat_pct, mean_score_pct
        from marts.fct_csat_by_touchpoint_period
        where
            touchpoint_id = $touchpoint_id
            and period_grain = 'week'
            and period_start_date > $day - interval 2 years
        order by period_start_date
    """,
    "NPS by month and kind of survey": """
        select survey_kind, period_start_date, nps, response_count
        from marts.fct_nps_by_period
        where period_grain = 'month'
        order by survey_kind, period_start_date
    """,
    "NPS of a touchpoint, each month against the month before": """
        select
            dim_periods.period_label,
            this_period.nps,
            this_period.nps - previous_period.nps as change
        from marts.fct_nps_by_touchpoint_period as this_period
        inner join marts.dim_periods using (period_id)
        left join marts.fct_nps_by_touchpoint_period as previous_period
            on
                dim_periods.previous_period_id = previous_period.period_id
                and this_period.touchpoint_id = previous_period.touchpoint_id
        where
            this_period.touchpoint_id = $touchpoint_id
            and dim_periods.period_grain = 'month'
        order by dim_periods.period_start_date
    """,
    "Heat map of CSAT: touchpoint by month": """
        select journey_order, touchpoint_name, period_start_date, csat_pct
        from marts.fct_csat_by_touchpoint_period
        inner join marts.dim_touchpoints using (touchpoint_id)
        where period_grain = 'month' and is_reportable
        order by journey_order, period_start_date
    """,
    "Ten touchpoints with the lowest CES this year": """
        select touchpoint_name, ces_pct, response_count
        from marts.fct_ces_by_touchpoint_period
        inner join marts.dim_touchpoints using (touchpoint_id)
        where
            period_grain = 'year'
            and period_start_date = date_trunc('year', $day)
            and is_reportable
        order by ces_pct
        limit 10
    """,
    "NPS by channel and segment, last 30 days": """
        select
            channel,
            segment,
            sum(answer_count) as response_count,
            100.0 * (
                sum(answer_count) filter (where score >= 9)
                - sum(answer_count) filter (where score <= 6)
            ) / sum(answer_count) as nps
        from marts.fct_score_counts_by_day
        where
            metric = 'nps'
            and reporting_date > $day - interval 30 days
            and reporting_date <= $day
        group by channel, segment
        order by channel, segment
    """,
    "Distribution of scores of a touchpoint, last quarter": """
        select question_id, score, sum(answer_count) as answer_count
        from marts.fct_score_counts_by_day
        where
            touchpoint_id = $touchpoint_id
            and reporting_date > $day - interval 3 months
            and reporting_date <= $day
        group by question_id, score
        order by question_id, score
    """,
    "Answers a day in a channel, last 90 days": """
        select reporting_date, sum(answer_count) as answer_count
        from marts.fct_score_counts_by_day
        where
            channel = $channel
            and reporting_date > $day - interval 90 days
            and reporting_date <= $day
        group by reporting_date
        order by reporting_date
    """,
    "Questions with the largest share of rows that do not count": """
        select
            source_system,
            survey_id,
            question_id,
            feed_count,
            100.0 * rejected_count / feed_count as rejected_pct,
            superseded_count,
            duplicate_count
        from marts.fct_answer_counts_by_question
        order by rejected_pct desc
        limit 20
    """,
}


@dataclass(frozen=True)
class Timing:
    """How long a query took, in milliseconds."""

    name: str
    p50: float
    p95: float


def measure(warehouse: Path, runs: int = RUNS) -> list[Timing]:
    """Run every query many times; the first run of each is not counted."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set threads = 2; set enable_progress_bar = false")
        touchpoints = _column(
            connection,
            "select touchpoint_id from marts.dim_touchpoints order by journey_order",
        )
        channels = _column(
            connection,
            "select distinct channel from marts.fct_score_counts_by_day "
            "where channel is not null order by channel",
        )
        days = _column(
            connection,
            "select period_start_date from marts.dim_periods "
            "where period_grain = 'day' order by period_start_date desc limit 365",
        )
        timings = []
        for name, sql in QUERIES.items():
            durations = []
            for run in range(runs + 1):
                values = {
                    "touchpoint_id": touchpoints[run % len(touchpoints)],
                    "channel": channels[run % len(channels)],
                    "day": days[run * 7 % len(days)],
                }
                asked = {
                    key: value for key, value in values.items() if f"${key}" in sql
                }
                started = time.perf_counter()
                connection.execute(sql, asked).fetchall()
                durations.append(1000 * (time.perf_counter() - started))
            timings.append(_timing(name, durations[1:]))
    return timings


def overall(timings: Sequence[Timing]) -> Timing:
    """The median query, and the slowest query's 95th percentile."""
    return Timing(
        "all ten",
        statistics.median(timing.p50 for timing in timings),
        max(timing.p95 for timing in timings),
    )


def _timing(name: str, durations: list[float]) -> Timing:
    in_order = sorted(durations)
    return Timing(
        name,
        statistics.median(in_order),
        in_order[min(len(in_order) - 1, int(0.95 * len(in_order)))],
    )


def _column(connection: duckdb.DuckDBPyConnection, sql: str) -> list[object]:
    return [value for (value,) in connection.execute(sql).fetchall()]


def main(arguments: Sequence[str]) -> int:
    """Print the timings of a warehouse."""
    if len(arguments) != 1:
        print("usage: python -m tests.benchmark.dashboards WAREHOUSE")
        return 2
    timings = measure(Path(arguments[0]))
    for timing in (*timings, overall(timings)):
        print(f"{timing.p50:8.1f} ms  {timing.p95:8.1f} ms  {timing.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
