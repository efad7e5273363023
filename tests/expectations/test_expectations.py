"""The check passes on sound warehouses, and every expectation is seen to fail."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from cx_warehouse.__main__ import main
from cx_warehouse.expectations import FACTS, build_suites
from tests.harness import Project

Answer = tuple[str, str, str]
Definitions = Mapping[str, Sequence[Mapping[str, object]]]

# The contract allows spaces and a zero fraction in a whole number.
SCALES = {"five": ("1", "5"), "seven": (" 1", "7.0"), "it's 0-10": ("0", "10")}
TOUCHPOINTS = {"shop": "transactional", "brand": "relationship"}


def question(
    question_id: str,
    metric: str,
    scale_id: str,
    touchpoint_id: str = "shop",
    **more: str,
) -> dict[str, object]:
    return {
        "source_system": "tool",
        "survey_id": "survey",
        "question_id": question_id,
        "metric": metric,
        "scale_id": scale_id,
        "touchpoint_id": touchpoint_id,
        **more,
    }


def definitions(questions: Sequence[Mapping[str, object]]) -> Definitions:
    return {
        "rating_scales": [
            {
                "scale_id": scale_id,
                "min_score": min_score,
                "max_score": max_score,
                "best_is_high": "true",
                "top_box_count": 2,
                "bottom_box_count": 2,
            }
            for scale_id, (min_score, max_score) in SCALES.items()
        ],
        "answer_labels": [
            {"scale_id": "five", "label": "Very good", "score": 5},
        ],
        "survey_questions": questions,
        "touchpoints": [
            {
                "touchpoint_id": touchpoint_id,
                "touchpoint_name": touchpoint_id,
                "journey_stage": "use",
                "journey_order": 1,
                "survey_kind": survey_kind,
            }
            for touchpoint_id, survey_kind in TOUCHPOINTS.items()
        ],
    }


def built(
    directory: Path,
    questions: Sequence[Mapping[str, object]],
    answers: Iterable[Answer],
) -> Project:
    """A warehouse of (question_id, day, answer) rows, each a response of its own."""
    feed = directory / "feed"
    feed.mkdir()
    with (feed / "survey_answers.csv").open(
        "w", newline="", encoding="utf-8"
    ) as stream:
        writer = csv.writer(stream)
        ids = ["source_system", "survey_id", "question_id", "response_id"]
        writer.writerow([*ids, "responded_at", "answer"])
        for number, (question_id, day, answer) in enumerate(answers):
            writer.writerow(["tool", "survey", question_id, number, day, answer])
    project = Project(directory)
    project.write_definitions(definitions(questions))
    project.build(feed)
    return project


def check(
    capsys: pytest.CaptureFixture[str], warehouse: Path, *more: str
) -> tuple[int, list[str]]:
    """The exit code of the check and its sentences on what failed."""
    docs = warehouse.parent / "data_docs"
    code = main(
        ["check", "--warehouse", str(warehouse), "--data-docs", str(docs), *more]
    )
    *failed, verdict, pages = capsys.readouterr().out.splitlines()
    end = "all hold" if code == 0 else f"{len(failed)} failures"
    assert re.fullmatch(rf"\d+ expectations on 8 tables: {end}\.", verdict)
    assert pages == f"Data Docs: {docs / 'index.html'}"
    assert (docs / "index.html").is_file()
    assert all(sentence.startswith("FAIL ") for sentence in failed)
    return code, [sentence.removeprefix("FAIL ") for sentence in failed]


# Misfits: one warehouse, one question for each case.

EARLY, LATE = "2025-03-01", "2025-09-01"

MISFIT_QUESTIONS = [
    question("wrong", "csat", "five"),
    question("nine", "csat", "five"),
    question("ten", "csat", "five"),
    question("two_percent", "csat", "five"),
    question("more", "csat", "five"),
    question("halves", "csat", "five"),
    question("changed", "csat", "five", valid_to="2025-07-01"),
    question("changed", "csat", "seven", valid_from="2025-07-01"),
    question("invisible", "csat", "five"),
]
MISFIT_ANSWERS: list[Answer] = [
    # A 7-point question that is mapped to 5 points.
    *(("wrong", EARLY, score) for score in "1234567" * 5),
    *(("wrong", EARLY, "7") for _ in range(2)),
    ("wrong", EARLY, "99"),
    ("wrong", EARLY, "100"),
    *(("nine", EARLY, "6") for _ in range(9)),
    ("nine", EARLY, "5"),
    *(("ten", EARLY, "6") for _ in range(10)),
    *(("two_percent", EARLY, "5") for _ in range(490)),
    *(("two_percent", EARLY, "good") for _ in range(10)),
    # What is skipped is no answer that could fit: it does not thin the misfits out.
    *(("more", EARLY, "5") for _ in range(489)),
    *(("more", EARLY, "good") for _ in range(10)),
    *(("more", EARLY, "") for _ in range(100)),
    # A number between two points counts among the answers, but is no misfit.
    *(("halves", EARLY, "5") for _ in range(440)),
    *(("halves", EARLY, "4.5") for _ in range(50)),
    *(("halves", EARLY, "6") for _ in range(10)),
    # The wider scale came in before the definitions say so.
    *(("changed", EARLY, "7") for _ in range(20)),
    *(("changed", LATE, "7") for _ in range(1200)),
    ("changed", LATE, "8"),
    *(("invisible", EARLY, "Very\u00a0good") for _ in range(10)),
]


@pytest.fixture(scope="module")
def misfits(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("misfits")
    return built(folder, MISFIT_QUESTIONS, MISFIT_ANSWERS)


def test_a_wrong_mapping_is_named_with_its_scale_share_and_commonest_values(
    misfits: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    code, failed = check(capsys, misfits.warehouse)
    assert code == 1
    told = {
        (found["question"], found["scale"]): (
            found["share"],
            found["count"],
            found["all"],
            found["values"],
        )
        for sentence in failed
        if (
            found := re.fullmatch(
                r"source_system tool, survey survey, question (?P<question>\w+), "
                r"scale (?P<scale>\w+): at most 2 % of a question's answers are off "
                r"the scale or an unknown label, but (?P<share>\S+) % are "
                r"\((?P<count>\S+) of (?P<all>\S+)\), most often (?P<values>.+): the "
                r"question's scale or the scale's labels in seeds/definitions do not "
                r"match what was asked\.",
                sentence,
            )
        )
    }
    assert len(told) == len(failed)
    assert told == {
        ("wrong", "five"): ("35.9", "14", "39", '"7" (7), "6" (5), "100" (1)'),
        ("ten", "five"): ("100", "10", "10", '"6" (10)'),
        ("more", "five"): ("2.004", "10", "499", '"good" (10)'),
        ("changed", "five"): ("100", "20", "20", '"7" (20)'),
        ("invisible", "five"): ("100", "10", "10", r'"Very\xa0good" (10)'),
    }


def test_another_maximum_on_the_command_line_or_in_the_project_is_heeded(
    misfits: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    code, failed = check(capsys, misfits.warehouse, "--maximum-misfit-pct", "99.9")
    assert (code, len(failed)) == (1, 3)
    assert check(capsys, misfits.warehouse, "--maximum-misfit-pct", "100") == (0, [])
    _, failed = check(capsys, misfits.warehouse, "--maximum-misfit-pct", "0")
    assert {"two_percent", "halves"} <= {
        word for sentence in failed for word in re.findall(r"question (\w+)", sentence)
    }
    assert "question nine" not in "".join(failed)

    settings = misfits.root / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("maximum_misfit_pct: 2\n") == 1
    for maximum, code in (("100.0", 0), ("101", 2), ("null", 2)):
        settings.write_text(
            text.replace("maximum_misfit_pct: 2\n", f"maximum_misfit_pct: {maximum}\n"),
            encoding="utf-8",
        )
        done = subprocess.run(
            [sys.executable, "-m", "cx_warehouse", "check"],
            cwd=misfits.root,
            env={**os.environ, "CX_WAREHOUSE_PATH": str(misfits.warehouse)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        if code == 2:
            assert "must give the var maximum_misfit_pct, from 0 to 100" in done.stderr
        else:
            assert done.stderr == ""
    assert (misfits.root / "target" / "data_docs" / "index.html").is_file()


@pytest.mark.parametrize("maximum", ["-1", "101", "nan", "two"])
def test_a_maximum_that_is_no_percentage_is_refused(
    maximum: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["check", f"--maximum-misfit-pct={maximum}"])
    assert "--maximum-misfit-pct" in capsys.readouterr().err


# A sound warehouse, and what each expectation says when it no longer is.

SOUND_QUESTIONS = [
    question("satisfied", "csat", "five"),
    question("easy", "ces", "seven"),
    question("recommend", "nps", "it's 0-10"),
    question("recommend_brand", "nps", "it's 0-10", "brand"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("sound")
    answers = [
        ("satisfied", EARLY, "1"),
        ("satisfied", EARLY, "3"),
        ("satisfied", EARLY, "Very good"),
        ("easy", EARLY, "1"),
        ("easy", EARLY, "7"),
        ("recommend", EARLY, "0"),
        ("recommend", EARLY, "8"),
        ("recommend", EARLY, "10"),
        ("recommend_brand", EARLY, "10"),
    ]
    return built(folder, SOUND_QUESTIONS, answers)


def tampered(project: Project, directory: Path, *statements: str) -> Path:
    """A copy of the warehouse, without constraints, that statements have changed."""
    copy = directory / "copy of the warehouse.duckdb"
    shutil.copy(project.warehouse, copy)
    with duckdb.connect(copy) as connection:
        for fact in (*(fact.name for fact in FACTS), "fct_score_counts_by_day"):
            connection.execute(
                f"create or replace table marts.{fact} as select * from marts.{fact}"
            )
        for statement in statements:
            connection.execute(statement)
    return copy


def rules(warehouse: Path) -> set[str]:
    """Every expectation, as a sentence on its failure begins."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return {
            f"{suite.name}: {expectation.meta['rule']}"
            for suite in build_suites(connection, 2)
            for expectation in suite.expectations
        }


