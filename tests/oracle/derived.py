"""What follows from the accepted answers, once more in plain Python.

The marts of `reference.py` are compared with a feed. Those here follow from the
answers that the warehouse accepted (`fct_survey_answers`, which that comparison has
covered), the calendar and the touchpoints; each is computed from single answers, in
exact arithmetic until the last step, and nothing here knows how the models work.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
Key = tuple[Any, ...]

DIMENSIONS = {"touchpoint": "touchpoint_id", "channel": "channel", "segment": "segment"}
TOLERANCE = 1e-9


@dataclass(slots=True)
class Tally:
    """Answers to one metric: how many, and how many count for and against."""

    n: int = 0
    positives: int = 0
    negatives: int = 0

    def add(self, answer: Row) -> None:
        """Count one answer in."""
        category = answer["nps_category"] or answer["satisfaction_category"]
        self.n += 1
        self.positives += category in ("promoter", "satisfied")
        self.negatives += category in ("detractor", "dissatisfied")

    def score(self, metric: str) -> Fraction | None:
        """The score in points; none of nobody."""
        against = self.negatives if metric == "nps" else 0
        return Fraction(100 * (self.positives - against), self.n) if self.n else None


@dataclass(slots=True)
class World:
    """What a warehouse holds that everything here follows from."""

    answers: list[Row]
    periods: dict[str, Row]
    touchpoints: dict[str, Row]
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, warehouse: Path, variables: Mapping[str, Any]) -> World:
        """Read a warehouse that was built with these vars."""
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return cls(
                _rows(connection, "marts.fct_survey_answers"),
                {
                    row["period_id"]: row
                    for row in _rows(connection, "marts.dim_periods")
                },
                {
                    row["touchpoint_id"]: row
                    for row in _rows(connection, "marts.dim_touchpoints")
                },
                variables,
            )

    def pool(self, answer: Row) -> str:
        """With which answers this one is pooled."""
        if answer["metric"] != "nps":
            return "all"
        return str(self.touchpoints[answer["touchpoint_id"]]["survey_kind"])

    def periods_by_day(self) -> dict[date, list[str]]:
        """The periods in which each day with an answer lies."""
        starts: dict[str, list[tuple[date, str]]] = defaultdict(list)
        for period_id, period in self.periods.items():
            starts[period["period_grain"]].append(
                (period["period_start_date"], period_id)
            )
        for periods in starts.values():
            periods.sort()
        return {
            day: [
                # The last that began by then; grains have no gaps.
                periods[bisect(periods, day, key=lambda period: period[0]) - 1][1]
                for periods in starts.values()
            ]
            for day in {answer["reporting_date"] for answer in self.answers}
        }


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Row]:
    cursor = connection.execute(f"select * from {relation}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# Where a change came from ------------------------------------------------------


def score_changes(world: World, metric: str, dimension: str) -> list[Row]:
    """The rows of `fct_<metric>_change_by_<dimension>`, without key."""
    tallies: dict[Key, dict[Any, Tally]] = defaultdict(lambda: defaultdict(Tally))
    column = DIMENSIONS[dimension]
    periods_by_day = world.periods_by_day()
    for answer in world.answers:
        if answer["metric"] == metric:
            for period_id in periods_by_day[answer["reporting_date"]]:
                group = tallies[world.pool(answer), period_id]
                group[answer[column]].add(answer)
    rows = []
    for (pool, period_id), now in tallies.items():
        period = world.periods[period_id]
        before = tallies.get((pool, period["previous_period_id"]))
        if before is None:
            continue
        pooled_before, pooled = _together(before.values()), _together(now.values())
        for member in before.keys() | now.keys():
            row = _explained(
                metric,
                (before.get(member, Tally()), now.get(member, Tally())),
                (pooled_before, pooled),
            )
            if metric == "nps":
                row["survey_kind"] = pool
            rows.append(
                {
                    **row,
                    column: member,
                    "period_id": period_id,
                    "period_grain": period["period_grain"],
                    "period_start_date": period["period_start_date"],
                }
            )
    return rows


def _together(tallies: Any) -> Tally:
    total = Tally()
    for tally in tallies:
        total.n += tally.n
        total.positives += tally.positives
        total.negatives += tally.negatives
    return total


def _explained(
    metric: str, member: tuple[Tally, Tally], pooled: tuple[Tally, Tally]
) -> Row:
    """One member's part of a change, by the formula of Kitagawa (1955)."""
    before, now = member
    all_before, all_now = pooled
    share_before = Fraction(before.n, all_before.n)
    share = Fraction(now.n, all_now.n)
    whole_before, whole = all_before.score(metric), all_now.score(metric)
    assert whole_before is not None and whole is not None
    score_before, score = before.score(metric), now.score(metric)
    # Who was not there in one of the periods is taken for unmoved.
    known_before = score if score_before is None else score_before
    known = score_before if score is None else score
    assert known_before is not None and known is not None
    rate = (share_before + share) / 2 * (known - known_before)
    mix = (share - share_before) * (
        (known_before + known) / 2 - (whole_before + whole) / 2
    )
    name = {"nps": "nps", "csat": "csat_pct"}[metric]
    counts: Row = (
        {
            "promoter_count_previous": before.positives,
            "promoter_count": now.positives,
            "detractor_count_previous": before.negatives,
            "detractor_count": now.negatives,
        }
        if metric == "nps"
        else {
            "satisfied_count_previous": before.positives,
            "satisfied_count": now.positives,
        }
    )
    return {
        "response_count_previous": before.n,
        "response_count": now.n,
        **counts,
        "share_pct_previous": 100 * share_before,
        "share_pct": 100 * share,
        f"{name}_previous": score_before,
        name: score,
        "rate_effect": rate,
        "mix_effect": mix,
        "total_effect": rate + mix,
        f"pooled_{name}_previous": whole_before,
        f"pooled_{name}": whole,
        f"pooled_{metric}_change": whole - whole_before,
    }


