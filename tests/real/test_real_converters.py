"""The feeds of the real surveys hold the expected figures, before any warehouse."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cx_warehouse.unpivot import Summary
from tests.real.datasets import (
    DATA,
    DATASETS,
    Outcome,
    convert_all,
    differences,
    expected,
    feed_outcomes,
    measure,
)

pytestmark = pytest.mark.skipif(
    not (DATA / "sfo_airport").is_dir(), reason=f"the real data are not in {DATA}"
)
RESPONSES = {
    "sfo_2013": 3535,
    "sfo_2014": 2818,
    "sfo_2015": 2958,
    "sfo_2016": 3087,
    "email": 1952,
    "mobile": 1801,
    "web": 2290,
    "airline_items": 25976,
    "sudzilla_01": 39,
    "sudzilla_02": 39,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty folder for the feeds."""
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def summaries(folder: Path) -> dict[str, Summary]:
    """Convert every dataset into `folder`."""
    return convert_all(folder)


@pytest.fixture(scope="module")
def outcomes(folder: Path, summaries: dict[str, Summary]) -> list[Outcome]:
    """Judge every answer of the feeds in `folder`."""
    assert summaries
    return feed_outcomes(folder)


def test_every_response_is_read_and_every_date(summaries: dict[str, Summary]) -> None:
    assert {name: s.responses for name, s in summaries.items()} == RESPONSES
    for summary in summaries.values():
        assert summary.answers == summary.responses * summary.questions
        assert summary.unreadable_dates == {"responded_at": (0, "")}


def test_no_answer_is_lost(
    summaries: dict[str, Summary], outcomes: Sequence[Outcome]
) -> None:
    assert sum(outcome.count for outcome in outcomes) == sum(
        summary.answers for summary in summaries.values()
    )


@pytest.mark.parametrize("dataset", DATASETS)
def test_feed_holds_the_expected_figures(
    dataset: str, outcomes: Sequence[Outcome]
) -> None:
    groups = expected(dataset)
    assert groups
    assert [
        problem
        for group in groups
        for problem in differences(measure(outcomes, group), group)
    ] == []
