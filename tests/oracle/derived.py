"""What follows from the accepted answers, once more in plain Python.

The marts of `reference.py` are compared with a feed. Those here follow from the
answers that the warehouse accepted (`fct_survey_answers`, which that comparison has
covered), the calendar and the touchpoints; each is computed from single answers, in
exact arithmetic until the last step, and nothing here knows how the models work.
"""

from __future__ import annotations

import math
from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import NormalDist
from typing import Any

import duckdb

from tests.oracle.reference import (
    Sample,
    adjusted_nps,
    benjamini_hochberg,
    nps_interval,
    share_change_z,
    wilson_interval,
)

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

    def join(self, other: Tally) -> None:
        """Count other answers in."""
        self.n += other.n
        self.positives += other.positives
        self.negatives += other.negatives

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
    scales: dict[str, Row]
    rules: list[Row]
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
                {
                    row["scale_id"]: row
                    for row in _rows(connection, "intermediate.int_rating_scales")
                },
                _rows(connection, "definitions.metric_rules"),
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


# What happened to CSAT when NPS fell -----------------------------------------------

PAIR_DAYS = timedelta(days=120)


def nps_drop_drilldown(world: World) -> list[Row]:
    """The rows of `fct_nps_drop_drilldown`, without key."""
    level = world.variables.get("confidence_level", 0.95)
    minimum = world.variables.get("minimum_reportable_responses", 30)
    periods_by_day = world.periods_by_day()
    nps: dict[str, Sample] = defaultdict(lambda: Sample("nps"))
    csat: dict[str, list[Row]] = defaultdict(list)
    for answer in world.answers:
        for period_id in periods_by_day[answer["reporting_date"]]:
            if answer["metric"] == "csat":
                csat[period_id].append(answer)
            elif answer["metric"] == "nps" and world.pool(answer) == "relationship":
                nps[period_id].add(answer)
    significant = _significant_nps_changes(world, nps, level)
    pairs = _pairs_by_period(world, periods_by_day)
    rows = []
    for period_id, sample in nps.items():
        period = world.periods[period_id]
        previous = nps.get(period["previous_period_id"])
        if previous is None or sample.score >= previous.score:
            continue
        for lag, looked_at in enumerate((period_id, period["previous_period_id"])):
            before = world.periods[looked_at]["previous_period_id"]
            changes = _csat_changes(
                world, csat.get(before, []), csat.get(looked_at, []), level
            )
            rows += [
                {
                    "period_id": period_id,
                    "period_grain": period["period_grain"],
                    "period_start_date": period["period_start_date"],
                    "nps_previous": previous.score,
                    "nps": sample.score,
                    "nps_change": sample.score - previous.score,
                    "is_significant_nps_change": significant[period_id],
                    "period_lag": lag,
                    "csat_period_id": looked_at,
                    **change,
                    "is_named": change["csat_pct_change"] < 0
                    and significant_change
                    and not change["is_scale_changed"]
                    and change["response_count"] >= minimum
                    and change["response_count_previous"] >= minimum,
                    **pairs.get((period_id, change["touchpoint_id"]), NO_PAIRS),
                }
                for change, significant_change in changes
            ]
    return rows


def _significant_nps_changes(
    world: World, relationship: Mapping[str, Sample], level: float
) -> dict[str, bool]:
    """Whether the relationship NPS changed, tested together with the transactional."""
    samples: dict[Key, Sample] = defaultdict(lambda: Sample("nps"))
    periods_by_day = world.periods_by_day()
    for answer in world.answers:
        if answer["metric"] == "nps":
            for period_id in periods_by_day[answer["reporting_date"]]:
                samples[world.pool(answer), period_id].add(answer)
    verdicts = {}
    for period_id in relationship:
        previous = world.periods[period_id]["previous_period_id"]
        kinds = [
            kind
            for kind in ("relationship", "transactional")
            if (kind, period_id) in samples and (kind, previous) in samples
        ]
        p_values = [
            _p_value(_nps_z(samples[kind, period_id], samples[kind, previous]))
            for kind in kinds
        ]
        judged = dict(zip(kinds, benjamini_hochberg(p_values, level), strict=True))
        verdicts[period_id] = judged.get("relationship", False)
    return verdicts


def _nps_z(now: Sample, before: Sample) -> float:
    (mean, variance), (mean_before, variance_before) = (
        adjusted_nps(
            sample.shares[0] * sample.n_eff,
            sample.shares[1] * sample.n_eff,
            sample.n_eff,
        )
        for sample in (now, before)
    )
    return (mean - mean_before) / math.sqrt(variance + variance_before)


def _p_value(z: float) -> float:
    return 2 * NormalDist().cdf(-abs(z))


