"""Histories that once ended badly, told step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.harness import Project

HEADER = (
    "source_system,survey_id,question_id,response_id,answer,responded_at,respondent_id"
)
DEFINITIONS: dict[str, list[dict[str, Any]]] = {
    "rating_scales": [
        {
            "scale_id": "nps",
            "min_score": 0,
            "max_score": 10,
            "best_is_high": "true",
            "top_box_count": 2,
            "bottom_box_count": 7,
        }
    ],
    "touchpoints": [
        {
            "touchpoint_id": "brand",
            "touchpoint_name": "The brand",
            "journey_stage": "all",
            "survey_kind": "relationship",
        }
    ],
    "survey_questions": [
        {
            "source_system": "app",
            "survey_id": "s",
            "question_id": "q",
            "question_text": "Would you recommend us?",
            "metric": "nps",
            "touchpoint_id": "brand",
            "scale_id": "nps",
        }
    ],
}


class Story:
    """A warehouse and its feed."""

    def __init__(self, directory: Path) -> None:
        self.project = Project(directory)
        self.project.write_definitions(DEFINITIONS)
        self.feed = directory / "feed"
        (self.feed / "survey_answers").mkdir(parents=True)

    def deliver(self, name: str, *rows: str) -> None:
        """Some answers in a file of their own, by default three."""
        three = [f"app,s,q,{name}{number},9,2026-03-01," for number in range(3)]
        path = self.feed / "survey_answers" / f"{name}.csv"
        path.write_text("\n".join([HEADER, *(rows or three), ""]))

    def take_away(self, name: str) -> None:
        """The file goes."""
        (self.feed / "survey_answers" / f"{name}.csv").unlink()

    def run(self, *arguments: str) -> None:
        """`dbt run`, which publishes nothing."""
        done = self.project.dbt("run", *arguments, feed=self.feed)
        assert done.returncode == 0, done.stdout

    def latest(self, day: str) -> list[tuple[Any, ...]]:
        """Answers and promoters of the last 30 days, each respondent's latest."""
        return self.project.query(
            "select response_count, promoter_count"
            " from marts.fct_nps_by_trailing_window"
            " where score_scope = 'touchpoint' and window_days = 30"
            f" and answer_policy = 'latest_per_respondent' and as_of_date = '{day}'"
        )

    def build(self, fiscal_year_start_month: int = 1) -> None:
        """`dbt build` with all data tests."""
        variables = {"fiscal_year_start_month": fiscal_year_start_month}
        self.project.build(self.feed, variables=variables, tests=True)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """One whose first file is built."""
    begun = Story(tmp_path)
    begun.deliver("a")
    begun.build()
    return begun


def test_batch_of_which_nothing_is_left_gives_its_number_away(story: Story) -> None:
    """It was never published, and neither was the next one."""
    story.deliver("b")
    story.run()
    story.take_away("b")
    story.run()
    story.deliver("c")
    story.build()
    batches = "select count(*) from intermediate.int_batches_unpublished"
    assert story.project.query(batches) == [(0,)]
    counts = "select distinct response_count from marts.fct_nps_by_touchpoint_period"
    assert story.project.query(counts) == [(6,)]


def test_year_that_begins_elsewhere_and_comes_back(story: Story) -> None:
    """Periods of the other calendar come and go; no answer moved."""
    story.build(fiscal_year_start_month=4)
    story.build()
    history = """
        select response_count, is_first_publication
        from marts.fct_score_restatements
        where period_id = 'year:2026-01-01' order by build_number
    """
    assert story.project.query(history) == [(3, True), (0, False), (3, False)]


@pytest.mark.parametrize("column", ["weight_square_sum", "score_count_id"])
def test_counts_of_an_earlier_version_ask_for_a_rebuild(
    story: Story, column: str
) -> None:
    """An update that brings a column says so in one sentence, and how to go on."""
    warehouse = story.project.warehouse
    build = ("build", "--exclude-resource-type", "test", "unit_test")
    story.build()
    marts = story.project.query("from marts.fct_nps_by_period order by all")
    with duckdb.connect(warehouse) as connection:
        connection.execute(
            f"alter table marts.fct_score_counts_by_day drop column {column}"
        )
    done = story.project.dbt(*build, feed=story.feed)
    assert done.returncode
    assert "written by an earlier version of this project" in done.stdout
    assert "dbt build --full-refresh" in done.stdout
    done = story.project.dbt(*build, "--full-refresh", feed=story.feed)
    assert done.returncode == 0, done.stdout
    assert story.project.query("from marts.fct_nps_by_period order by all") == marts


def test_respondents_are_counted_anew_when_an_answer_comes_or_goes(
    tmp_path: Path,
) -> None:
    """Also when the store was rebuilt, and the run ended before they were counted."""
    story = Story(tmp_path)
    names = {"ann": "2026-03-01", "bob": "2026-03-01", "eve": "2026-03-05"}
    story.deliver(
        "a", *(f"app,s,q,{name},9,{day},{name}" for name, day in names.items())
    )
    story.build()
    assert story.latest("2026-03-05") == [(3, 3)]
    story.deliver("b", "app,s,q,b1,3,2026-03-05,ann")
    story.build()
    assert story.latest("2026-03-05") == [(3, 2)]
    story.take_away("b")
    story.build()
    assert story.latest("2026-03-05") == [(3, 3)]
    story.deliver("b", "app,s,q,b1,3,2026-03-05,ann")
    story.run("--full-refresh", "--select", "+int_survey_answers_stored")
    story.build()
    assert story.latest("2026-03-05") == [(3, 2)]
