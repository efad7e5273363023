"""Nothing that a report withholds can be computed from what it shows.

The models' own SQL runs on random counts. The attacker knows every shown count, that
touchpoints add up to all of them, months to quarters and quarters to years, and that no
count is negative; also that a touchpoint without a row has no answers. The last one
knows the rule by which counts are withheld, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog  # type: ignore[import-untyped]

from tests.golden.golden import write_feed
from tests.harness import Project

MODELS = ("int_report_periods", "int_report_counts", "int_report_cells")
THRESHOLD = 5
ALL = "all"

Cell = tuple[str, str]


@dataclass(frozen=True)
class Report:
    """What a report shows of one metric: counts by touchpoint (or all) and period."""

    cells: dict[Cell, int | None]
    counts: dict[Cell, int]

    @property
    def withheld(self) -> set[Cell]:
        """The cells without a count."""
        return {cell for cell, count in self.cells.items() if count is None}


def compiled(directory: Path, threshold: int) -> dict[str, str]:
    """The SQL of the models, as dbt compiles it."""
    project = Project(directory)
    done = project.dbt(
        "compile",
        "--select",
        *MODELS,
        feed=write_feed(directory / "feed"),
        variables={"anonymity_threshold": threshold},
    )
    assert done.returncode == 0, done.stdout
    folder = project.root / "target" / "compiled" / "cx_warehouse" / "models"
    database = f'"{project.warehouse.stem}".'
    return {
        path.stem: path.read_text(encoding="utf-8").replace(database, "")
        for path in folder.rglob("*.sql")
        if path.stem in MODELS
    }


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The models of reports that show scores of five answers."""
    return compiled(tmp_path_factory.mktemp("reports"), THRESHOLD)


@pytest.fixture(scope="module")
def small_statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The models of reports that show scores of three answers."""
    return compiled(tmp_path_factory.mktemp("small_reports"), 3)


def periods_from(first_month: int, months: int) -> dict[str, tuple[str, date, int]]:
    """Periods by id: grain, first day, and how many of the months lie in it."""
    found: dict[str, tuple[str, date, int]] = {}
    for month in range(first_month, first_month + months):
        year, number = divmod(month, 12)
        for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
            start = date(2024 + year, number // length * length + 1, 1)
            period_id = f"{grain}:{start}"
            _, _, count = found.get(period_id, (grain, start, 0))
            found[period_id] = (grain, start, count + 1)
    return found


def create_inputs(
    connection: duckdb.DuckDBPyConnection, periods: dict[str, tuple[str, date, int]]
) -> None:
    """What the models read: these periods, no touchpoint with a name, no counts yet."""
    connection.execute("create schema intermediate")
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.dim_periods (period_id varchar, period_grain varchar,"
        " period_start_date date, period_label varchar, is_complete boolean)"
    )
    connection.executemany(
        "insert into marts.dim_periods values (?, ?, ?, ?, true)",
        [(name, grain, day, name) for name, (grain, day, _) in periods.items()],
    )
    connection.execute(
        "create table marts.dim_touchpoints (touchpoint_id varchar,"
        " survey_kind varchar)"
    )
    connection.execute(
        "create table intermediate.int_score_parts_by_period (metric varchar,"
        " score_scope varchar, score_group varchar, period_id varchar,"
        " response_count bigint, positive_count bigint, detractor_count bigint)"
    )


def build(connection: duckdb.DuckDBPyConnection, statements: dict[str, str]) -> None:
    """Make the models' tables."""
    for name in MODELS:
        connection.execute(f"create table intermediate.{name} as {statements[name]}")


