"""Say what is in the warehouse, in a few lines of plain text.

    python -m cx_warehouse report [--warehouse PATH]

How many rows were read and what became of them, the scores of the latest complete
quarter by touchpoint, and where the warehouse is. Every figure is read from a mart.
"""

from __future__ import annotations

import argparse
import shlex
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from cx_warehouse.warehouse import opened_warehouse, print_lines, warehouse_path

_SHOWN_REASONS = 5
# Fewer rejected rows than these say nothing about a question.
_SHOWN_LOSS = 10
_NAME_WIDTH = 29


@dataclass(frozen=True)
class Quarter:
    """A quarter of dim_periods; `end` is the first day after it."""

    period_id: str
    label: str
    start: date
    end: date

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Metric:
    """A score to report: its fact, its columns there, and the words around it."""

    name: str
    unit: str
    fact: str
    score: str
    # A condition on the fact under which the score needs the remark beside it.
    caveat: str
    remark: str


METRICS = (
    Metric(
        name="CSAT",
        unit="satisfied answers in percent",
        fact="fct_csat_by_touchpoint_period",
        score="csat_pct",
        caveat="is_mixed_scale",
        remark="mixed scales",
    ),
    Metric(
        name="NPS",
        unit="points from -100 to 100",
        fact="fct_nps_by_touchpoint_period",
        score="nps",
        caveat="not is_standard_scale",
        remark="not all 0-10",
    ),
    Metric(
        name="CES",
        unit="easy answers in percent",
        fact="fct_ces_by_touchpoint_period",
        score="ces_pct",
        caveat="is_mixed_scale",
        remark="mixed scales",
    ),
)


