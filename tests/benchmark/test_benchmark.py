"""The benchmark itself: its feed is what it says, and its contestants agree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.benchmark import compare, dashboards, polars_way, usual_way
from tests.benchmark.feed import Plan, write_day, write_feed
from tests.benchmark.limit import Limit
from tests.oracle.compare import MARTS, UNCERTAINTY_COLUMNS, differences
from tests.oracle.feeds import write_random_feed
from tests.oracle.reference import FEED_COLUMNS, build_marts, read_feed

ROWS = 3000
PLAN = Plan(ROWS, days=30)
AS_OF = "2026-01-01"


@dataclass(frozen=True)
class Case:
    """The feed of the plan, and what the limit makes of it."""

    feed: Path
    definitions: Path
    limit: Path


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    directory = tmp_path_factory.mktemp("benchmark")
    found = Case(
        write_feed(directory, PLAN),
        directory / "definitions",
        directory / "limit.duckdb",
    )
    Limit(found.feed, found.definitions, found.limit, as_of=AS_OF).run()
    return found


@pytest.fixture
def rows(case: Case) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            f"create view feed as from '{case.feed}/survey_answers/*.parquet'"
        )
        yield connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def test_the_feed_has_the_rows_that_were_asked_for(
    rows: duckdb.DuckDBPyConnection,
) -> None:
    assert one(rows, "select count(*) from feed") == ROWS


def test_the_feed_has_versions_copies_and_comments(
    rows: duckdb.DuckDBPyConnection,
) -> None:
    key = "source_system, survey_id, response_id, question_id"
    distinct_rows = one(rows, "select count(*) from (select distinct * from feed)")
    assert 0.005 < 1 - distinct_rows / ROWS < 0.02
    keys = one(rows, f"select count(*) from (select distinct {key} from feed)")
    assert 0.01 < (distinct_rows - keys) / ROWS < 0.03
    assert 0.03 < one(rows, "select count(comment) from feed") / ROWS < 0.07


def test_a_day_can_be_written_by_itself(case: Case, tmp_path: Path) -> None:
    path = write_day(tmp_path, PLAN, 20)
    written = case.feed / "survey_answers" / path.name
    assert path.read_bytes() == written.read_bytes()


def test_days_go_on_behind_the_last(tmp_path: Path) -> None:
    path = write_day(tmp_path, PLAN, PLAN.days + 5)
    with duckdb.connect() as connection:
        rows = one(connection, f"select count(*) from '{path}'")
    assert rows == PLAN.rows_on(PLAN.days + 5) > ROWS / PLAN.days / 2


def test_the_limit_is_the_reference(case: Case) -> None:
    expected = build_marts(case.feed, case.definitions, as_of=AS_OF)
    assert differences(expected, case.limit, ignored=UNCERTAINTY_COLUMNS) == []


@pytest.mark.parametrize("seed", [2, 4])
def test_the_limit_keeps_the_whole_contract(tmp_path: Path, seed: int) -> None:
    """A feed that is nasty on purpose, as Parquet of texts."""
    variables = write_random_feed(tmp_path, seed=seed, rows=1500)
    rows = read_feed(tmp_path / "feed")
    feed = tmp_path / "parquet"
    feed.mkdir()
    columns = ", ".join(f"unnest(?::varchar[]) as {column}" for column in FEED_COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(
            f"create table answers as select {columns}",
            [[row[column] for row in rows] for column in FEED_COLUMNS],
        )
        connection.execute(f"copy answers to '{feed}/survey_answers.parquet'")
    warehouse = tmp_path / "limit.duckdb"
    # The limit does not say how sure its scores are.
    del variables["confidence_level"]
    Limit(feed, tmp_path / "definitions", warehouse, **variables).run()
    expected = build_marts(feed, tmp_path / "definitions", **variables)
    assert differences(expected, warehouse, ignored=UNCERTAINTY_COLUMNS) == []


def test_the_usual_way_has_the_same_marts(case: Case, tmp_path: Path) -> None:
    project = tmp_path / "project"
    usual_way.write_project(project, case.definitions)
    warehouse = tmp_path / "usual.duckdb"
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dbt"), "build"],
        cwd=project,
        env={
            **os.environ,
            "CX_WAREHOUSE_PATH": str(warehouse),
            "CX_RAW_DIR": str(case.feed),
            "CX_MEMORY_LIMIT": "2GB",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert not compare.differences(
        case.limit,
        warehouse,
        usual_way.MARTS,
        approximate=usual_way.APPROXIMATE_COLUMNS,
    )


def test_polars_has_the_same_facts(case: Case, tmp_path: Path) -> None:
    polars_way.run(case.feed, case.definitions, tmp_path / "polars")
    warehouse = tmp_path / "polars.duckdb"
    polars_way.as_warehouse(tmp_path / "polars", warehouse, case.limit)
    assert not compare.differences(
        case.limit,
        warehouse,
        polars_way.MARTS,
        approximate=("mean_score_pct",),
        ignored={mart.hash_id for mart in MARTS.values() if mart.hash_id},
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("score_count_id = reverse(score_count_id)", "rows differ in score_count_id"),
        ("answer_count = answer_count + 1", "rows differ in answer_count"),
    ],
)
def test_a_difference_is_found(
    case: Case, tmp_path: Path, change: str, told: str
) -> None:
    other = tmp_path / "other.duckdb"
    other.write_bytes(case.limit.read_bytes())
    with duckdb.connect(other) as connection:
        connection.execute(
            f"update marts.fct_score_counts_by_day set {change} "
            "where reporting_date = '2023-01-10'"
        )
    assert compare.differences(case.limit, other) == [
        f"fct_score_counts_by_day: {told}"
    ]


def test_a_missing_row_is_found(case: Case, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    other.write_bytes(case.limit.read_bytes())
    with duckdb.connect(other) as connection:
        connection.execute(
            "delete from marts.fct_score_counts_by_day "
            "where score_count_id = (select max(score_count_id) "
            "from marts.fct_score_counts_by_day)"
        )
    (line,) = (
        line for line in compare.differences(case.limit, other) if "rows in one" in line
    )
    assert line.startswith("fct_score_counts_by_day: ")


def test_dashboards_answer(case: Case) -> None:
    timings = dashboards.measure(case.limit, runs=2)
    assert len(timings) == 10
    assert all(0 < timing.p50 <= timing.p95 for timing in timings)