def _csat_changes(
    world: World, before: Sequence[Row], now: Sequence[Row], level: float
) -> list[tuple[Row, bool]]:
    """Touchpoints and channels that answered in both periods, and what is significant.

    The rank is among those whose scale stayed.
    """
    shapes: dict[str, set[str]] = defaultdict(set)
    for answer in (*before, *now):
        shapes[answer["touchpoint_id"]].add(
            world.scales[answer["scale_id"]]["scale_shape"]
        )
    both = {answer["touchpoint_id"] for answer in before} & {
        answer["touchpoint_id"] for answer in now
    }
    moved = {touchpoint for touchpoint in both if len(shapes[touchpoint]) > 1}
    found: list[tuple[Row, bool]] = []
    for dimension in ("touchpoint", "channel"):
        column = DIMENSIONS[dimension]
        samples: tuple[dict[Any, Sample], ...] = ({}, {})
        for place, answers in enumerate((before, now)):
            for answer in answers:
                if dimension == "touchpoint" or answer["touchpoint_id"] not in moved:
                    member = samples[place].setdefault(answer[column], Sample("csat"))
                    member.add(answer)
        members = sorted(
            samples[0].keys() & samples[1].keys(),
            key=lambda member: (
                samples[1][member].score - samples[0][member].score,
                -samples[1][member].n,
                member is None,
                member or "",
            ),
        )
        changes: list[Row] = []
        place = 0
        for member in members:
            then, current = samples[0][member], samples[1][member]
            z = share_change_z(
                current.shares[0] * current.n_eff,
                current.n_eff,
                then.shares[0] * then.n_eff,
                then.n_eff,
            )
            is_scale_changed = dimension == "touchpoint" and member in moved
            place += not is_scale_changed
            changes.append(
                {
                    "dimension": dimension,
                    "touchpoint_id": member if dimension == "touchpoint" else None,
                    "channel": member if dimension == "channel" else None,
                    "response_count_previous": then.n,
                    "response_count": current.n,
                    "csat_pct_previous": then.score,
                    "csat_pct": current.score,
                    "csat_pct_change": current.score - then.score,
                    "csat_pct_change_z": z,
                    "csat_pct_change_p_value": _p_value(z),
                    "is_scale_changed": is_scale_changed,
                    "fall_rank": None if is_scale_changed else place,
                }
            )
        verdicts = benjamini_hochberg(
            [change["csat_pct_change_p_value"] for change in changes], level
        )
        found += list(zip(changes, verdicts, strict=True))
    return found


NO_PAIRS: Row = dict.fromkeys(
    (
        "pair_count",
        "satisfied_pair_count",
        "satisfied_nps",
        "dissatisfied_pair_count",
        "dissatisfied_nps",
        "nps_gap",
        "score_correlation",
    )
)


def _pairs_by_period(
    world: World, periods_by_day: Mapping[date, list[str]]
) -> dict[Key, Row]:
    """What pairs of CSAT and NPS answers say, by period of the NPS and touchpoint."""
    by_respondent: dict[str, list[Row]] = defaultdict(list)
    for answer in world.answers:
        if answer["metric"] == "csat" and (answer["respondent_id"] or "").strip(
            " \t\r\n"
        ):
            by_respondent[answer["respondent_id"]].append(answer)
    pairs: dict[Key, list[tuple[Row, Row]]] = defaultdict(list)
    for asked in world.answers:
        if asked["metric"] != "nps" or world.pool(asked) != "relationship":
            continue
        before: dict[str, list[Row]] = defaultdict(list)
        for answer in by_respondent.get(asked["respondent_id"], []):
            if (
                answer["responded_at"] < asked["responded_at"]
                and asked["reporting_date"] - answer["reporting_date"] <= PAIR_DAYS
            ):
                before[answer["touchpoint_id"]].append(answer)
        for touchpoint_id, answers in before.items():
            # Of those at one instant the lowest.
            answers.sort(key=lambda answer: (answer["score"], answer["scale_id"]))
            latest = max(answers, key=lambda answer: answer["responded_at"])
            for period_id in periods_by_day[asked["reporting_date"]]:
                pairs[period_id, touchpoint_id].append((latest, asked))
    return {key: _described(world, found) for key, found in pairs.items()}


def _part(world: World, answer: Row) -> Fraction:
    """Where an answer lies between the worst (0) and the best (1) of its scale."""
    scale = world.scales[answer["scale_id"]]
    part = Fraction(
        answer["score"] - scale["min_score"], scale["max_score"] - scale["min_score"]
    )
    return part if scale["best_is_high"] else 1 - part


