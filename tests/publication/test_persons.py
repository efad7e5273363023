"""No respondent, comment or answer of a feed is anywhere in what is published.

The bytes of the files say nothing, for they are compressed: every column of every
relation is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cx_warehouse.expectations import check
from cx_warehouse.publication import publish
from tests.harness import Project

SCALES = {"csat": ("five", 1, 5), "ces": ("seven", 1, 7), "nps": ("eleven", 0, 10)}
LABEL = "Overwhelmingly delighted"
# The public marts, as docs/publication.md lists them.
MART_COUNT = 23


def definitions() -> dict[str, list[dict[str, Any]]]:
    return {
        "rating_scales": [
            {
                "scale_id": scale_id,
                "min_score": low,
                "max_score": high,
                "best_is_high": "true",
                "top_box_count": 2,
                "bottom_box_count": 2,
                "blank_codes": "Rather not say",
                "not_applicable_codes": "Never been there",
            }
            for scale_id, low, high in SCALES.values()
        ],
        "answer_labels": [{"scale_id": "five", "label": LABEL, "score": 5}],
        "survey_questions": [
            {
                "source_system": "tool",
                "survey_id": "survey",
                "question_id": metric,
                "question_text": f"A {metric} question",
                "metric": metric,
                "scale_id": scale_id,
                "touchpoint_id": "shop",
            }
            for metric, (scale_id, _, _) in SCALES.items()
        ],
        "touchpoints": [{"touchpoint_id": "shop", "survey_kind": "transactional"}],
        "excluded_responses": [
            {"source_system": "tool", "response_id": "response-3-of-one-person"}
        ],
    }


def answers() -> Iterator[dict[str, str]]:
    """Rows of every fate, each with texts that stand nowhere else."""
    texts = (
        *(LABEL, "Rather not say", "Never been there", "4826153907", "-5550123"),
        *("6.512345", "An angry word", " 4.000000000000001 "),
    )
    for number in range(120):
        metric = tuple(SCALES)[number % 3]
        # A whole number all the same, and written as no other is.
        score = f"{1 + number % 5}.{'0' * (20 + number)}"
        yield {
            "source_system": "tool",
            "survey_id": "survey",
            "question_id": metric if number % 17 else "a question nobody knows",
            "response_id": f"response-{number // 2}-of-one-person",
            "respondent_id": f"respondent-{number // 2}-with-a-name",
            "answer": score if number % 4 else texts[number // 4 % len(texts)],
            "comment": f"Comment {number} by somebody",
            "responded_at": f"2026-0{1 + number % 3}-11" if number % 19 else "never",
            "updated_at": f"2026-06-01T00:00:{number % 60:02}",
            "response_status": "preview" if number % 13 == 0 else "",
            "channel": "web",
            "segment": "consumer",
        }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A project built on the distinctive feed, and the folder it is published to."""
    directory = tmp_path_factory.mktemp("persons")
    project = Project(directory)
    project.write_definitions(definitions())
    feed = directory / "feed"
    feed.mkdir()
    rows = list(answers())
    with (feed / "survey_answers.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows([*rows, rows[1]])
    project.build(feed, tests=True)
    # The answers off the scale are too many for a real survey.
    check(project.warehouse, directory / "data_docs")
    ((build,),) = project.query(
        "select distinct invocation_id from intermediate.int_builds_passed"
    )
    Path(f"{project.warehouse}.checked").write_text(build)
    publish(project.warehouse, directory / "published")
    return project, directory / "published"


def secrets() -> set[str]:
    """What must not be found: all that is about one person."""
    columns = ("respondent_id", "response_id", "comment", "answer")
    return {row[column] for row in answers() for column in columns}


def found_in(values: set[str]) -> set[str]:
    """The secrets that are, or are part of, one of some values."""
    return {secret for secret in secrets() if any(secret in value for value in values)}


def values_of(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: list[str]
) -> set[str]:
    """Every value of every column, as text."""
    return {
        value
        for column in columns
        for (value,) in connection.execute(
            f'select distinct cast("{column}" as varchar) from {relation}'
            f' where "{column}" is not null'
        ).fetchall()
    }


def test_nothing_about_persons_is_in_the_file(told: tuple[Project, Path]) -> None:
    with duckdb.connect(told[1] / "cx_serving.duckdb", read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name, list(column_name)"
            " from information_schema.columns group by all"
        ).fetchall()
        assert len(tables) == MART_COUNT + 1 + 2
        values = {
            value
            for table, columns in tables
            for value in values_of(connection, table, columns)
        }
    assert "a question nobody knows" in values
    assert found_in(values) == set()


def test_nothing_about_persons_is_in_the_snapshot(told: tuple[Project, Path]) -> None:
    files = list((told[1] / "current").iterdir())
    assert len(files) == MART_COUNT + 1
    with duckdb.connect() as connection:
        for path in files:
            columns = connection.sql(f"from '{path}'").columns
            assert found_in(values_of(connection, f"'{path}'", columns)) == set(), path


def test_it_would_be_found(told: tuple[Project, Path]) -> None:
    """The same look at the marts for analysts finds all of it."""
    with duckdb.connect(told[0].warehouse, read_only=True) as connection:
        values = {
            value
            for table in ("fct_survey_answers", "fct_unaccepted_answers")
            for value in values_of(
                connection,
                f"marts.{table}",
                connection.table(f"marts.{table}").columns,
            )
        }
        stored = values_of(
            connection, "intermediate.int_survey_answers_judged", ["answer"]
        )
    assert found_in(values | stored) == secrets()
