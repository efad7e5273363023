"""One feed with every defect that the contract promises to survive, and its marts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.golden.golden import (
    DEFINITIONS,
    EXPECTED,
    VARIABLES,
    differing_marts,
    expected_reasons,
    expected_table,
    reference_tables,
    write_feed,
)
from tests.golden.steps import GoldenSteps
from tests.harness import Project
from tests.oracle.reference import STATUS_OF_REASON


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feed on disk."""
    return write_feed(tmp_path_factory.mktemp("golden_feed"))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, feed: Path) -> Project:
    """The golden run: one `dbt build` with all its data tests and unit tests."""
    project = Project(tmp_path_factory.mktemp("golden"))
    project.copy_definitions(DEFINITIONS)
    done = project.dbt("build", feed=feed, variables=VARIABLES)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return project


def test_reference_gives_what_is_expected(feed: Path) -> None:
    """The committed files are those of the contract's reference."""
    tables = reference_tables(feed)
    assert sorted(tables) == sorted(path.stem for path in EXPECTED.iterdir())
    for mart, table in tables.items():
        assert expected_table(mart) == table, mart


def test_each_row_meets_the_fate_that_stands_beside_it() -> None:
    """The column `why` of the feed, written by hand, and the expected marts agree."""
    rows = {
        mart: list(csv.DictReader(io.StringIO(expected_table(mart), newline="")))
        for mart in ("fct_survey_answers", "fct_unaccepted_answers")
    }
    found = [(row["response_id"], "accepted") for row in rows["fct_survey_answers"]]
    found += [
        (row["response_id"], row["status_reason"])
        for row in rows["fct_unaccepted_answers"]
    ]
    assert sorted(found) == expected_reasons()


def test_every_reason_occurs() -> None:
    """No reason of the contract is left out."""
    reasons = {reason for _, reason in expected_reasons()}
    assert reasons == {"accepted", *STATUS_OF_REASON}


def test_marts_are_as_expected(warehouse: Project) -> None:
    """Every mart, every row, every column."""
    assert differing_marts(warehouse.warehouse) == []


def test_golden_feed_in_steps_ends_in_the_golden_marts(
    feed: Path, tmp_path: Path
) -> None:
    """Files that come, change and go, other rules and clocks on the way: no trace."""
    project = Project(tmp_path)
    project.copy_definitions(DEFINITIONS)
    steps = GoldenSteps(project.root, feed)
    for variables in steps.play():
        project.build(steps.feed, variables=variables, tests=True)
    assert differing_marts(project.warehouse) == []