def _described(world: World, pairs: Sequence[tuple[Row, Row]]) -> Row:
    groups = {category: Tally() for category in ("satisfied", "dissatisfied")}
    for answer, asked in pairs:
        if answer["satisfaction_category"] in groups:
            groups[answer["satisfaction_category"]].add(asked)
    satisfied, dissatisfied = groups["satisfied"], groups["dissatisfied"]
    high, low = satisfied.score("nps"), dissatisfied.score("nps")
    return {
        "pair_count": len(pairs),
        "satisfied_pair_count": satisfied.n,
        "satisfied_nps": high,
        "dissatisfied_pair_count": dissatisfied.n,
        "dissatisfied_nps": low,
        "nps_gap": None if high is None or low is None else high - low,
        "score_correlation": _correlation(
            [_part(world, answer) for answer, _ in pairs],
            [Fraction(asked["score"]) for _, asked in pairs],
        ),
    }


def _correlation(left: Sequence[Fraction], right: Sequence[Fraction]) -> float | None:
    mean_left = sum(left, Fraction(0)) / len(left)
    mean_right = sum(right, Fraction(0)) / len(right)
    together = sum(
        ((x - mean_left) * (y - mean_right) for x, y in zip(left, right, strict=True)),
        Fraction(0),
    )
    variation = sum(((x - mean_left) ** 2 for x in left), Fraction(0)) * sum(
        ((y - mean_right) ** 2 for y in right), Fraction(0)
    )
    return float(together) / math.sqrt(variation) if variation else None


# Trailing windows ------------------------------------------------------------------

WINDOWS = (30, 90, 365)
POLICIES = ("every_answer", "latest_per_respondent")


def trailing_windows(world: World, metric: str) -> list[Row]:
    """The rows of `fct_<metric>_by_trailing_window`, without key, window by window."""
    by_touchpoint: dict[str, list[Row]] = defaultdict(list)
    for answer in world.answers:
        if answer["metric"] == metric:
            by_touchpoint[answer["touchpoint_id"]].append(answer)
    days = [answer["reporting_date"] for answer in world.answers]
    first, last = min(days, default=date.max), max(days, default=date.min)
    windows: dict[Key, list[Row]] = defaultdict(list)
    for touchpoint_id, answers in by_touchpoint.items():
        answers.sort(key=_order)
        dates = [answer["reporting_date"] for answer in answers]
        for length in WINDOWS:
            for as_of in _days_with_answers(dates, length, last):
                held = answers[
                    bisect_left(dates, as_of - timedelta(days=length - 1)) : bisect(
                        dates, as_of
                    )
                ]
                pool = world.pool(held[0])
                for policy in POLICIES:
                    counted = held if policy == "every_answer" else _latest(held)
                    for member in (touchpoint_id, None):
                        windows[pool, member, policy, length, as_of] += counted
    return [
        _window(world, metric, key, answers, first) for key, answers in windows.items()
    ]


def _order(answer: Row) -> Key:
    """From the earliest to the latest; at one instant the lowest is the latest."""
    return (
        answer["reporting_date"],
        answer["responded_at"],
        -answer["score"],
        answer["scale_id"],
    )


def _days_with_answers(dates: Sequence[date], length: int, last: date) -> list[date]:
    found = {
        day + timedelta(days=later) for day in set(dates) for later in range(length)
    }
    return sorted(day for day in found if day <= last)


def _latest(answers: Sequence[Row]) -> list[Row]:
    """The last answer of each respondent; who gave no id answered once."""
    latest: dict[Any, Row] = {}
    for place, answer in enumerate(answers):
        respondent = answer["respondent_id"]
        is_known = respondent is not None and respondent.strip(" \t\r\n")
        latest[respondent if is_known else place] = answer
    return list(latest.values())


def _window(
    world: World, metric: str, key: Key, answers: Sequence[Row], first: date
) -> Row:
    pool, touchpoint_id, policy, length, as_of = key
    tally = Tally()
    for answer in answers:
        tally.add(answer)
    neither = tally.n - tally.positives - tally.negatives
    scales = [world.scales[answer["scale_id"]] for answer in answers]
    level = world.variables.get("confidence_level", 0.95)
    row: Row = {
        "score_scope": "all" if touchpoint_id is None else "touchpoint",
        "touchpoint_id": touchpoint_id,
        "answer_policy": policy,
        "window_days": length,
        "as_of_date": as_of,
        "response_count": tally.n,
        "is_full_window": as_of - timedelta(days=length - 1) >= first,
        "is_reportable": tally.n
        >= world.variables.get("minimum_reportable_responses", 30),
    }
    if metric == "nps":
        low, high = nps_interval(tally.positives, tally.negatives, tally.n, level)
        return row | {
            "survey_kind": pool,
            "promoter_count": tally.positives,
            "passive_count": neither,
            "detractor_count": tally.negatives,
            "nps": tally.score("nps"),
            "nps_low": low,
            "nps_high": high,
            "is_standard_scale": all(
                (scale["min_score"], scale["max_score"]) == (0, 10) for scale in scales
            ),
        }
    low, high = wilson_interval(tally.positives / tally.n, tally.n, level)
    return row | {
        "satisfied_count": tally.positives,
        "neutral_count": neither,
        "dissatisfied_count": tally.negatives,
        "csat_pct": tally.score("csat"),
        "csat_pct_low": low,
        "csat_pct_high": high,
        "is_mixed_scale": len({scale["scale_shape"] for scale in scales}) > 1,
    }