# Comparing -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Derived:
    """A relation that follows from the answers: its key, its id and its rows."""

    relation: str
    hash_id: str
    key: tuple[str, ...]
    rows: Callable[[World], list[Row]]


def _change(metric: str, dimension: str) -> Derived:
    kind = ("survey_kind",) if metric == "nps" else ()
    return Derived(
        f"marts.fct_{metric}_change_by_{dimension}",
        "change_id",
        (*kind, DIMENSIONS[dimension], "period_id"),
        lambda world: score_changes(world, metric, dimension),
    )


DERIVED: tuple[Derived, ...] = (
    *(_change(metric, name) for metric in ("nps", "csat") for name in DIMENSIONS),
)


def derived_differences(
    warehouse: Path, variables: Mapping[str, Any], limit: int = 20
) -> list[str]:
    """One line per difference between what a warehouse holds and what should follow.

    Numbers may differ by 1e-9, all else not at all. At most ``limit`` lines; an empty
    list means that all is as it should be.
    """
    world = World.read(warehouse, variables)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        lines = (
            f"{derived.relation}: {line}"
            for derived in DERIVED
            for line in _differences(
                derived, derived.rows(world), _rows(connection, derived.relation)
            )
        )
        return list(islice(lines, limit))


def _differences(
    derived: Derived, expected: Sequence[Row], found: Sequence[Row]
) -> Iterator[str]:
    ids = {row[derived.hash_id] for row in found} - {None}
    if len(ids) < len(found):
        yield f"{derived.hash_id} is not a key: {len(ids)} in {len(found)} rows"
    wanted = {_key(derived, row): row for row in expected}
    got = {_key(derived, row): row for row in found}
    for key in wanted.keys() ^ got.keys():
        yield f"{key}: {'missing' if key in wanted else 'not expected'}"
    for key in wanted.keys() & got.keys():
        columns = wanted[key].keys() | (got[key].keys() - {derived.hash_id})
        for column in sorted(columns):
            if column not in wanted[key] or column not in got[key]:
                yield f"column {column} is on one side only"
            elif not same(wanted[key][column], got[key][column]):
                yield (
                    f"{key} {column}: expected {wanted[key][column]!r}, "
                    f"found {got[key][column]!r}"
                )


def _key(derived: Derived, row: Row) -> Key:
    return tuple(row[column] for column in derived.key)


def same(expected: Any, found: Any) -> bool:
    """Whether a value is the expected one; numbers with a point within 1e-9."""
    if isinstance(expected, Fraction | float) and isinstance(found, float):
        return math.isclose(
            float(expected), found, rel_tol=TOLERANCE, abs_tol=TOLERANCE
        )
    return bool(expected == found) and isinstance(expected, bool) == isinstance(
        found, bool
    )
