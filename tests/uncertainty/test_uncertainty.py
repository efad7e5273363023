"""Intervals, tests and detectable changes, against published and simulated figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import comb, sqrt
from typing import Any

import duckdb
import pytest
from scipy.stats import multinomial, norm

from tests.harness import Project
from tests.oracle.uncertainty import Counts, change_z, detectable_change

Evaluate = Callable[..., list[tuple[Any, ...]]]

# Shares of promoters and detractors: the shapes for which coverage is looked at.
SHAPES = ((0.5, 0.2), (0.85, 0.05), (0.7, 0.1), (0.3, 0.3))


@pytest.fixture(scope="module")
def evaluate(sample_project: Project) -> Evaluate:
    """Evaluates macros over rows of counts, as dbt renders them."""

    def run(expressions: str, columns: str, rows: list[tuple[int, ...]]) -> list[Any]:
        done = sample_project.dbt(
            "--quiet",
            "compile",
            "--output",
            "json",
            "--inline",
            f"select {expressions}",
        )
        assert done.returncode == 0, done.stdout
        compiled = json.loads(done.stdout)["compiled"]
        values = ", ".join(str(row) for row in rows)
        return duckdb.sql(
            f"{compiled} from (values {values}) as counts({columns})"
        ).fetchall()

    return run


def test_from_46_to_39_is_no_drop(evaluate: Evaluate) -> None:
    """Of 87 and 94 answers, a fifth to three tenths of them passives."""
    for passive_share in (0.2, 0.25, 0.3):
        groups = []
        for n, nps in ((94, 0.39), (87, 0.46)):
            promoters = round((1 - passive_share + nps) / 2 * n)
            groups += [promoters, promoters - round(nps * n), n]
        ((z,),) = evaluate(
            "{{ nps_change_z('p', 'd', 'n', 'earlier_p', 'earlier_d', 'earlier_n') }}",
            "p, d, n, earlier_p, earlier_d, earlier_n",
            [tuple(groups)],
        )
        assert -0.68 < z < -0.55
        assert 2 * norm.sf(-z) > 0.5
        assert z == pytest.approx(
            change_z(
                "nps",
                Counts(groups[2], groups[0], groups[1]),
                Counts(groups[5], groups[3], groups[4]),
            ),
            abs=1e-12,
        )


def test_answers_that_ten_points_take(evaluate: Evaluate) -> None:
    """With a variance of 0.61 a change of 10 points takes 955 answers a group."""
    # Half promoters, a fifth detractors: a variance of 0.5 + 0.2 - 0.3^2.
    n = 955
    promoters, detractors = round(n * 0.5), round(n * 0.2)
    square = "nps_square_error('p', 'd', 'n')"
    ((change,),) = evaluate(
        f"{{{{ minimum_detectable_change({square}, {square}) }}}}",
        "p, d, n",
        [(promoters, detractors, n)],
    )
    assert change == pytest.approx(10, abs=0.02)
    counts = Counts(n, promoters, detractors)
    assert change == pytest.approx(detectable_change("nps", counts, counts, 0.95))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99, 0.999])
def test_quantile_of_any_level(sample_project: Project, level: float) -> None:
    done = sample_project.dbt(
        "--quiet", "compile", "--output", "json", "--inline",
        "select {{ confidence_z() }}", variables={"confidence_level": level},
    )  # fmt: skip
    z = float(json.loads(done.stdout)["compiled"].split()[1])
    assert z == pytest.approx(norm.ppf((1 + level) / 2), abs=1e-12)


@pytest.mark.parametrize("n", [20, 50, 100])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_coverage_of_the_nps_interval(
    evaluate: Evaluate, n: int, shape: tuple[float, float]
) -> None:
    """Over every possible sample: 93.5 to 97 % of the intervals hold the true NPS."""
    promoter_share, detractor_share = shape
    samples = [(p, d, n) for p in range(n + 1) for d in range(n + 1 - p)]
    bounds = evaluate(
        "{{ nps_bound('p', 'd', 'n', 'low') }}, {{ nps_bound('p', 'd', 'n', 'high') }}",
        "p, d, n",
        samples,
    )
    chances = multinomial.pmf(
        [[p, d, n - p - d] for p, d, _ in samples],
        n=n,
        p=[promoter_share, detractor_share, 1 - promoter_share - detractor_share],
    )
    truth = 100 * (promoter_share - detractor_share)
    coverage = sum(
        chance
        for chance, (low, high) in zip(chances, bounds, strict=True)
        if low <= truth <= high
    )
    assert 0.935 <= coverage <= 0.97


@pytest.mark.parametrize("n", [20, 50, 100])
def test_coverage_of_the_wilson_interval(evaluate: Evaluate, n: int) -> None:
    """On average over shares from 5 to 95 %: a discrete count jumps at each of them."""
    bounds = evaluate(
        "{{ wilson_pct('x', 'n', 'low') }}, {{ wilson_pct('x', 'n', 'high') }}",
        "x, n",
        [(x, n) for x in range(n + 1)],
    )
    shares = [number / 200 for number in range(10, 191)]
    coverage = sum(
        comb(n, x) * share**x * (1 - share) ** (n - x)
        for share in shares
        for x, (low, high) in enumerate(bounds)
        if low <= 100 * share <= high
    ) / len(shares)
    assert 0.935 <= coverage <= 0.97


def test_wilson_contains_the_share_and_its_ends_are_exact(evaluate: Evaluate) -> None:
    samples = [(x, n) for n in range(1, 60) for x in range(n + 1)]
    for (x, n), (low, high) in zip(
        samples,
        evaluate(
            "{{ wilson_pct('x', 'n', 'low') }}, {{ wilson_pct('x', 'n', 'high') }}",
            "x, n",
            samples,
        ),
        strict=True,
    ):
        assert 0 <= low <= 100 * x / n <= high <= 100
        assert (low == 0) == (x == 0)
        assert (high == 100) == (x == n)
        z, p = norm.ppf(0.975), x / n
        half = z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        assert low == pytest.approx(100 * (centre - half), abs=1e-9)
        assert high == pytest.approx(100 * (centre + half), abs=1e-9)
