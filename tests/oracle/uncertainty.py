"""Intervals and changes a second time, from the formulas, with SciPy's distribution."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scipy.stats import norm

Row = dict[str, Any]

POWER = 0.8


@dataclass(frozen=True)
class Counts:
    """The answers behind a score: all, the good ones and (of an NPS) the bad ones."""

    n: int
    good: int
    bad: int = 0

    def share_interval(self, level: float) -> tuple[float, float]:
        """Wilson's interval of a share, in percent."""
        z = norm.ppf((1 + level) / 2)
        p = self.good / self.n
        centre = (p + z**2 / (2 * self.n)) / (1 + z**2 / self.n)
        half = (
            z
            * math.sqrt(p * (1 - p) / self.n + z**2 / (4 * self.n**2))
            / (1 + z**2 / self.n)
        )
        return 100 * max(centre - half, 0.0), 100 * min(centre + half, 1.0)

    def nps_interval(self, level: float) -> tuple[float, float]:
        """The adjusted Wald interval of an NPS, in points."""
        share, variance = self.adjusted()
        half = norm.ppf((1 + level) / 2) * math.sqrt(variance)
        return max(100 * (share - half), -100.0), min(100 * (share + half), 100.0)

    def adjusted(self) -> tuple[float, float]:
        """The NPS after three answers more as a share, and its variance."""
        n = self.n + 3
        p, d = (self.good + 0.75) / n, (self.bad + 0.75) / n
        return p - d, (p + d - (p - d) ** 2) / n

    def agresti_variance(self) -> float:
        """The variance of a share after four answers more."""
        n = self.n + 4
        p = (self.good + 2) / n
        return p * (1 - p) / n


def change_z(metric: str, now: Counts, then: Counts) -> float:
    """The change of a score in standard errors."""
    if metric == "nps":
        (share, variance), (earlier, earlier_variance) = now.adjusted(), then.adjusted()
        return (share - earlier) / math.sqrt(variance + earlier_variance)
    total = now.n + then.n
    pooled = (now.good + then.good) / total
    if pooled in (0, 1):
        return 0.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / now.n + 1 / then.n))
    return (now.good / now.n - then.good / then.n) * math.sqrt(1 - 1 / total) / error


def detectable_change(metric: str, now: Counts, then: Counts, level: float) -> float:
    """The smallest change, in points, that a test sees with 80 % power."""
    variances = [
        counts.adjusted()[1] if metric == "nps" else counts.agresti_variance()
        for counts in (now, then)
    ]
    z = norm.ppf((1 + level) / 2) + norm.ppf(POWER)
    return float(100 * z * math.sqrt(sum(variances)))


def add_uncertainty(
    rows: Iterable[Row],
    *,
    metric: str,
    score: str,
    group: str | None,
    earlier_starts: Mapping[str, Mapping[date, date | None]],
    level: float,
) -> None:
    """Give the rows of a fact the columns of intervals and changes.

    `group` is the column that tells scores of one period apart; `earlier_starts` has
    for each grain the first day of the period before.
    """
    rows = list(rows)
    by_key = {
        (row["period_grain"], row["period_start_date"], row.get(group or "")): row
        for row in rows
    }
    for row in rows:
        counts = _counts(metric, row)
        interval = counts.nps_interval if metric == "nps" else counts.share_interval
        row[f"{score}_low"], row[f"{score}_high"] = map(float, interval(level))
        grain, start = row["period_grain"], row["period_start_date"]
        for infix, baseline, earlier_start in (
            ("", "previous", earlier_starts[grain].get(start)),
            ("year_", "year_before", _year_before(grain, start)),
        ):
            earlier = by_key.get((grain, earlier_start, row.get(group or "")))
            cells: dict[str, float | None] = dict.fromkeys(
                ("change", "change_z", "change_p_value", "minimum_detectable_change")
            )
            if earlier:
                then = _counts(metric, earlier)
                z = change_z(metric, counts, then)
                cells = {
                    "change": row[score] - earlier[score],
                    "change_z": z,
                    "change_p_value": float(2 * norm.sf(abs(z))),
                    "minimum_detectable_change": detectable_change(
                        metric, counts, then, level
                    ),
                }
            row[f"{score}_{baseline}"] = earlier and earlier[score]
            for name, value in cells.items():
                if name != "minimum_detectable_change" or not infix:
                    row[f"{score}_{infix}{name}"] = value
    for infix in ("", "year_"):
        families = defaultdict(list)
        for row in rows:
            if row[f"{score}_{infix}change_p_value"] is not None:
                families[row["period_id"]].append(row)
            else:
                row[f"is_significant_{infix}change"] = None
        for family in families.values():
            _benjamini_hochberg(
                family,
                f"{score}_{infix}change_p_value",
                f"is_significant_{infix}change",
                1 - level,
            )


def _benjamini_hochberg(
    family: list[Row], p_value: str, flag: str, level: float
) -> None:
    ordered = sorted(family, key=lambda row: row[p_value])
    last = 0
    for rank, row in enumerate(ordered, start=1):
        if row[p_value] <= rank / len(ordered) * level:
            last = rank
    threshold = ordered[last - 1][p_value] if last else -1.0
    for row in ordered:
        row[flag] = row[p_value] <= threshold


def _year_before(grain: str, start: date) -> date | None:
    if grain in ("day", "week"):
        return start - timedelta(days=364)
    return start.replace(year=start.year - 1)


def _counts(metric: str, row: Row) -> Counts:
    if metric == "nps":
        return Counts(
            row["response_count"], row["promoter_count"], row["detractor_count"]
        )
    good = row["satisfied_count" if metric == "csat" else "easy_count"]
    return Counts(row["response_count"], good)