# The rules of survey tools ---------------------------------------------------------


def scores_by_rule(world: World) -> list[Row]:
    """The rows of `fct_scores_by_rule`, without key: every grain but days."""
    groups: dict[Key, dict[Key, Tally]] = defaultdict(lambda: defaultdict(Tally))
    periods_by_day = world.periods_by_day()
    for answer in world.answers:
        point = answer["scale_id"], answer["score"]
        for period_id in periods_by_day[answer["reporting_date"]]:
            if world.periods[period_id]["period_grain"] == "day":
                continue
            group = answer["metric"], answer["touchpoint_id"], period_id
            groups[group][point].add(answer)
    # What a rule says of scales of each length, the worst point first.
    lists: dict[str, dict[int, list[str]]] = defaultdict(dict)
    rules: dict[str, Row] = {}
    for row in world.rules:
        values = [value.strip() for value in row["answer_values"].split("|")]
        lists[row["rule_id"]][len(values)] = values
        rules[row["rule_id"]] = row
    return [
        _scored_by_rule(world, rule, lists[rule_id], group, points)
        for group, points in groups.items()
        for rule_id, rule in rules.items()
        if rule["metric"] == group[0]
    ]


def _scored_by_rule(
    world: World,
    rule: Row,
    lists: Mapping[int, Sequence[str]],
    group: Key,
    points: Mapping[Key, Tally],
) -> Row:
    metric, touchpoint_id, period_id = group
    scored, whole = Tally(), Tally()
    value_sum = unruled_points = unruled_scales = 0
    for (scale_id, score_given), tally in points.items():
        whole.join(tally)
        scale = world.scales[scale_id]
        on_scale = range(scale["min_score"], scale["max_score"] + 1)
        from_worst = on_scale if scale["best_is_high"] else on_scale[::-1]
        values = lists.get(len(on_scale))
        value = values[from_worst.index(score_given)] if values else None
        if value is None:
            unruled_scales += tally.n
        elif value == "none":
            unruled_points += tally.n
        else:
            value_sum += int(value) * tally.n
            scored.join(tally)
    divisor = int(rule["value_divisor"])
    is_rounded = rule["is_rounded"].strip().lower() == "true"
    score = Fraction(value_sum, scored.n * divisor) if scored.n else None
    if score is not None and is_rounded:
        score = Fraction(math.floor(score + Fraction(1, 2)))
    own, own_of_scored = whole.score(metric), scored.score(metric)
    assert own is not None
    differences: list[Fraction | None] = [None] * 3
    in_one_unit = rule["score_unit"] == ("points" if metric == "nps" else "percent")
    if in_one_unit and score is not None and own_of_scored is not None:
        differences = [score - own, score - own_of_scored, own_of_scored - own]
    return {
        **{name: rule[name] for name in ("rule_id", "used_by", "metric", "score_unit")},
        "touchpoint_id": touchpoint_id,
        "period_id": period_id,
        "period_grain": world.periods[period_id]["period_grain"],
        "period_start_date": world.periods[period_id]["period_start_date"],
        "response_count": whole.n,
        "scored_count": scored.n,
        "unruled_point_count": unruled_points,
        "unruled_scale_count": unruled_scales,
        "value_sum": value_sum,
        "value_divisor": divisor,
        "is_rounded": is_rounded,
        "rule_score": score,
        "own_score": own,
        "score_difference": differences[0],
        "formula_difference": differences[1],
        "left_out_difference": differences[2],
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
    Derived(
        "marts.fct_nps_drop_drilldown",
        "drilldown_id",
        ("period_id", "period_lag", "dimension", "touchpoint_id", "channel"),
        nps_drop_drilldown,
    ),
    Derived(
        "marts.fct_scores_by_rule",
        "rule_score_id",
        ("rule_id", "touchpoint_id", "period_id"),
        scores_by_rule,
    ),
    *(
        Derived(
            f"marts.fct_{metric}_by_trailing_window",
            "trailing_window_id",
            (
                *(("survey_kind",) if metric == "nps" else ()),
                "touchpoint_id",
                "answer_policy",
                "window_days",
                "as_of_date",
            ),
            partial(trailing_windows, metric=metric),
        )
        for metric in ("nps", "csat")
    ),
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