def updates(column: str, value: str) -> list[str]:
    return [f"update marts.{fact.name} set {column} = {value}" for fact in FACTS]


def score_updates(value: str) -> list[str]:
    return [
        f"update marts.{fact.name} set {score} = {value.format(*bounds)}"
        for fact in FACTS
        for score, bounds in fact.score.bounds.items()
    ]


def category_updates(value: str) -> list[str]:
    """Change each fact's first category, and leave the sum as it was or not."""
    return [
        f"update marts.{fact.name} set {fact.score.categories[0]} = "
        + value.format(fact.score.categories[0])
        for fact in FACTS
    ]


def negative_categories() -> list[str]:
    return [
        f"update marts.{fact.name} set response_count = response_count"
        + "".join(f", {category} = -1" for category in fact.score.categories)
        for fact in FACTS
    ]


PARTITIONS = {
    f"{fact.name}: {' + '.join(fact.score.categories)} is response_count"
    for fact in FACTS
}
ROWS = {f"{fact.name}: a row exists only where an answer does" for fact in FACTS}
NEGATIVES = {
    f"{fact.name}: {category} is never negative"
    for fact in FACTS
    for category in fact.score.categories
}
BOUNDS = {
    f"{fact.name}: {score} lies within {minimum} to {maximum}"
    for fact in FACTS
    for score, (minimum, maximum) in fact.score.bounds.items()
}
VALUES = {
    f"{fact.name}: {score} is there where an answer is"
    for fact in FACTS
    for score in fact.score.bounds
}
SCORES = {
    f"question_scores: a score on this scale lies within {points}"
    for points in ("1 to 5", "1 to 7", "0 to 10")
}
A_SCORE = {"question_scores: every accepted answer has a score"}
A_DEFINED_SCALE = {
    "question_scores: a question has the scale that the definitions give it"
}
A_SHARE = {"question_misfits: the share of misfits is known"}

