"""What a user can get wrong in the definitions, and the sentence that says so."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from cx_warehouse.definitions import SEED_COLUMNS, check_definition_file
from cx_warehouse.feed import FeedError
from tests.harness import Project

Seeds = Mapping[str, Sequence[Mapping[str, str]]]

SCALE = {
    "scale_id": "five",
    "min_score": "1",
    "max_score": "5",
    "best_is_high": "true",
    "top_box_count": "2",
    "bottom_box_count": "2",
}
QUESTION = {
    "source_system": "app",
    "survey_id": "s",
    "question_id": "q",
    "metric": "csat",
    "touchpoint_id": "shop",
    "scale_id": "five",
}
RULE = {
    "rule_id": "tool",
    "metric": "csat",
    "score_unit": "percent",
    "answer_values": "0|100",
    "value_divisor": "1",
    "is_rounded": "false",
}
TOUCHPOINT = {"touchpoint_id": "shop", "survey_kind": "transactional"}

GOOD: Seeds = {
    "rating_scales": [
        SCALE,
        {**SCALE, "scale_id": "nps", "min_score": "0", "max_score": "10"},
        {**SCALE, "scale_id": "from_1", "max_score": "10"},
        {**SCALE, "scale_id": "low", "best_is_high": "FALSE"},
        {**SCALE, "scale_id": "nps_low", "max_score": "10", "best_is_high": "false"},
    ],
    "answer_labels": [{"scale_id": "five", "label": "Good", "score": "5"}],
    "survey_questions": [
        QUESTION,
        {**QUESTION, "question_id": "nps", "metric": "nps", "scale_id": "nps"},
        {**QUESTION, "question_id": "from_1", "metric": "nps", "scale_id": "from_1"},
        {**QUESTION, "question_id": "ces", "metric": "ces", "valid_to": "2026-01-01"},
        {**QUESTION, "question_id": "ces", "metric": "ces", "valid_from": "2026-01-01"},
    ],
    "touchpoints": [
        TOUCHPOINT,
        {**TOUCHPOINT, "touchpoint_id": "brand", "survey_kind": "relationship"},
    ],
    "sources": [{"source_system": "app", "time_zone": "Europe/Berlin"}],
    "excluded_responses": [
        {"source_system": "app", "response_id": "r"},
        {"source_system": "app", "response_id": "r"},
    ],
    "metric_rules": [
        RULE,
        {**RULE, "answer_values": " -999999 | none |999999"},
        {**RULE, "rule_id": "nps", "metric": "nps", "value_divisor": "999999999"},
    ],
}

# Rows that are wrong, with the row's name and the problem that is found in it. Each row
# is added to the good ones; all of them are built together.
Case = tuple[str, dict[str, str], str, str]

UNKNOWN_SCALE = "scale_id is unknown: rating_scales has no such scale"
UNKNOWN_TOUCHPOINT = "touchpoint_id is unknown: touchpoints has no such touchpoint"
NOT_NPS = "an nps question needs a scale 0-10 or 1-10, the high end best"
ZONE = "time_zone must be an IANA name such as Europe/Berlin"
TOP = "top_box_count must be a whole number, at least 1"
BOTTOM = "bottom_box_count must be a whole number, at least 0"
WHOLE = "min_score and max_score must be whole numbers"
TOO_MANY = "top and bottom boxes are more than the points of the scale"
SAME_DAY = "another row of the question is valid on the same day"
VALUES = (
    "answer_values must be one value for each point of the scale, the worst first,"
    " such as 0|0|100: whole numbers, or none"
)
DIVISOR = "value_divisor must be a whole number, at least 1"
AGREE = (
    "all rows of a rule must agree in metric, used_by, score_unit, value_divisor and"
    " is_rounded"
)
RULE_TWICE = "the rule stands there twice for a scale of so many points"
TWICE = "label stands there twice for this scale (case does not count)"


def scale(name: str, problem: str, **cells: str) -> Case:
    """A row of rating_scales."""
    return ("rating_scales", {**SCALE, "scale_id": name, **cells}, name, problem)


def label(name: str, score: str, problem: str, scale_id: str = "five") -> Case:
    """A row of answer_labels."""
    row = {"scale_id": scale_id, "label": name, "score": score}
    return ("answer_labels", row, f"{scale_id}, {name.strip().lower()}", problem)


def question(name: str, problem: str, **cells: str) -> Case:
    """A row of survey_questions."""
    row = {**QUESTION, "question_id": name, **cells}
    start = cells.get("valid_from", "the beginning")
    return ("survey_questions", row, f"app, s, {name}, valid from {start}", problem)


def touchpoint(name: str, problem: str, **cells: str) -> Case:
    """A row of touchpoints."""
    return (
        "touchpoints",
        {**TOUCHPOINT, "touchpoint_id": name, **cells},
        name,
        problem,
    )


def source(name: str, zone: str, problem: str) -> Case:
    """A row of sources."""
    return ("sources", {"source_system": name, "time_zone": zone}, name, problem)


def rule(name: str, problem: str, values: str = "0|100", **cells: str) -> Case:
    """A row of metric_rules."""
    row = {**RULE, "rule_id": name, "answer_values": values, **cells}
    return ("metric_rules", row, f"{name}, {values or '(empty)'}", problem)


CASES: list[Case] = [
    scale("twice", "scale_id stands there twice"),
    scale("twice", "scale_id stands there twice", max_score="7"),
    scale("equal ends", "min_score must be below max_score", min_score="5"),
    scale("upside down", "min_score must be below max_score", min_score="9"),
    scale("no min", WHOLE, min_score=""),
    scale("half a max", WHOLE, max_score="5.5"),
    scale("max in words", WHOLE, max_score="five"),
    scale("no top box", TOP, top_box_count="0"),
    scale("half a top box", TOP, top_box_count="1.5"),
    scale("negative bottom box", BOTTOM, bottom_box_count="-1"),
    scale("empty bottom box", BOTTOM, bottom_box_count=""),
    scale("six boxes of five", TOO_MANY, top_box_count="3", bottom_box_count="3"),
    scale("yes", "best_is_high must be true or false", best_is_high="yes"),
    scale("1", "best_is_high must be true or false", best_is_high="1"),
    scale("no direction", "best_is_high must be true or false", best_is_high=""),
    label("Great", "4", TWICE),
    label(" GREAT\t", "4", TWICE),
    label("below", "0", "score must be a point of the scale"),
    label("above", "6", "score must be a point of the scale"),
    label("between", "4.5", "score must be a point of the scale"),
    label("no score", "", "score must be a point of the scale"),
    label("elsewhere", "4", UNKNOWN_SCALE, scale_id="six"),
    question("reversed", NOT_NPS, metric="nps", scale_id="nps_low"),
    question("on five", NOT_NPS, metric="nps"),
    question("unknown scale", UNKNOWN_SCALE, scale_id="FIVE"),
    question("unknown touchpoint", UNKNOWN_TOUCHPOINT, touchpoint_id="shop "),
    question("unknown metric", "metric must be csat, nps or ces", metric="CSAT"),
    question("no metric", "metric is empty", metric=""),
    question(
        "no day",
        "valid_from must be before valid_to",
        valid_from="2026-01-01",
        valid_to="2026-01-01",
    ),
    question(
        "backwards",
        "valid_from must be before valid_to",
        valid_from="2026-01-02",
        valid_to="2026-01-01",
    ),
    question(
        "day first",
        "valid_from must be a date such as 2026-01-31",
        valid_from="31.01.2026",
    ),
    question(
        "no such day",
        "valid_to must be a date such as 2026-01-31",
        valid_to="2026-02-30",
    ),
    question("q", SAME_DAY),
    question("ces", SAME_DAY, metric="ces", valid_from="2026-06-01"),
    touchpoint("two", "touchpoint_id stands there twice"),
    touchpoint("two", "touchpoint_id stands there twice", survey_kind="relationship"),
    touchpoint(
        "kind",
        "survey_kind must be transactional or relationship",
        survey_kind="Relationship",
    ),
    touchpoint("no kind", "survey_kind is empty", survey_kind=""),
    touchpoint("order", "journey_order must be a whole number", journey_order="1st"),
    source("web", "UTC", "source_system stands there twice"),
    source("web", "Asia/Tokyo", "source_system stands there twice"),
    source("moon", "Moon/Copernicus", ZONE),
    source("abbreviation", "CEST", ZONE),
    source("offset", "+02:00", ZONE),
    source("no zone", "", "time_zone is empty"),
    rule("twice", RULE_TWICE),
    rule("twice", RULE_TWICE, "0|99"),
    rule("effort", "metric must be csat, nps or ces", metric="effort"),
    rule("pct", "score_unit must be percent, points or mean", score_unit="pct"),
    rule("no values", VALUES, ""),
    rule("comma", VALUES, "0,100"),
    rule("a point", VALUES, "0|33.3|100"),
    rule("an empty point", VALUES, "0||100"),
    rule("by nothing", DIVISOR, value_divisor="0"),
    rule("by a half", DIVISOR, value_divisor="0.5"),
    rule("perhaps", "is_rounded must be true or false", is_rounded="perhaps"),
    rule("two minds", AGREE),
    rule("two minds", AGREE, "0|50|100", used_by="a tool"),
]


def feed_without_rows(directory: Path) -> Path:
    """A feed that is right, so that only the definitions can be wrong."""
    directory.mkdir()
    header = "source_system,survey_id,question_id,response_id,answer,responded_at\n"
    (directory / "survey_answers.csv").write_text(header)
    return directory


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A feed with a header and no rows."""
    return feed_without_rows(tmp_path_factory.mktemp("definitions") / "feed")


