"""Intervals cover and tests err as often as they say: the macros' own SQL, in DuckDB.

Where all outcomes can be counted, coverage is exact: every possible split of n answers,
with its probability. The rest is drawn with a fixed seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import product
from random import Random
from statistics import fmean
from typing import Any

import duckdb
import pytest

from tests.harness import Project

# Shares of promoters and detractors.
SHAPES = [(0.5, 0.2), (0.85, 0.05), (0.7, 0.1), (0.3, 0.3)]
SIZES = [20, 50, 100]

PAIR = '"p", "d", "n", "p0", "d0", "n0"'
SHARE_PAIR = '"p", "n", "p0", "n0"'
MACROS = {
    "nps_low": 'nps_bound("p", "d", "n", "low")',
    "nps_high": 'nps_bound("p", "d", "n", "high")',
    "share_low": 'wilson_pct("p", "n", "low")',
    "share_high": 'wilson_pct("p", "n", "high")',
    "nps_z": f"nps_change_z({PAIR})",
    "share_z": f"share_change_z({SHARE_PAIR})",
    "nps_detectable": f"nps_minimum_detectable_change({PAIR})",
    "share_detectable": f"share_minimum_detectable_change({SHARE_PAIR})",
}
DRAWS = 20_000


class Macros:
    """The macros as SQL, run on rows of counts: now and, where it matters, before."""

    def __init__(self, project: Project) -> None:
        calls = " || ".join(f"{{{{ {call} }}}}" for call in MACROS.values())
        done = project.dbt("--quiet", "compile", "--inline", calls)
        assert done.returncode == 0, done.stdout
        self.expressions = dict(
            zip(MACROS, done.stdout.strip().split(" || "), strict=True)
        )

    def run(
        self, names: Sequence[str], counts: Iterable[Sequence[float]]
    ) -> list[tuple[Any, ...]]:
        """What macros give for rows of p, d, n and perhaps p0, d0, n0."""
        columns = list(zip(*counts, strict=True))
        names_of_columns = ("p", "d", "n", "p0", "d0", "n0")[: len(columns)]
        table = ", ".join(
            f"unnest(cast(${name} as double[])) as {name}" for name in names_of_columns
        )
        selected = ", ".join(self.expressions[name] for name in names)
        with duckdb.connect() as connection:
            return connection.execute(
                f"select {selected} from (select {table})",
                dict(zip(names_of_columns, map(list, columns), strict=True)),
            ).fetchall()


@pytest.fixture(scope="session")
def macros(tmp_path_factory: pytest.TempPathFactory) -> Macros:
    """The macros at the default confidence of 95 %."""
    project = Project(tmp_path_factory.mktemp("uncertainty"))
    return Macros(project)


def splits(n: int) -> list[tuple[int, int, int]]:
    """Every possible split of n answers: promoters, detractors, all."""
    return [(p, d, n) for p, d in product(range(n + 1), repeat=2) if p + d <= n]


def probability(split: tuple[int, int, int], shape: tuple[float, float]) -> float:
    """How likely a split is (the multinomial distribution)."""
    p, d, n = split
    parts = (p, d, n - p - d)
    shares = (*shape, 1 - sum(shape))
    logarithm = math.lgamma(n + 1) - sum(math.lgamma(part + 1) for part in parts)
    for part, share in zip(parts, shares, strict=True):
        logarithm += part * math.log(share) if part else 0
    return math.exp(logarithm)


@pytest.mark.parametrize("n", SIZES)
def test_interval_of_an_nps_covers_it(n: int, macros: Macros) -> None:
    bounds = macros.run(["nps_low", "nps_high"], splits(n))
    for shape in SHAPES:
        nps = 100 * (shape[0] - shape[1])
        coverage = sum(
            probability(split, shape)
            for split, (low, high) in zip(splits(n), bounds, strict=True)
            if low <= nps <= high
        )
        assert 0.935 <= coverage <= 0.97, shape


@pytest.mark.parametrize("n", SIZES)
def test_interval_of_a_share_covers_it(n: int, macros: Macros) -> None:
    """On average over shares; for a single one it jumps with the whole numbers."""
    bounds = macros.run(["share_low", "share_high"], [(p, 0, n) for p in range(n + 1)])
    coverage = []
    for percent in range(5, 96):
        share = percent / 100
        coverage.append(
            sum(
                math.comb(n, p) * share**p * (1 - share) ** (n - p)
                for p, (low, high) in enumerate(bounds)
                if low <= 100 * share <= high
            )
        )
    assert 0.945 <= fmean(coverage) <= 0.965
    assert min(coverage) >= 0.915
    assert all(low <= 100 * p / n <= high for p, (low, high) in enumerate(bounds))


def drawn(
    n: int, now: tuple[float, float], before: tuple[float, float]
) -> list[tuple[float, ...]]:
    """Pairs of groups of n answers with true shares now and before."""
    random, possible = Random(20260131), splits(n)
    groups = [
        random.choices(
            possible, [probability(split, shape) for split in possible], k=DRAWS
        )
        for shape in (now, before)
    ]
    return [(*first, *second) for first, second in zip(*groups, strict=True)]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["nps_z", "share_z"])
def test_chance_is_rarely_called_a_change(
    name: str, shape: tuple[float, float], n: int, macros: Macros
) -> None:
    deviates = macros.run([name], drawn(n, shape, shape))
    # Small groups that are nearly all alike keep further below 5 % than others.
    assert 0.01 <= fmean(abs(z) > 1.959964 for (z,) in deviates) <= 0.065


@pytest.mark.parametrize("score", ["nps", "share"])
def test_a_detectable_change_is_detected_in_four_cases_of_five(
    score: str, macros: Macros
) -> None:
    n, before = 400, (0.5, 0.2)
    counts = (n * before[0], n * before[1], n)
    ((points,),) = macros.run([f"{score}_detectable"], [(*counts, *counts)])
    up = points / 100
    # Half of an NPS change comes from promoters, half from detractors.
    now = (0.5 + up / 2, 0.2 - up / 2) if score == "nps" else (0.5 + up, 0.2)
    deviates = macros.run([f"{score}_z"], drawn(n, now, before))
    assert 0.77 <= fmean(z > 1.959964 for (z,) in deviates) <= 0.84


def test_from_46_to_39_is_no_drop(macros: Macros) -> None:
    """With 87 and 94 answers, whether a fifth or three tenths of them are passive."""
    counts = [
        tuple(
            part
            for nps, n in ((0.39, 94), (0.46, 87))
            for part in (n * (1 - passive + nps) / 2, n * (1 - passive - nps) / 2, n)
        )
        for passive in (0.2, 0.3)
    ]
    (few,), (many,) = macros.run(["nps_z"], counts)
    assert (round(few, 2), round(many, 2)) == (-0.58, -0.63)


@pytest.mark.parametrize(("points", "n"), [(10, 955), (20, 237)])
def test_answers_needed_to_see_a_change(points: int, n: int, macros: Macros) -> None:
    """Half promoters, a fifth detractors: so many are enough, and one less is not."""
    counts = [(size / 2, size / 5, size) * 2 for size in (n, n - 1)]
    (enough,), (too_few,) = macros.run(["nps_detectable"], counts)
    assert enough <= points < too_few


@pytest.mark.parametrize(("margin", "n"), [(10, 232), (5, 935)])
def test_answers_needed_for_a_margin(margin: int, n: int, macros: Macros) -> None:
    counts = [(size / 2, size / 5, size) for size in (n, n - 1)]
    enough, too_few = (
        (high - low) / 2 for low, high in macros.run(["nps_low", "nps_high"], counts)
    )
    assert enough <= margin < too_few