TAMPERED: dict[str, tuple[list[str], set[str]]] = {
    "scores above their bounds": (score_updates("{1} + 0.001"), BOUNDS),
    "scores below their bounds": (score_updates("{0} - 0.001"), BOUNDS),
    "infinite scores": (score_updates("'inf'"), BOUNDS),
    "one score out of its bounds": (
        [
            "update marts.fct_nps_by_touchpoint_period set nps = 150 "
            "where touchpoint_id = 'shop' and period_grain = 'year'"
        ],
        {"fct_nps_by_touchpoint_period: nps lies within -100 to 100"},
    ),
    "no scores": (score_updates("null"), VALUES),
    "scores that are no numbers": (score_updates("'nan'"), VALUES),
    "a category more": (category_updates("{} + 1"), PARTITIONS),
    "no category": (category_updates("null"), PARTITIONS),
    "negative categories": (negative_categories(), PARTITIONS | NEGATIVES),
    "no answers": (updates("response_count", "0"), PARTITIONS | ROWS),
    "unknown answers": (updates("response_count", "null"), PARTITIONS),
    "scores above their scales": (
        [
            "update marts.fct_score_counts_by_day set score = "
            "case scale_id when 'five' then 6 when 'seven' then 8 else 11 end"
        ],
        SCORES,
    ),
    "scores below their scales": (
        [
            "update marts.fct_score_counts_by_day set score = "
            "case when scale_id in ('five', 'seven') then 0 else -1 end"
        ],
        SCORES,
    ),
    "answers without a score": (
        ["update marts.fct_score_counts_by_day set score = null"],
        A_SCORE,
    ),
    "the scale of another question": (
        ["update marts.fct_score_counts_by_day set scale_id = 'it''s 0-10'"],
        A_DEFINED_SCALE,
    ),
    "no scale": (
        ["update marts.fct_score_counts_by_day set scale_id = null"],
        A_DEFINED_SCALE,
    ),
    "a question without a definition": (
        ["delete from definitions.survey_questions where question_id = 'easy'"],
        A_DEFINED_SCALE,
    ),
    "a scale without a definition": (
        ["delete from definitions.rating_scales where scale_id = 'seven'"],
        A_DEFINED_SCALE,
    ),
    "a scale whose definition is narrower": (
        ["update definitions.rating_scales set max_score = '6' where min_score = ' 1'"],
        {"question_scores: a score on this scale lies within 1 to 6"},
    ),
    "no counted answers": (
        ["update marts.fct_score_counts_by_day set answer_count = 0"],
        A_SHARE,
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_tampered_warehouse_fails_for_its_reason(
    case: str,
    sound: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    statements, expected = TAMPERED[case]
    copy = tampered(sound, tmp_path, *statements)
    code, failed = check(capsys, copy)
    assert code == 1
    assert {sentence.partition(", but ")[0] for sentence in failed} == expected


def test_every_expectation_has_been_seen_to_fail(sound: Project) -> None:
    told = set().union(*(expected for _, expected in TAMPERED.values()))
    [misfit_rule] = rules(sound.warehouse) - told
    assert misfit_rule.startswith("question_misfits: at most 2 %")


def test_a_sound_warehouse_passes_and_replaces_earlier_data_docs(
    sound: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(capsys, sound.warehouse) == (0, [])
    pages = set((sound.warehouse.parent / "data_docs").rglob("*.html"))
    assert check(capsys, sound.warehouse) == (0, [])
    again = set((sound.warehouse.parent / "data_docs").rglob("*.html"))
    # The index, and for each suite one page of expectations and one of results.
    assert len(pages) == len(again) == 1 + 2 * 8


def test_a_failure_names_the_row_and_the_value(
    sound: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tampered(
        sound,
        tmp_path,
        "update marts.fct_nps_by_period set nps = 150 "
        "where survey_kind = 'relationship' and period_grain in ('year', 'month')",
        "update marts.fct_csat_by_touchpoint_period set neutral_count = 2 "
        "where period_grain = 'year'",
        "update marts.fct_ces_by_period set ces_pct = null where period_grain = 'day'",
        "update marts.fct_score_counts_by_day set score = 9 where score = 5",
    )
    _, failed = check(capsys, copy)
    assert sorted(failed) == [
        "fct_ces_by_period: ces_pct is there where an answer is, but ces_pct is null "
        "in period day:2025-03-01.",
        "fct_csat_by_touchpoint_period: satisfied_count + neutral_count + "
        "dissatisfied_count is response_count, but category_sum is 4 and "
        "response_count is 3 in touchpoint shop, period year:2025-01-01.",
        "fct_nps_by_period: nps lies within -100 to 100, but nps is 150 in "
        "survey_kind relationship, period month:2025-03-01 (and 1 more).",
        "question_scores: a score on this scale lies within 1 to 5, but score is 9 in "
        "source_system tool, survey survey, question satisfied, scale five.",
    ]


# Marts with nothing in them.


@pytest.mark.parametrize(
    "answers",
    [[], [("satisfied", EARLY, "5")]],
    ids=["a header only", "no NPS and no CES"],
)
def test_empty_marts_pass(
    answers: list[Answer], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = built(tmp_path, SOUND_QUESTIONS, answers)
    assert check(capsys, project.warehouse) == (0, [])


# What the user has to put right.


def test_data_docs_that_cannot_be_written_are_an_error(
    sound: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").touch()
    docs = tmp_path / "a file" / "docs"
    options = ["--warehouse", str(sound.warehouse), "--data-docs", str(docs)]
    assert main(["check", *options]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_warehouse_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--warehouse", str(tmp_path / "none"), "--data-docs", str(tmp_path)]
    assert main(["check", *options]) == 2
    assert "there is no warehouse at" in capsys.readouterr().err
