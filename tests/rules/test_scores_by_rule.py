"""The rules of survey tools on a user's own scales, and what changing a rule does."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Project
from tests.oracle.derived import derived_differences

HEADER = (
    "source_system",
    "survey_id",
    "question_id",
    "response_id",
    "answer",
    "responded_at",
)
SCALE = {
    "min_score": "1",
    "best_is_high": "true",
    "top_box_count": "2",
    "bottom_box_count": "2",
}
QUESTION = {
    "source_system": "app",
    "survey_id": "s",
    "metric": "csat",
    "touchpoint_id": "shop",
}
DEFINITIONS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "rating_scales": [
        {**SCALE, "scale_id": "nine", "max_score": "9", "best_is_high": "false"},
        {**SCALE, "scale_id": "five", "max_score": "5"},
        {**SCALE, "scale_id": "from_0", "min_score": "0", "max_score": "4"},
        {**SCALE, "scale_id": "effort", "max_score": "7", "top_box_count": "3"},
    ],
    "survey_questions": [
        {**QUESTION, "question_id": "q9", "scale_id": "nine"},
        {**QUESTION, "question_id": "q5", "scale_id": "five"},
        {**QUESTION, "question_id": "q0", "scale_id": "from_0"},
        {**QUESTION, "question_id": "qe", "scale_id": "effort", "metric": "ces"},
    ],
    "touchpoints": [{"touchpoint_id": "shop", "survey_kind": "transactional"}],
}
# Nobody's tool: the average of nine points rescaled to 0 to 100, rounded; a good point
# less a bad one, which says nothing of the middle.
RULES = [
    {
        "rule_id": "rescaled",
        "metric": "csat",
        "score_unit": "percent",
        "answer_values": "0|100|200|300|400|500|600|700|800",
        "value_divisor": "8",
        "is_rounded": "true",
    },
    {
        "rule_id": "net",
        "metric": "csat",
        "used_by": "ours",
        "score_unit": "points",
        "answer_values": "-100|none| none |none|100",
        "value_divisor": "1",
        "is_rounded": "FALSE",
    },
]
# How often each score was given. Of nine points 1 is best: counted from the worst, the
# answers are 2, 2, 2, 8 and 9. The example of CES is that of the help page of CYS.
SCORES: Mapping[str, Mapping[int, int]] = {
    "q9": {8: 3, 2: 1, 1: 1},
    "q5": {1: 1, 3: 2, 5: 3},
    "q0": {0: 1, 2: 1},
    "qe": {1: 80, 2: 210, 3: 140, 4: 110, 5: 160, 6: 180, 7: 120},
}


def write_feed(directory: Path) -> Path:
    """Answers as in SCORES, all on one day."""
    directory.mkdir()
    with (directory / "survey_answers.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for question, counts in SCORES.items():
            for score, count in counts.items():
                for number in range(count):
                    response = f"{question}-{score}-{number}"
                    writer.writerow(
                        ("app", "s", question, response, score, "2026-01-05")
                    )
    return directory


def scores(project: Project, *columns: str) -> dict[str, tuple[Any, ...]]:
    """The columns for the month of the answers, by rule."""
    rows = project.query(
        f"select rule_id, {', '.join(columns)} from marts.fct_scores_by_rule"
        " where period_id = 'month:2026-01-01'"
    )
    found = {name: values for name, *values in rows}
    assert len(found) == len(rows)
    return {name: tuple(values) for name, values in found.items()}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """Own scales under the rules that ship with the project."""
    directory = tmp_path_factory.mktemp("rules")
    project = Project(directory)
    project.write_definitions(DEFINITIONS)
    feed = write_feed(directory / "feed")
    project.build(feed, tests=True)
    return project, feed


def test_one_example_of_effort_has_three_scores(
    shipped: tuple[Project, Path],
) -> None:
    project, _ = shipped
    found = scores(project, "rule_score", "own_score", "score_difference")
    assert found["cys_ces_average"] == (4.08, 46, None)
    assert found["cys_ces_index"] == (-13, 46, None)
    assert found["simplesat_ces"] == (46, 46, 0)


def test_a_scale_that_a_tool_does_not_know_is_counted(
    shipped: tuple[Project, Path],
) -> None:
    """Thirteen answers, five of them on nine points, of which no tool says anything."""
    project, _ = shipped
    found = scores(
        project, "response_count", "scored_count", "unruled_scale_count", "rule_score"
    )
    assert found["zendesk_csat"] == (13, 8, 5, 37.5)
    assert found["dixa_csat"] == (13, 8, 5, 38)
    assert found["trengo_csat"] == (13, 8, 5, 56.25)


def test_rules_of_ones_own_judge_no_answer_again(shipped: tuple[Project, Path]) -> None:
    """Other rules score the same answers, and no answer is looked at for it."""
    project, feed = shipped
    project.write_definitions({**DEFINITIONS, "metric_rules": RULES})
    done = project.dbt("build", "--exclude-resource-type", "unit_test", feed=feed)
    assert done.returncode == 0, done.stdout
    for nothing in ("int_judging_rules_changed", "int_answer_keys_concerned"):
        assert project.query(f"from intermediate.{nothing}") == []
    found = scores(
        project,
        "scored_count",
        "unruled_point_count",
        "unruled_scale_count",
        "rule_score",
        "score_difference is null",
    )
    # (3 * 100 + 700 + 800) / 8 / 5 is 45; (3 - 2) * 100 / 5 is 20.
    assert found == {
        "rescaled": (5, 0, 8, 45, False),
        "net": (5, 3, 5, 20, True),
    }
    assert derived_differences(project.warehouse, {}) == []


def test_no_rule_at_all_leaves_the_mart_empty(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_definitions({**DEFINITIONS, "metric_rules": []})
    project.build(write_feed(tmp_path / "feed"), tests=True)
    assert project.query("from marts.fct_scores_by_rule") == []