def report_of(statements: dict[str, str], rng: Random) -> Report:
    """A report of random answers: a few touchpoints, most of them small, and pauses."""
    periods = periods_from(rng.randrange(12), rng.randint(1, 26))
    counts: dict[Cell, int] = defaultdict(int)
    for number in range(rng.randint(1, 6)):
        touchpoint = f"t{number}"
        size = rng.choice((0.3, 1, 2, 4, 8, 30))
        for period_id, (grain, start, _) in periods.items():
            if grain == "month" and rng.random() < 0.9:
                count = int(rng.expovariate(1 / size))
                for other in (
                    period_id,
                    f"quarter:{start.replace(month=(start.month - 1) // 3 * 3 + 1)}",
                    f"year:{start.replace(month=1)}",
                ):
                    counts[touchpoint, other] += count
                    counts[ALL, other] += count
    with duckdb.connect() as connection:
        create_inputs(connection, periods)
        connection.executemany(
            "insert into intermediate.int_score_parts_by_period"
            " values ('csat', ?, ?, ?, ?, 0, 0)",
            [
                (ALL if member == ALL else "touchpoint", member, period_id, count)
                for (member, period_id), count in counts.items()
                if count
            ]
            or [(ALL, "nobody", "never", 0)],
        )
        build(connection, statements)
        rows = connection.execute(
            "select score_group, period_id, response_count, is_withheld"
            " from intermediate.int_report_cells"
        ).fetchall()
    for _, _, count, is_withheld in rows:
        assert (count is None) == is_withheld
    return Report({(row[0], row[1]): row[2] for row in rows}, dict(counts))


def equations(report: Report) -> Iterator[tuple[dict[Cell, int], int]]:
    """What is known of the months of the touchpoints: sums, each with its value.

    Every count is a sum of months; only what is shown has a value.
    """
    months = [
        cell for cell in report.cells if cell[1].startswith("month:") and cell[0] != ALL
    ]
    for (member, period_id), count in report.cells.items():
        if count is not None:
            yield (
                {
                    (touchpoint, month): 1
                    for touchpoint, month in months
                    if member in (touchpoint, ALL) and _lies_in(month, period_id)
                },
                count,
            )


def _lies_in(month: str, period_id: str) -> bool:
    grain, _, start = period_id.partition(":")
    first = date.fromisoformat(start)
    day = date.fromisoformat(month.partition(":")[2])
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    return 0 <= (day.year - first.year) * 12 + day.month - first.month < length


def system(report: Report) -> tuple[list[Cell], np.ndarray, np.ndarray]:
    """The unknown months, and the equations over them as a matrix and its values."""
    known = list(equations(report))
    unknowns = sorted(
        cell for cell in report.cells if cell[1].startswith("month:") and cell[0] != ALL
    )
    places = {cell: place for place, cell in enumerate(unknowns)}
    matrix = np.zeros((len(known), len(unknowns)))
    for row, (sums, _) in enumerate(known):
        for cell, factor in sums.items():
            matrix[row, places[cell]] = factor
    return unknowns, matrix, np.array([value for _, value in known], dtype=float)


def targets(report: Report, unknowns: list[Cell]) -> Iterator[tuple[Cell, np.ndarray]]:
    """Each withheld count as a sum over the unknown months."""
    for member, period_id in sorted(report.withheld):
        target = np.array(
            [
                float(member in (touchpoint, ALL) and _lies_in(month, period_id))
                for touchpoint, month in unknowns
            ]
        )
        yield (member, period_id), target


def recovered_by_sums(report: Report) -> list[Cell]:
    """Withheld counts that are sums and differences of what is shown."""
    unknowns, matrix, _ = system(report)
    if not matrix.size:
        return []
    # A sum is known when it has no part outside the space that the equations span.
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=False)
    span = directions[sizes > 1e-9]
    return [
        cell
        for cell, target in targets(report, unknowns)
        if np.linalg.norm(target - span.T @ (span @ target)) < 1e-9
    ]


def recovered_by_bounds(report: Report) -> list[Cell]:
    """Withheld counts for which only one value is left when none is negative."""
    unknowns, matrix, values = system(report)
    found = []
    for cell, target in targets(report, unknowns):
        least, most = (
            linprog(
                sign * target,
                A_eq=matrix if matrix.size else None,
                b_eq=values if matrix.size else None,
                bounds=(0, 10_000),
            ).fun
            * sign
            for sign in (1, -1)
        )
        if most - least < 1e-6:
            found.append(cell)
    return found


@pytest.mark.parametrize("seed", range(80))
def test_sums_of_what_is_shown_give_nothing_away(
    seed: int, statements: dict[str, str]
) -> None:
    assert recovered_by_sums(report_of(statements, Random(seed))) == []


@pytest.mark.parametrize("seed", range(12))
def test_bounds_give_nothing_away(seed: int, statements: dict[str, str]) -> None:
    assert recovered_by_bounds(report_of(statements, Random(1000 + seed))) == []