def build(
    directory: Path, seeds: Seeds, feed: Path, **variables: Any
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """Build seeds and models."""
    project = Project(directory)
    project.write_definitions(seeds)
    selection = ("--exclude-resource-type", "test", "unit_test")
    return project, project.dbt("build", *selection, feed=feed, variables=variables)


def message(done: subprocess.CompletedProcess[str]) -> str:
    """What dbt printed, on one line."""
    return " ".join(done.stdout.split())


@pytest.fixture(scope="module")
def wrong(
    tmp_path_factory: pytest.TempPathFactory, feed: Path
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """One build in which every case is wrong at once."""
    seeds: dict[str, list[Mapping[str, str]]] = {
        seed: [*GOOD[seed], *(row for name, row, _, _ in CASES if name == seed)]
        for seed in SEED_COLUMNS
    }
    return build(
        tmp_path_factory.mktemp("wrong"),
        seeds,
        feed,
        reporting_time_zone="Berlin",
        as_of="31/01/2026",
    )


def test_every_problem_is_found_and_no_other(
    wrong: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    """Each by its seed and row; the rows that are right have none."""
    project, _ = wrong
    found = project.query(
        "select seed_name, seed_row, problem from intermediate.int_definition_problems"
    )
    variables = [
        (
            "vars",
            "reporting_time_zone",
            "it must be an IANA name such as Europe/Berlin",
        ),
        (
            "vars",
            "as_of",
            "it must be a timestamp such as 2026-01-31T12:00:00Z",
        ),
    ]
    expected = [(seed, row, problem) for seed, _, row, problem in CASES] + variables
    assert sorted(found) == sorted(expected)


def test_problems_stop_the_build_with_the_first_of_them(
    wrong: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    """The message names seed and row, and where the others are; no mart is built."""
    project, done = wrong
    assert done.returncode != 0
    said = message(done)
    assert (
        f"Definitions with {len(CASES) + 2} problem(s), the first: answer_labels, row"
        f" five, above: score must be a point of the scale. All are in"
        " int_definition_problems." in said
    )
    assert (
        project.query("select * from duckdb_tables() where schema_name = 'marts'") == []
    )


def test_good_definitions_and_an_empty_feed_build_empty_marts(
    tmp_path: Path, feed: Path
) -> None:
    """Rows at the limit of every rule pass, and a feed without rows is no error."""
    project, done = build(tmp_path, GOOD, feed)
    assert done.returncode == 0, done.stdout
    assert project.query("select count(*) from marts.dim_touchpoints") == [(2,)]
    assert project.query("select count(*) from marts.dim_survey_questions") == [(5,)]
    for mart in ("dim_periods", "fct_survey_answers", "fct_nps_by_period"):
        assert project.query(f"select count(*) from marts.{mart}") == [(0,)]


def test_month_that_is_none_stops_the_build(tmp_path: Path, feed: Path) -> None:
    """The message names the var and what it may be."""
    _, done = build(tmp_path, GOOD, feed, fiscal_year_start_month=13)
    assert done.returncode != 0
    assert (
        "vars, row fiscal_year_start_month: it must be a month from 1 to 12"
        in message(done)
    )


def test_columns_of_a_seed_are_found_by_name(tmp_path: Path, feed: Path) -> None:
    """A seed whose columns change places means the same, in an old warehouse too."""
    project, done = build(tmp_path, GOOD, feed)
    assert done.returncode == 0, done.stdout
    scales = "select * from staging.stg_definitions__rating_scales order by all"
    before = project.query(scales)
    path = project.root / "seeds" / "definitions" / "rating_scales.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["order", "my, note", *sorted(rows[0])])
        writer.writeheader()
        writer.writerows({**row, "order": "1,000 %", "my, note": "ü"} for row in rows)
    done = project.dbt("build", "--select", "rating_scales+1", feed=feed)
    assert done.returncode == 0, done.stdout
    assert project.query(scales) == before


# The seeds as files: what can be wrong with them before a cell is read.

FILES: dict[str, tuple[str, bytes, str]] = {
    "a column is missing": (
        "sources",
        b"source_system\napp\n",
        "sources.csv lacks the column time_zone: its header has source_system; column"
        " names in seeds are written exactly so.",
    ),
    "a column in another case": (
        "sources",
        b"source_system,Time_Zone\napp,UTC\n",
        "sources.csv lacks the column time_zone",
    ),
    "a row with a cell too many": (
        "touchpoints",
        b"touchpoint_id,touchpoint_name,journey_stage,journey_order,survey_kind\n"
        b"shop,Shop, buy,1,1,transactional\n",
        "touchpoints.csv, line 2: this row has 6 cells, the header has 5",
    ),
    "a quote inside a cell": (
        "answer_labels",
        b'scale_id,label,score\nfive,so "so",3\n',
        "answer_labels.csv, line 2: a quote is never closed or stands inside a cell",
    ),
    "Latin-1": (
        "answer_labels",
        "scale_id,label,score\nfive,Très bien,5\n".encode("latin-1"),
        "answer_labels.csv, line 2: not UTF-8",
    ),
    "an empty file": ("sources", b"", "sources.csv, line 1: no header row"),
}


def write_seed_files(directory: Path) -> None:
    """All seeds, with their headers only."""
    for seed, columns in SEED_COLUMNS.items():
        (directory / f"{seed}.csv").write_text(",".join(columns) + "\n")


@pytest.mark.parametrize("case", FILES)
def test_file_that_cannot_be_read_whole(case: str, tmp_path: Path) -> None:
    """The sentence names the seed, and the line or column."""
    seed, content, sentence = FILES[case]
    write_seed_files(tmp_path)
    check_definition_file(tmp_path, seed)
    (tmp_path / f"{seed}.csv").write_bytes(content)
    with pytest.raises(FeedError) as caught:
        check_definition_file(tmp_path, seed)
    assert sentence in str(caught.value)


def test_file_that_is_missing(tmp_path: Path) -> None:
    """All seeds must be there."""
    write_seed_files(tmp_path)
    (tmp_path / "touchpoints.csv").unlink()
    with pytest.raises(FeedError, match=r"touchpoints\.csv is missing: a seed"):
        check_definition_file(tmp_path, "touchpoints")


def test_file_stops_the_build(tmp_path: Path, feed: Path) -> None:
    """The same sentence reaches the user of dbt."""
    project = Project(tmp_path)
    seeds = project.root / "seeds" / "definitions"
    (seeds / "sources.csv").write_bytes(b"source_system,time_zone\napp\n")
    done = project.dbt("build", "--select", "sources", feed=feed)
    assert done.returncode != 0
    assert "sources.csv, line 2: this row has 1 of" in message(done)
