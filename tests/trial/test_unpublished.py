"""Data tests of the answers look at what no published build has tested.

A warehouse with one published day and one that was only run is tampered with, and each
test must see what it has to look at, and nothing else.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.golden.history import SEEDS
from tests.harness import Project

STORE = "intermediate.int_survey_answers_stored"
COUNTS = "marts.fct_score_counts_by_day"
HEADER = "source_system,survey_id,question_id,response_id,answer,responded_at,channel"


def deliver(feed: Path, day: str) -> None:
    """A file with four answers of a day, one blank and one off the scale."""
    answers = {"a": "5", "b": "4", "c": "", "d": "9"}
    rows = [
        f"app,s,q,{name}{day},{answer},2026-01-{day},web"
        for name, answer in answers.items()
    ]
    path = feed / "survey_answers" / f"{day}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows, ""]))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """The 5th was built and published, the 6th was run."""
    directory = tmp_path_factory.mktemp("unpublished")
    project = Project(directory)
    project.write_definitions(SEEDS)
    feed = directory / "feed"
    deliver(feed, "05")
    project.build(feed, tests=True)
    deliver(feed, "06")
    done = project.dbt("run", feed=feed)
    assert done.returncode == 0, done.stdout
    return project, feed


@pytest.fixture
def tampered(built: tuple[Project, Path]) -> tuple[Project, Path]:
    """The warehouse, put back as it was before each test."""
    project, feed = built
    untouched = project.warehouse.with_suffix(".untouched")
    if not untouched.exists():
        shutil.copy(project.warehouse, untouched)
    shutil.copy(untouched, project.warehouse)
    return project, feed


HOLDS_TOGETHER = "int_survey_answers_stored__every_row_holds_together"
ONE_COUNTS = "int_survey_answers_judged__one_version_counts"
ONE_BATCH = "int_survey_answers_judged__rows_of_an_answer_are_of_one_batch"
TOLD_APART = "int_survey_answers_stored__unaccepted_copies_are_told_apart"
HAS_EVERY_ANSWER = "fct_score_counts_by_day__has_every_answer"

# What is done to the warehouse, the test that has to see it, and whether it looks.
COPY = (
    "insert into {store} select * replace ({batch} as judged_batch)"
    " from {store} where response_id = '{response_id}'"
)
TAMPERINGS: dict[str, tuple[str, str, bool]] = {
    "a published row": (
        "update {store} set copy_number = 0 where response_id = 'a05'",
        HOLDS_TOGETHER,
        False,
    ),
    "an unpublished row": (
        "update {store} set copy_number = 0 where response_id = 'a06'",
        HOLDS_TOGETHER,
        True,
    ),
    "an unpublished answer twice": (
        COPY.format(store="{store}", batch=2, response_id="a06"),
        ONE_COUNTS,
        True,
    ),
    "a published answer twice": (
        COPY.format(store="{store}", batch=1, response_id="a05"),
        ONE_COUNTS,
        False,
    ),
    "an unpublished answer that stayed from before": (
        COPY.format(store="{store}", batch=1, response_id="a06"),
        ONE_BATCH,
        True,
    ),
    "a published answer that came again": (
        COPY.format(store="{store}", batch=2, response_id="a05"),
        ONE_BATCH,
        True,
    ),
    "two unaccepted rows with one number": (
        COPY.format(store="{store}", batch=2, response_id="d06"),
        TOLD_APART,
        True,
    ),
    "a count of a published day": (
        "update {counts} set channel = 'email' where reporting_date = '2026-01-05'",
        HAS_EVERY_ANSWER,
        False,
    ),
    "a count of an unpublished day": (
        "update {counts} set channel = 'email' where reporting_date = '2026-01-06'",
        HAS_EVERY_ANSWER,
        True,
    ),
    "a count of a day that lost answers": (
        "update {counts} set channel = 'email' where reporting_date = '2026-01-05';"
        " insert into intermediate.int_score_changes by name select"
        " 'withdrawn' as cause, date '2026-01-05' as reporting_date, 'app' as"
        " source_system, 's' as survey_id, 'q' as question_id, 'csat' as metric,"
        " 'checkout' as touchpoint_id, 1 as answer_count, true as is_counted",
        HAS_EVERY_ANSWER,
        True,
    ),
}


def passes(project: Project, feed: Path, command: str, test: str) -> bool:
    """Whether a data test passes in a command; it is there to be run."""
    done = project.dbt(command, "--select", test, feed=feed)
    assert f"1 of 1 {'PASS' if done.returncode == 0 else 'FAIL'}" in done.stdout
    return done.returncode == 0


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_build_looks_at_what_is_unpublished(
    name: str, tampered: tuple[Project, Path]
) -> None:
    """At nothing else; but `dbt test` looks at everything."""
    statements, test, looks = TAMPERINGS[name]
    project, feed = tampered
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(statements.format(store=STORE, counts=COUNTS))
    assert passes(project, feed, "build", test) is not looks
    if not looks:
        assert not passes(project, feed, "test", test)


def test_what_failed_is_looked_at_until_it_passes(
    tampered: tuple[Project, Path],
) -> None:
    """Another file does not hide it; once all has passed it is published."""
    project, feed = tampered
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(
            f"update {STORE} set copy_number = 0 where response_id = 'a06'"
        )
    deliver(feed, "07")
    build = ("build", "--exclude-resource-type", "unit_test")
    done = project.dbt(*build, feed=feed)
    assert done.returncode == 1
    assert f"FAIL 1 {HOLDS_TOGETHER}" in done.stdout
    restated = "select count(distinct build_number) from marts.fct_score_restatements"
    assert project.query(restated) == [(1,)]
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(
            f"update {STORE} set copy_number = 1 where response_id = 'a06'"
        )
    done = project.dbt(*build, feed=feed)
    assert done.returncode == 0, done.stdout[-4000:]
    assert project.query(restated) == [(2,)]
    for ledger in ("int_batches_unpublished", "int_score_changes"):
        assert project.query(f"select count(*) from intermediate.{ledger}") == [(0,)]
