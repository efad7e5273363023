"""A history of late, edited, excluded, erased, redefined and withdrawn answers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.golden.history import COLUMNS, HISTORY, History
from tests.harness import Project

NO_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]
NO_TESTS = [*NO_UNIT_TESTS, "--exclude-resource-type", "test"]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, Project]:
    """The history, played to its end, where all data tests look back on it."""
    directory: Path = tmp_path_factory.mktemp("history")
    project = Project(directory)
    history = History(project.root, project.warehouse, directory)
    for step, variables in history.play():
        selection = []
        if step.command[0] == "build":
            selection = NO_TESTS if step is not HISTORY[-1] else NO_UNIT_TESTS
        done = project.dbt(
            *step.command, *selection, feed=history.feed, variables=variables
        )
        assert done.returncode == 0, step.happening + done.stdout[-6000:] + done.stderr
    return history, project


def test_restatements_are_as_expected(played: tuple[History, Project]) -> None:
    """Every row of every build, every column but the key."""
    history, project = played
    assert history.differences() == []
    columns = project.query(
        "select column_name from information_schema.columns"
        " where table_schema = 'marts' and table_name = 'fct_score_restatements'"
    )
    assert {name for (name,) in columns} == {"score_restatement_id", *COLUMNS}


def test_history_has_every_cause(played: tuple[History, Project]) -> None:
    """The test would prove less if one did not occur."""
    history, _ = played
    for column in COLUMNS:
        values = {row[COLUMNS.index(column)] for row in history.restatements}
        if column.endswith("_count") or column.startswith("is_"):
            assert len(values) > 1, column
    published = {row[0] for row in history.restatements}
    # A run, a build without changes and a touched file publish nothing.
    assert len(published) == len(HISTORY) - 3


def test_one_query_tells_the_story_of_a_quarter(
    played: tuple[History, Project],
) -> None:
    """What it was on 3 April, what it is now, and how many answers moved it."""
    _, project = played
    story = project.query(
        """
        select
            built_at, response_count, score, score_change, new_count, late_count,
            edited_count, excluded_count, erased_count, redefined_count,
            withdrawn_count
        from marts.fct_score_restatements
        where touchpoint_id = 'checkout' and period_id = 'quarter:2026-01-01'
        order by build_number
        """
    )
    sentences = [
        f"{built_at:%d %B}: {score:.0f} % of {response_count}; {change}"
        for built_at, response_count, score, _, *counts in story
        for change in [", ".join(str(count) for count in counts)]
    ]
    #                          new, late, edited, excluded, erased, redefined, withdrawn
    assert sentences == [
        "10 February: 67 % of 3; 0, 0, 0, 0, 0, 0, 0",
        "03 April: 60 % of 5; 2, 0, 0, 0, 0, 0, 0",
        "10 April: 83 % of 6; 0, 1, 1, 0, 0, 0, 0",
        "20 April: 80 % of 5; 0, 0, 0, 1, 0, 0, 0",
        "21 April: 75 % of 4; 0, 0, 0, 0, 1, 0, 0",
        "23 April: 25 % of 4; 0, 0, 0, 0, 0, 0, 0",
        "24 April: 33 % of 3; 0, 0, 0, 0, 0, 0, 2",
        "28 April: 50 % of 4; 0, 0, 0, 1, 0, 0, 0",
        "29 April: 75 % of 4; 0, 0, 0, 0, 0, 0, 0",
    ]
    ((before, after, late, edited),) = project.query(
        """
        select previous_score, score, late_count, edited_count
        from marts.fct_score_restatements
        where period_id = 'quarter:2026-01-01' and built_at = '2026-04-10 12:00:00'
        """
    )
    assert (before, round(after, 1), late, edited) == (60, 83.3, 1, 1)
    assert story[2][0] == datetime(2026, 4, 10, 12)
