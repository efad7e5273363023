"""Write one page that shows the marts: `target/cx_page.html`.

    python -m cx_warehouse page [--out PATH] [--warehouse PATH] [--title TEXT]
                                [--picture PATH]

The page is one HTML file that needs nothing else: no server, no network. It opens from
disk and can be mailed. Every number on it is read from a mart that holds no person.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.errors import UserError
from cx_warehouse.warehouse import (
    PROJECT_ROOT,
    opened_warehouse,
    print_lines,
    warehouse_path,
)

_ASSETS = Path(__file__).parent / "page_assets"
_DEFAULT_TITLE = "Customer experience"
_GRAINS = ("month", "quarter", "year")
# The newest periods are shown; fewer of them when the file would become too large.
_SHOWN_PERIODS = (
    {"month": 36, "quarter": 20, "year": 15},
    {"month": 18, "quarter": 12, "year": 10},
    {"month": 13, "quarter": 6, "year": 4},
    {"month": 3, "quarter": 3, "year": 3},
)
_LARGEST_DATA = 1_700_000
_SHOWN_QUESTIONS = 400
# So many members of a split are shown by name, the others together.
_SHOWN_MEMBERS = 14
_PICTURE_SIZE = (1280, 1130)

Data = dict[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Metric:
    """A score on the page: its facts and its columns there, best answers first."""

    key: str
    score: str
    counts: tuple[str, str, str]
    # A condition on the fact under which the score is not to be compared freely.
    caveat: str

    @property
    def fields(self) -> dict[str, tuple[str, int | None]]:
        """Its name in the script: the column, and to how many decimals it is shown."""
        good, neutral, bad = self.counts
        change, year_change = f"{self.score}_change", f"{self.score}_year_change"
        return {
            "n": ("response_count", None),
            "good": (good, None),
            "neutral": (neutral, None),
            "bad": (bad, None),
            "score": (self.score, 1),
            "reportable": ("is_reportable", None),
            "caveat": (self.caveat, None),
            "low": (f"{self.score}_low", 1),
            "high": (f"{self.score}_high", 1),
            "change": (change, 1),
            "p": (f"{change}_p_value", 4),
            "real": ("is_significant_change", None),
            "detectable": (f"{self.score}_minimum_detectable_change", 1),
            "yearChange": (year_change, 1),
            "yearP": (f"{year_change}_p_value", 4),
            "yearReal": ("is_significant_year_change", None),
        }


METRICS = (
    Metric(
        "nps",
        "nps",
        ("promoter_count", "passive_count", "detractor_count"),
        "not is_standard_scale",
    ),
    Metric(
        "csat",
        "csat_pct",
        ("satisfied_count", "neutral_count", "dissatisfied_count"),
        "is_mixed_scale",
    ),
    Metric(
        "ces",
        "ces_pct",
        ("easy_count", "neutral_count", "difficult_count"),
        "is_mixed_scale",
    ),
)


def page(connection: duckdb.DuckDBPyConnection, title: str = _DEFAULT_TITLE) -> str:
    """The page on the marts that `connection` reads, as HTML."""
    for shown in _SHOWN_PERIODS:
        data = _as_script_data({"title": title, **_Marts(connection).data(shown)})
        if len(data.encode()) <= _LARGEST_DATA:
            break
    parts = {
        "title": html.escape(title),
        "data": data,
        "style": _asset("page.css"),
        "script": _asset("page.js"),
    }
    # What is not in this file is neither loaded nor run, even if a name could smuggle
    # something in.
    parts["policy"] = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {_source(parts['style'])}; script-src {_source(parts['script'])}"
    )
    text = _asset("page.html")
    before, *rest = text.split("{{ ")
    pieces = [before]
    for piece in rest:
        name, _, after = piece.partition(" }}")
        pieces += [parts[name], after]
    return "".join(pieces)


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """The name under which a policy allows an inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _as_script_data(data: Data) -> str:
    """JSON that can stand in a script element, whatever the texts in it are."""
    text = json.dumps(
        data, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False
    )
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class _Marts:
    """What the page shows of the marts, in the short form in which it carries it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._columns: dict[str, list[str]] = {}
        for table, column in self._rows(
            """
            select
                table_name,
                column_name
            from information_schema.columns
            where table_schema = 'marts' and table_catalog = current_database()
            order by table_name, ordinal_position
            """
        ):
            self._columns.setdefault(table, []).append(column)

    def data(self, shown: Mapping[str, int]) -> Data:
        """All that the page needs, with so many of the newest periods of each grain."""
        self._touchpoints = self._rows(
            """
            select
                touchpoint_id,
                touchpoint_name,
                journey_stage,
                survey_kind
            from marts.dim_touchpoints
            order by journey_order nulls last, touchpoint_id
            """
        )
        self._touchpoint_numbers = {
            row[0]: number for number, row in enumerate(self._touchpoints)
        }
        # The number of a shown period in its grain, the oldest first.
        self._period_numbers: dict[str, int] = {}
        periods: dict[str, list[list[Any]]] = {}
        hidden: dict[str, int] = {}
        for grain in _GRAINS:
            periods[grain], hidden[grain] = self._periods(grain, shown[grain])
        return {
            "touchpoints": self._touchpoints,
            "periods": periods,
            "hidden": hidden,
            "fields": list(METRICS[0].fields),
            "scores": {metric.key: self._scores(metric) for metric in METRICS},
            "moved": self._moved(),
            "falls": self._falls(),
            **self._answers(),
            **self._quality(),
        }

    def _rows(self, query: str, parameters: Any = None) -> list[Row]:
        return self._connection.execute(query, parameters).fetchall()

    def _periods(self, grain: str, count: int) -> tuple[list[list[Any]], int]:
        rows = self._rows(
            """
            select
                period_id,
                period_label,
                period_start_date,
                period_end_date - 1,
                is_complete,
                previous_period_id
            from marts.dim_periods
            where period_grain = ?
            order by period_start_date
            """,
            [grain],
        )
        kept = rows[-count:]
        numbers = {row[0]: number for number, row in enumerate(kept)}
        self._period_numbers |= numbers
        return [_compact(row[:5]) for row in kept], len(rows) - len(kept)

    def _score_columns(self, metric: Metric, table: str) -> list[str]:
        """The expressions for a score; null where the mart does not have the column."""
        return [
            column if column.removeprefix("not ") in self._columns[table] else "null"
            for column, _ in metric.fields.values()
        ]

    def _scores(self, metric: Metric) -> dict[str, dict[str, dict[int, list[Any]]]]:
        """Scores by touchpoint number or pool, grain, and number of the period."""
        pool = "survey_kind" if metric.key == "nps" else "'all'"
        scores: dict[str, dict[str, dict[int, list[Any]]]] = {}
        for table, member in (
            (f"fct_{metric.key}_by_period", pool),
            (f"fct_{metric.key}_by_touchpoint_period", "touchpoint_id"),
        ):
            if table not in self._columns:
                continue
            rows = self._rows(
                f"""
                select
                    {member},
                    period_grain,
                    period_id,
                    {", ".join(self._score_columns(metric, table))}
                from marts.{table}
                where period_grain in ('month', 'quarter', 'year')
                order by 1, period_start_date
                """
            )
            for name, grain, period_id, *values in rows:
                number = self._period_numbers.get(period_id)
                if number is None:
                    continue
                if member == "touchpoint_id":
                    name = str(self._touchpoint_numbers[name])
                shown = [
                    _shown(value, decimals)
                    for value, (_, decimals) in zip(
                        values, metric.fields.values(), strict=True
                    )
                ]
                while shown[-1] is None:
                    shown.pop()
                scores.setdefault(name, {}).setdefault(grain, {})[number] = shown
        return scores

    def _member(self, dimension: str, name: str | None) -> str | int | None:
        """A touchpoint by its number, a channel or segment by its name."""
        if dimension == "touchpoint" and name is not None:
            return self._touchpoint_numbers[name]
        return name

    def _moved(self) -> Data:
        """What each touchpoint, channel and segment contributed to a change.

        By metric and pool, dimension, grain and number of the period: the change, and
        the members with their effects. Empty where the marts do not have it.
        """
        moved: Data = {}
        for metric in METRICS:
            pool = "survey_kind" if metric.key == "nps" else "'all'"
            for dimension in ("touchpoint", "channel", "segment"):
                table = f"fct_{metric.key}_change_by_{dimension}"
                if table not in self._columns:
                    continue
                [pooled_change] = [
                    column
                    for column in self._columns[table]
                    if column.startswith("pooled_") and column.endswith("_change")
                ]
                score, member = metric.score, "touchpoint_id"
                if dimension != "touchpoint":
                    member = dimension
                rows = self._rows(
                    f"""
                    with

                    ranked as (

                        select
                            *,
                            {pool} as pool,
                            row_number() over (
                                partition by period_id, pool
                                order by abs(total_effect) desc, {member}
                            ) as effect_rank,
                            count(*) over (partition by period_id, pool) as member_count
                        from marts.{table}
                        where period_grain in ('month', 'quarter', 'year')

                    ),

                    -- One more is shown by its name rather than as the only other.
                    named as (

                        select
                            *,
                            effect_rank > {_SHOWN_MEMBERS}
                            and member_count > {_SHOWN_MEMBERS + 1} as is_other
                        from ranked

                    )

                    select
                        pool,
                        period_grain,
                        period_id,
                        any_value({pooled_change}) as pooled_change,
                        if(is_other, null, {member}) as member,
                        if(is_other, cast(count(*) as bigint), 0) as others,
                        cast(sum(response_count_previous) as bigint),
                        cast(sum(response_count) as bigint),
                        if(is_other, null, any_value({score}_previous)),
                        if(is_other, null, any_value({score})),
                        sum(rate_effect),
                        sum(mix_effect),
                        sum(total_effect) as total
                    from named
                    group by
                        pool, period_grain, period_id, is_other,
                        if(is_other, null, {member})
                    order by
                        pool, period_id, is_other,
                        total * if(pooled_change < 0, -1, 1) desc, member
                    """
                )
                for name, grain, period_id, change, who, others, *values in rows:
                    number = self._period_numbers.get(period_id)
                    if number is None:
                        continue
                    periods = (
                        moved.setdefault(f"{metric.key}|{name}", {})
                        .setdefault(dimension, {})
                        .setdefault(grain, {})
                    )
                    shown = periods.setdefault(number, [_shown(change, 2)])
                    counts, scores, effects = values[:2], values[2:4], values[4:]
                    shown.append(
                        [
                            self._member(dimension, who),
                            others,
                            *counts,
                            *(_shown(value, 1) for value in scores),
                            *(_shown(value, 2) for value in effects),
                        ]
                    )
        return moved

    def _falls(self) -> Data:
        """For each fall of the relationship NPS, where CSAT fell then and before.

        By grain and number of the period: the fall, then rows of lag, dimension and
        member. Empty where the marts do not have it.
        """
        if "fct_nps_drop_drilldown" not in self._columns:
            return {}
        falls: Data = {}
        for grain, period_id, csat_period, dimension, *rest in self._rows(
            """
            select
                drilldown.period_grain,
                drilldown.period_id,
                dim_periods.period_label,
                drilldown.dimension,
                drilldown.nps,
                drilldown.nps_change,
                drilldown.is_significant_nps_change,
                drilldown.period_lag,
                if(
                    drilldown.dimension = 'touchpoint',
                    drilldown.touchpoint_id,
                    drilldown.channel
                ),
                drilldown.response_count_previous,
                drilldown.response_count,
                drilldown.csat_pct_previous,
                drilldown.csat_pct,
                drilldown.csat_pct_change,
                drilldown.csat_pct_change_p_value,
                drilldown.is_named,
                drilldown.is_scale_changed,
                drilldown.pair_count,
                drilldown.satisfied_pair_count,
                drilldown.satisfied_nps,
                drilldown.dissatisfied_pair_count,
                drilldown.dissatisfied_nps,
                drilldown.nps_gap,
                drilldown.score_correlation
            from marts.fct_nps_drop_drilldown as drilldown
            inner join marts.dim_periods
                on drilldown.csat_period_id = dim_periods.period_id
            where drilldown.period_grain in ('month', 'quarter', 'year')
            order by
                drilldown.period_start_date, drilldown.period_lag,
                drilldown.dimension, drilldown.fall_rank nulls last,
                drilldown.touchpoint_id, drilldown.channel
            """
        ):
            number = self._period_numbers.get(period_id)
            if number is None:
                continue
            nps, change, real, lag, member, *values = rest
            fall = falls.setdefault(grain, {}).setdefault(
                number, [_shown(nps, 1), _shown(change, 1), int(real), []]
            )
            decimals = (
                *(None, None, 1, 1, 1, 4, None, None),
                *(None, None, 1, None, 1, 1, 2),
            )
            fall[3].append(
                [
                    lag,
                    csat_period,
                    dimension,
                    self._member(dimension, member),
                    *(
                        _shown(value, places)
                        for value, places in zip(values, decimals, strict=True)
                    ),
                ]
            )
        return falls

    def _answers(self) -> Data:
        """Questions, and how often each point of their scales was chosen."""
        questions = self._rows(
            """
            select
                questions.source_system,
                questions.survey_id,
                questions.question_id,
                questions.metric,
                questions.touchpoint_id,
                questions.scale_id,
                min(questions.question_text),
                points.lowest,
                points.highest
            from marts.dim_survey_questions as questions
            -- The ends of a scale are those that anybody ever chose on it.
            left join (
                select
                    scale_id,
                    min(score) as lowest,
                    max(score) as highest
                from marts.fct_score_counts_by_day
                group by scale_id
            ) as points
                on questions.scale_id = points.scale_id
            group by all
            """
        )
        questions.sort(
            key=lambda row: (
                self._touchpoint_numbers[row[4]],
                [metric.key for metric in METRICS].index(row[3]),
                *row[:3],
                row[5],
            )
        )
        questions = questions[:_SHOWN_QUESTIONS]
        numbers = {row[:6]: number for number, row in enumerate(questions)}
        counts: dict[int, dict[str, dict[int, list[Any]]]] = {}
        for *key, grain, period_id, score, count, share in self._rows(
            """
            with

            days as (

                select
                    source_system,
                    survey_id,
                    question_id,
                    metric,
                    touchpoint_id,
                    scale_id,
                    reporting_date,
                    score,
                    sum(answer_count) as answer_count
                from marts.fct_score_counts_by_day
                group by all

            ),

            periods as (

                select
                    dates.reporting_date,
                    dim_periods.period_grain,
                    dim_periods.period_id
                from (select distinct reporting_date from days) as dates
                inner join marts.dim_periods
                    on
                        dates.reporting_date >= dim_periods.period_start_date
                        and dates.reporting_date < dim_periods.period_end_date
                where dim_periods.period_grain in ('month', 'quarter', 'year')

            ),

            counted as (

                select
                    days.source_system,
                    days.survey_id,
                    days.question_id,
                    days.metric,
                    days.touchpoint_id,
                    days.scale_id,
                    periods.period_grain,
                    periods.period_id,
                    days.score,
                    cast(sum(days.answer_count) as bigint) as answer_count
                from days
                inner join periods
                    on days.reporting_date = periods.reporting_date
                group by all

            )

            select
                *,
                cast(100 * answer_count as double) / sum(answer_count) over (
                    partition by
                        source_system, survey_id, question_id, metric, touchpoint_id,
                        scale_id, period_id
                ) as share_pct
            from counted
            order by all
            """
        ):
            number = numbers.get(tuple(key))
            period = self._period_numbers.get(period_id)
            if number is None or period is None:
                continue
            cell = counts.setdefault(number, {}).setdefault(grain, {})
            cell.setdefault(period, []).extend([score, count, _shown(share, 1)])
        return {
            "questions": [
                [*row[:4], self._touchpoint_numbers[row[4]], *row[5:]]
                for row in questions
            ],
            "answers": counts,
        }

    def _quality(self) -> Data:
        """What became of the rows of the feed, and how new each source is."""
        totals = ("feed_count", "accepted_count", "skipped_count", "rejected_count")
        reasons = [
            column.removesuffix("_count")
            for column in self._columns["fct_answer_counts_by_question"]
            if column.endswith("_count") and column not in totals
        ]
        skipped = {"blank", "not_applicable", "incomplete_response"}
        sums = ", ".join(f"coalesce(sum({column}), 0)" for column in totals)
        [row] = self._rows(
            f"""
            select
                {sums},
                {", ".join(f"coalesce(sum({reason}_count), 0)" for reason in reasons)}
            from marts.fct_answer_counts_by_question
            """
        )
        by_reason = sorted(
            (
                (reason, reason in skipped, int(count))
                for reason, count in zip(reasons, row[4:], strict=True)
                if count
            ),
            key=lambda found: (-found[2], found[0]),
        )
        sources = self._rows(
            f"""
            with

            sources as (

                select
                    source_system,
                    {sums}
                from marts.fct_answer_counts_by_question
                group by source_system

            ),

            newest as (

                select
                    source_system,
                    max(reporting_date) as newest_date
                from marts.fct_score_counts_by_day
                group by source_system

            )

            select
                sources.*,
                newest.newest_date,
                date_diff('day', newest.newest_date, max(newest.newest_date) over ())
            from sources
            left join newest
                on sources.source_system = newest.source_system
            order by sources.source_system nulls last
            """
        )
        questions = self._rows(
            f"""
            select
                source_system,
                survey_id,
                question_id,
                feed_count,
                accepted_count,
                skipped_count,
                rejected_count,
                [{", ".join(f"{reason}_count" for reason in reasons)}] as counts
            from marts.fct_answer_counts_by_question
            order by
                rejected_count = feed_count desc, rejected_count desc,
                source_system nulls last, survey_id nulls last, question_id nulls last
            limit {_SHOWN_QUESTIONS}
            """
        )
        [(first, last)] = self._rows(
            "select min(reporting_date), max(reporting_date) "
            "from marts.fct_score_counts_by_day"
        )
        return {
            "first": first,
            "last": last,
            "built": self._newest_build(),
            "quality": {
                "rows": [int(count) for count in row[:4]],
                "reasons": by_reason,
                "sources": [
                    [*_compact(source[:5]), source[5], source[6]] for source in sources
                ],
                "questions": [
                    [
                        *question[:7],
                        # The commonest reason; of equals the first in the contract.
                        reasons[max(range(len(reasons)), key=question[7].__getitem__)]
                        if any(question[7])
                        else None,
                    ]
                    for question in questions
                ],
                "erased": self._erased_count(),
            },
        }

    def _newest_build(self) -> str | None:
        """When a build last changed a score, in UTC."""
        if "fct_score_restatements" not in self._columns:
            return None
        [(built_at,)] = self._rows(
            "select max(built_at) from marts.fct_score_restatements"
        )
        return built_at.strftime("%Y-%m-%d %H:%M") if built_at else None

    def _erased_count(self) -> int:
        table = "fct_erased_answer_counts_by_source"
        if table not in self._columns:
            return 0
        [count] = [
            column for column in self._columns[table] if column.endswith("_count")
        ][:1]
        [(erased,)] = self._rows(f"select coalesce(sum({count}), 0) from marts.{table}")
        return int(erased)


def _shown(value: Any, decimals: int | None) -> Any:
    """A value as the page carries it: rounded once, to what is shown of it."""
    if isinstance(value, bool):
        return int(value)
    if value is None or decimals is None:
        return value
    # 0 has no sign; a whole number needs no point.
    rounded = float(f"{value:.{decimals}f}") + 0.0
    return int(rounded) if rounded.is_integer() else rounded


def _compact(values: Iterable[Any]) -> list[Any]:
    return [_compact_value(value) for value in values]


def _compact_value(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, int | str) or value is None:
        return value
    return int(value)


def page_path(named: Path | None) -> Path:
    """Where the page is written: the path named, else CX_PAGE, else in `target`."""
    if named:
        return named.absolute()
    return PROJECT_ROOT / (os.environ.get("CX_PAGE") or "target/cx_page.html")


def write_page(path: Path, text: str) -> None:
    """Write the page in one step: who opens it never sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, delete=False
    ) as stream:
        stream.write(text)
    written = Path(stream.name)
    # As any file that is made, not for one's own eyes only.
    written.chmod(0o644)
    written.replace(path)