def test_what_is_shown_is_right_and_large_enough(statements: dict[str, str]) -> None:
    shown = 0
    for seed in range(60):
        report = report_of(statements, Random(seed))
        for cell, count in report.cells.items():
            if count is not None:
                assert count == report.counts.get(cell, 0)
                assert count >= THRESHOLD
                shown += 1
    assert shown > 500


def test_groups_that_subtraction_leaves_are_large_enough(
    statements: dict[str, str],
) -> None:
    """All less what is shown is one group more: of two touchpoints and five answers."""
    groups = 0
    for seed in range(80):
        report = report_of(statements, Random(seed))
        for (member, period_id), count in report.cells.items():
            if member != ALL or count is None:
                continue
            others = [cell for cell in report.cells if cell[1] == period_id]
            hidden = [cell for cell in others if report.cells[cell] is None]
            if hidden:
                assert len(hidden) >= 2
                rest = sum(report.counts.get(cell, 0) for cell in hidden)
                assert rest >= THRESHOLD
                groups += 1
    assert groups > 20


def test_attack_finds_what_a_naive_report_gives_away() -> None:
    """Small counts alone withheld: the attack that has to fail succeeds."""
    month, quarter = "month:2024-01-01", "quarter:2024-01-01"
    cells: dict[Cell, int | None] = {
        ("a", month): None,
        ("b", month): 20,
        (ALL, month): 23,
        (ALL, quarter): None,
    }
    report = Report(cells, {})
    assert recovered_by_sums(report) == [("a", month), (ALL, quarter)]
    assert recovered_by_bounds(report) == [("a", month), (ALL, quarter)]


def worlds(cells: int, answers: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many answers, or fewer, over so many cells."""
    if not cells:
        yield ()
        return
    for count in range(answers + 1):
        for others in worlds(cells - 1, answers - count):
            yield (count, *others)


@pytest.mark.parametrize(
    ("touchpoints", "months", "answers"),
    [(1, 3, 14), (2, 1, 20), (2, 2, 12), (2, 3, 10), (3, 1, 14), (3, 3, 6), (5, 1, 10)],
)
def test_who_knows_the_rule_learns_no_count(
    touchpoints: int,
    months: int,
    answers: int,
    small_statements: dict[str, str],
) -> None:
    """No withheld count is the same in all the worlds that lead to the same report.

    All worlds of so few answers are there, each as a metric of its own, so a report
    that shows how many there are has all of its worlds.
    """
    periods = periods_from(0, months)
    names = [name for name, (grain, _, _) in periods.items() if grain == "month"]
    rows = [
        (f"{number:06}", f"t{place // months}", names[place % months], count)
        for number, world in enumerate(worlds(touchpoints * months, answers))
        for place, count in enumerate(world)
        if count
    ]
    with duckdb.connect() as connection:
        create_inputs(connection, periods)
        frame = pd.DataFrame(rows, columns=["world", "touchpoint", "month", "answers"])
        connection.register("counts", frame)
        connection.execute(
            """
            insert into intermediate.int_score_parts_by_period
            select
                world,
                case when grouping(touchpoint) = 1 then 'all' else 'touchpoint' end,
                coalesce(touchpoint, 'all'),
                period_id,
                sum(answers),
                0,
                0
            from counts, unnest([month, 'quarter:2024-01-01', 'year:2024-01-01'])
                as periods (period_id)
            group by grouping sets ((world, touchpoint, period_id), (world, period_id))
            """
        )
        build(connection, small_statements)
        ((shown,),) = connection.execute(
            "select count(*) from intermediate.int_report_cells where not is_withheld"
        ).fetchall()
        found = connection.execute(
            """
            with reports as (
                select
                    metric,
                    string_agg(
                        concat_ws('|', score_group, period_id, response_count),
                        ' ' order by score_group, period_id
                    ) as report
                from intermediate.int_report_cells
                group by metric
            )
            select
                report,
                counts.score_group,
                counts.period_id,
                min(counts.response_count)
            from reports
            inner join intermediate.int_report_cells as cells using (metric)
            inner join intermediate.int_report_counts as counts
                using (metric, score_group, period_id)
            where cells.is_withheld
            group by report, counts.score_group, counts.period_id
            having min(counts.response_count) = max(counts.response_count)
            limit 5
            """
        ).fetchall()
    assert shown > 0
    assert found == []