def report(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The lines of the report on the warehouse that `connection` reads from `path`."""
    return [
        *_answer_lines(connection),
        *_lost_question_lines(connection),
        "",
        *_score_lines(connection),
        "",
        f"Warehouse: {path}",
        "To query it with DuckDB 2.0 or later, in a shell or in Python:",
        f"  duckdb -readonly {shlex.quote(str(path))}",
        f"  duckdb.connect({str(path)!r}, read_only=True)",
    ]


def _answer_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    [counts] = connection.execute(
        """
        select
            coalesce(sum(feed_count), 0),
            coalesce(sum(accepted_count), 0),
            coalesce(sum(skipped_count), 0),
            coalesce(sum(rejected_count), 0)
        from marts.fct_answer_counts_by_question
        """
    ).fetchall()
    reasons = connection.execute(
        """
        select
            status_reason,
            count(*) as answer_count
        from marts.fct_unaccepted_answers
        where answer_status = 'rejected'
        group by status_reason
        order by answer_count desc, status_reason asc
        """
    ).fetchall()
    words = ("rows read", "accepted", "skipped", "rejected")
    lines = [
        f"{word:<24}{count:>12,}" for word, count in zip(words, counts, strict=True)
    ]
    shown, others = reasons[:_SHOWN_REASONS], reasons[_SHOWN_REASONS:]
    lines += [f"  {reason:<22}{count:>12,}" for reason, count in shown]
    if others:
        lines.append(f"  {'other reasons':<22}{sum(count for _, count in others):>12,}")
    return lines


def _lost_question_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Questions of which every row is rejected: an id or a date is likely wrong."""
    lost = connection.execute(
        """
        select
            unaccepted.source_system,
            unaccepted.survey_id,
            unaccepted.question_id,
            counts.feed_count,
            mode(unaccepted.status_reason order by unaccepted.status_reason)
        from marts.fct_answer_counts_by_question as counts
        inner join marts.fct_unaccepted_answers as unaccepted
            on
                counts.source_system = unaccepted.source_system
                and counts.survey_id = unaccepted.survey_id
                and counts.question_id = unaccepted.question_id
        where counts.rejected_count = counts.feed_count and counts.feed_count >= ?
        group by all
        order by
            counts.feed_count desc,
            unaccepted.source_system asc,
            unaccepted.survey_id asc,
            unaccepted.question_id asc
        """,
        [_SHOWN_LOSS],
    ).fetchall()
    if not lost:
        return []
    lines = ["", "Questions of which every row was rejected, with the commonest reason"]
    lines += [
        f"  {', '.join(map(repr, ids))}: {count:,} rows, {reason}"
        for *ids, count, reason in lost[:_SHOWN_REASONS]
    ]
    if len(lost) > _SHOWN_REASONS:
        lines.append(f"  and {len(lost) - _SHOWN_REASONS} more questions")
    return lines


def _score_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    quarters = connection.execute(
        """
        select
            is_complete,
            period_id,
            period_label,
            period_start_date,
            period_end_date
        from marts.dim_periods
        where period_grain = 'quarter'
        order by period_start_date
        """
    ).fetchall()
    if not quarters:
        return ["No answer has been accepted: there is no score to report."]
    complete = [Quarter(*quarter) for is_complete, *quarter in quarters if is_complete]
    if not complete:
        first = Quarter(*quarters[0][1:])
        return [f"No quarter is complete yet: {first.label} ends on {first.last_day}."]
    quarter = complete[-1]
    lines = [
        f"Latest complete quarter: {quarter.label}, "
        f"{quarter.start} to {quarter.last_day}"
    ]
    for metric in METRICS:
        lines += ["", *_metric_lines(connection, metric, quarter)]
    return lines


def _metric_lines(
    connection: duckdb.DuckDBPyConnection, metric: Metric, quarter: Quarter
) -> list[str]:
    # A touchpoint is listed when a question of the quarter asks for the metric there.
    rows = connection.execute(
        f"""
        with

        asked as (

            select distinct touchpoint_id
            from marts.dim_survey_questions
            where
                metric = $metric
                and coalesce(valid_from < $end, true)
                and coalesce(valid_to > $start, true)

        ),

        scores as (

            select
                touchpoint_id,
                {metric.score} as score,
                response_count,
                is_reportable,
                {metric.caveat} as has_caveat
            from marts.{metric.fact}
            where period_id = $period_id

        )

        select
            dim_touchpoints.touchpoint_name,
            dim_touchpoints.touchpoint_id,
            scores.score,
            scores.response_count,
            scores.is_reportable,
            scores.has_caveat
        from marts.dim_touchpoints
        inner join asked
            on dim_touchpoints.touchpoint_id = asked.touchpoint_id
        left join scores
            on dim_touchpoints.touchpoint_id = scores.touchpoint_id
        order by dim_touchpoints.journey_order nulls last, dim_touchpoints.touchpoint_id
        """,
        {
            "metric": metric.name.lower(),
            "start": quarter.start,
            "end": quarter.end,
            "period_id": quarter.period_id,
        },
    ).fetchall()
    if all(response_count is None for _, _, _, response_count, _, _ in rows):
        return [f"{metric.name}: no answers in {quarter.label}."]
    lines = [
        f"{metric.name}, {metric.unit}",
        f"  {'touchpoint':<{_NAME_WIDTH}}{metric.name:>11}{'answers':>11}",
    ]
    for name, identifier, score, response_count, is_reportable, has_caveat in rows:
        shown_name = _shortened(name or identifier, _NAME_WIDTH)
        padding = " " * (_NAME_WIDTH - _display_width(shown_name))
        shown_score = "no answers" if score is None else f"{score:z.1f}"
        shown_count = f"{response_count or 0:,}"
        remarks = []
        if response_count is not None and not is_reportable:
            remarks.append("few answers")
        if has_caveat:
            remarks.append(metric.remark)
        line = f"  {shown_name}{padding}{shown_score:>11}{shown_count:>11}"
        lines.append(f"{line}  {', '.join(remarks)}".rstrip())
    return lines


def _shortened(text: str, width: int) -> str:
    """The text on one line of at most `width` columns, an ellipsis for what is cut."""
    line = " ".join("".join(" " if _is_control(c) else c for c in text).split())
    if _display_width(line) <= width:
        return line
    while _display_width(line) > width - 1:
        line = line[:-1]
    return line.rstrip() + "…"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def _display_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `report` command to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="print what is in the warehouse",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--warehouse",
        type=Path,
        metavar="PATH",
        help="the warehouse file (default: CX_WAREHOUSE_PATH, else warehouse.duckdb)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the report. Raises UserError when the warehouse cannot be read."""
    path = warehouse_path(arguments.warehouse)
    with opened_warehouse(path) as connection:
        lines = report(connection, path)
    print_lines(lines)
    return 0