def browser() -> str:
    """A Chromium or Chrome on this machine. Raises UserError when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    given = os.environ.get("CX_BROWSER")
    for name in (given,) if given else names:
        found = shutil.which(name)
        if found:
            return found
    raise UserError(
        f"there is no {given or 'Chromium'} on this machine; it is needed for pictures "
        "and tests of the page (CX_BROWSER may name one)."
    )


# A browser that talks to nobody.
BROWSER_ARGUMENTS: Sequence[str] = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def take_picture(path: Path, picture: Path, size: tuple[int, int]) -> None:
    """Write what a browser shows of the page, without scrolling, as PNG."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                browser(),
                *BROWSER_ARGUMENTS,
                f"--user-data-dir={profile}",
                f"--window-size={size[0]},{size[1]}",
                "--virtual-time-budget=2000",
                f"--screenshot={picture.absolute()}",
                path.as_uri(),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    if done.returncode != 0 or not picture.exists():
        raise UserError(f"the browser took no picture: {done.stderr.strip()[-300:]}")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `page` command to the command line."""
    parser = subparsers.add_parser(
        "page",
        help="write one page that shows the marts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="the page to write (default: CX_PAGE, else target/cx_page.html)",
    )
    parser.add_argument(
        "--warehouse",
        type=Path,
        metavar="PATH",
        help="the warehouse file (default: CX_WAREHOUSE_PATH, else warehouse.duckdb)",
    )
    parser.add_argument(
        "--title",
        default=_DEFAULT_TITLE,
        metavar="TEXT",
        help=f"what stands at the top (default: {_DEFAULT_TITLE})",
    )
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="PATH",
        help="also write a PNG of the page's top, taken by Chromium",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the page. Raises UserError when the warehouse cannot be read."""
    path = page_path(arguments.out)
    with opened_warehouse(warehouse_path(arguments.warehouse)) as connection:
        text = page(connection, arguments.title)
    write_page(path, text)
    print_lines([f"Page: {path}"])
    if arguments.picture:
        take_picture(path, arguments.picture, _PICTURE_SIZE)
        print_lines([f"Picture: {arguments.picture}"])
    return 0
