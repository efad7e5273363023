"""The committed sample is what the generator writes, and holds what it promises."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from cx_warehouse import sample
from cx_warehouse.errors import UserError
from tests.oracle.reference import (
    STATUS_OF_REASON,
    Answer,
    RawRow,
    Row,
    build_marts,
    judge_answers,
    read_definitions,
    read_feed,
)

PROJECT = Path(__file__).resolve().parents[2]
FEED = PROJECT / "sample" / "survey_answers"
DEFINITIONS = PROJECT / "seeds" / "definitions"
CLOCK = datetime(2026, 1, 1, 12)


@cache
def definition_rows(seed: str) -> list[dict[str, str]]:
    """The rows of a definition seed, as text."""
    with (DEFINITIONS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def answers() -> list[Answer]:
    """Every row of the committed feed, judged by the reference."""
    definitions = read_definitions(DEFINITIONS)
    rows = read_feed(FEED.parent)
    return judge_answers(rows, definitions, CLOCK, ZoneInfo("UTC"))


@cache
def accepted() -> list[RawRow]:
    """The accepted rows as they stand in the feed, empty cells as empty text."""
    return [
        {column: text or "" for column, text in answer.raw.items()}
        for answer in answers()
        if answer.status_reason is None
    ]


@cache
def marts() -> dict[str, list[Row]]:
    """The marts of the committed feed, as the reference builds them."""
    return build_marts(FEED.parent, DEFINITIONS, as_of=str(CLOCK))


def feed_files() -> dict[str, bytes]:
    """The committed files, unzipped: a deflated stream differs between zlibs."""
    files = {path.name: path.read_bytes() for path in FEED.iterdir()}
    return {name: unzipped(name, content) for name, content in files.items()}


def unzipped(name: str, content: bytes) -> bytes:
    """What is in a file."""
    return gzip.decompress(content) if name.endswith(".gz") else content


# The files.


def test_generator_writes_the_committed_files() -> None:
    """Every file, to the byte, but for how zlib packs it."""
    written = sample.sample_files()
    committed = feed_files()
    assert sorted(written) == sorted(committed)
    for name, content in written.items():
        assert unzipped(name, content) == committed[name], (
            f"{name} is not what `python -m cx_warehouse sample` writes"
        )


def test_generator_repeats_itself() -> None:
    """Two runs give the same bytes, zipped files too."""
    assert sample.sample_files() == sample.sample_files()


def test_zipped_files_hold_no_time_and_no_name() -> None:
    """The header of gzip is the same on every machine and every day."""
    zipped = [path for path in FEED.iterdir() if path.suffix == ".gz"]
    for path in zipped:
        assert path.read_bytes()[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert len(zipped) == 3


def test_sample_is_small_enough_to_commit() -> None:
    """The whole folder stays below 1.2 MB."""
    assert sum(path.stat().st_size for path in FEED.iterdir()) < 1_200_000


def test_files_differ_as_exports_do() -> None:
    """Columns, their order and case, line ends, byte order mark."""
    contents = feed_files()
    headers = {
        name: content.decode("utf-8-sig").splitlines()[0].split(",")
        for name, content in contents.items()
    }
    lower = {name: [cell.lower() for cell in cells] for name, cells in headers.items()}
    assert sorted(contents) == [
        "delighted.csv",
        "qualtrics.csv.gz",
        "surveymonkey.csv.gz",
        "zendesk.csv.gz",
    ]
    assert headers["zendesk.csv.gz"] != lower["zendesk.csv.gz"]
    assert [name for name in lower if "weight" in lower[name]] == ["delighted.csv"]
    assert "updated_at" not in lower["surveymonkey.csv.gz"]
    assert "duration_in_seconds" in lower["qualtrics.csv.gz"]
    assert len({cells.index("answer") for cells in lower.values()}) == 4
    assert contents["delighted.csv"].startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in contents["zendesk.csv.gz"]
    assert b"\r\n" not in contents["qualtrics.csv.gz"]


def command(*words: str) -> argparse.Namespace:
    """The arguments of the command ``sample``."""
    parser = argparse.ArgumentParser()
    sample.add_parser(parser.add_subparsers())
    return parser.parse_args(["sample", *words])


def test_command_writes_into_the_project_by_default() -> None:
    """What is committed is what the command replaces."""
    assert command().output == FEED


def test_command_makes_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it wrote, and how much."""
    output = tmp_path / "a" / "survey_answers"
    arguments = command("--output", str(output))
    assert arguments.run(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == sorted(
        f"{path}: {path.stat().st_size} bytes" for path in output.iterdir()
    )
    assert len(lines) == 4


def test_command_cannot_write_into_a_file(tmp_path: Path) -> None:
    """A file where the folder should be is an error of the user."""
    output = tmp_path / "file"
    output.touch()
    with pytest.raises(UserError, match="cannot write the sample to"):
        sample.write_sample(output)


# What is in them.


def test_sample_is_worth_looking_at() -> None:
    """At least 20,000 answers, in every month of two years."""
    months = Counter(
        row["period_start_date"]
        for row in marts()["dim_periods"]
        if row["period_grain"] == "month"
    )
    expected = [date(year, month, 1) for year in (2024, 2025) for month in range(1, 13)]
    assert list(months) == expected
    assert len(accepted()) >= 20_000
    assert 24_000 <= len(answers()) <= 30_000


@pytest.mark.parametrize("reason", STATUS_OF_REASON)
def test_every_reason_occurs(reason: str) -> None:
    """Each status_reason of the contract, at least five times."""
    assert sum(answer.status_reason == reason for answer in answers()) >= 5


def test_definitions_fit_the_answers() -> None:
    """Off-scale answers and unknown labels stay below two percent of each question."""
    for row in marts()["fct_answer_counts_by_question"]:
        misfits = row["off_scale_count"] + row["unknown_label_count"]
        assert 50 * misfits <= row["feed_count"]


def test_every_definition_is_used() -> None:
    """Each question and validity, touchpoint, scale and source has answers."""
    used = {answer.question for answer in answers() if answer.status_reason is None}
    assert len(used) == len(definition_rows("survey_questions"))
    for seed, key in (
        ("touchpoints", "touchpoint_id"),
        ("rating_scales", "scale_id"),
        ("sources", "source_system"),
    ):
        defined = {row[key] for row in definition_rows(seed)}
        assert defined == {row[key] for row in marts()["fct_survey_answers"]}


def test_journey_has_eight_touchpoints_and_a_relationship() -> None:
    """The relationship NPS stands beside the journey, as a row of its own."""
    touchpoints = definition_rows("touchpoints")
    kinds = [row["survey_kind"] for row in touchpoints]
    assert kinds == 8 * ["transactional"] + ["relationship"]
    assert [int(row["journey_order"]) for row in touchpoints] == list(range(1, 10))


def test_generator_and_definitions_agree() -> None:
    """What both of them say, they say alike."""
    scales = {row["scale_id"]: row for row in definition_rows("rating_scales")}
    scores = {
        (row["scale_id"], row["label"]): row["score"]
        for row in definition_rows("answer_labels")
    }
    assert set(sample.POINTS) == set(scales)
    for scale_id, points in sample.POINTS.items():
        scale = scales[scale_id]
        ends = [int(scale["min_score"]), int(scale["max_score"])]
        if scale["best_is_high"] == "false":
            ends.reverse()
        worst, best = points[0], points[-1]
        assert int(scores.get((scale_id, worst), worst)) == ends[0]
        assert int(scores.get((scale_id, best), best)) == ends[1]
        assert len(points) == abs(ends[1] - ends[0]) + 1
    validity = {
        (row["question_id"], row["scale_id"]): (row["valid_from"], row["valid_to"])
        for row in definition_rows("survey_questions")
        if row["source_system"] in ("qualtrics", "surveymonkey")
    }
    change = sample.SCALE_CHANGE.isoformat()
    assert validity["onboarding_csat", "words_5"] == ("", change)
    assert validity["onboarding_csat", "points_7"] == (change, "")
    change = sample.LIKELIHOOD_CHANGE.isoformat()
    assert validity["recommend", "likelihood_1_10"] == ("", change)
    assert validity["recommend", "likelihood_0_10"] == (change, "")
    listed = {
        (row["source_system"], row["response_id"])
        for row in definition_rows("excluded_responses")
    }
    assert {
        (source, response_id)
        for source, response_ids in sample.EXCLUDED_RESPONSES.items()
        for response_id in response_ids
    } < listed


@pytest.mark.parametrize("mood", sample.MOODS)
def test_shares_of_a_mood_are_percent(mood: str) -> None:
    """A share for each point of the scale, together 100."""
    scale, shares = sample.MOODS[mood]
    assert len(shares) == len(sample.POINTS[scale])
    assert sum(shares) == 100


Oddity = Callable[[RawRow], bool]


def has(column: str, text: str | None) -> Oddity:
    """A cell that is just this text."""
    return lambda row: row[column] == text


def contains(column: str, text: str) -> Oddity:
    """A cell with this text in it."""
    return lambda row: text in (row[column] or "")


def both(one: Oddity, other: Oddity) -> Oddity:
    """A row that is odd in two ways."""
    return lambda row: one(row) and other(row)


ODDITIES: dict[str, Oddity] = {
    "a whole number with a point": has("answer", "7.0"),
    "spaces around a number": has("answer", " 7 "),
    "a tab behind a number": has("answer", "9\t"),
    "a label in lower case": has("answer", "very satisfied"),
    "a label in upper case": has("answer", "VERY SATISFIED"),
    "a label with a space": has("answer", "Satisfied "),
    "a label in German": has("answer", "sehr gut"),
    "a label beyond ASCII": has("answer", "ungen\u00fcgend"),
    "a label that begins with its number": has("answer", "7 - Extremely satisfied"),
    "0 as a detractor": both(has("answer", "0"), has("question_id", "recommend")),
    "a UTC timestamp": contains("responded_at", "Z"),
    "a timestamp in summer time": contains("responded_at", "+02:00"),
    "a timestamp without seconds": lambda row: len(row["responded_at"] or "") == 16,
    "a bare date": lambda row: len(row["responded_at"] or "") == 10,
    "an hour that occurs twice": has("responded_at", "2024-10-27 02:10:00"),
    "an hour that does not exist": has("responded_at", "2025-03-30 02:45:00"),
    "a channel with a space": has("channel", "sms "),
    "a channel with a tab": has("channel", "\temail"),
    "no channel": has("channel", ""),
    "no segment": both(has("segment", ""), has("source_system", "delighted")),
    "no respondent": has("respondent_id", ""),
    "a weight": has("weight", "0.81"),
    "a weight with spaces": has("weight", " 1.05 "),
    "no weight": both(has("weight", ""), has("source_system", "delighted")),
    "no status": both(has("response_status", ""), has("source_system", "qualtrics")),
    "another word for complete": has("response_status", "Completed"),
    "a comment with a comma": contains("comment", ","),
    "a comment with quotes": contains("comment", '"'),
    "a comment in two lines": contains("comment", "\n"),
    "a comment with an emoji": contains("comment", "\U0001f44d"),
    "an answer that was changed": lambda row: (
        row["source_system"] == "zendesk" and row["updated_at"] != row["responded_at"]
    ),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_legal_oddity_is_accepted(oddity: str) -> None:
    """What looks odd and is an answer all the same."""
    assert any(ODDITIES[oddity](row) for row in accepted())


@pytest.mark.parametrize(
    ("answer", "question_id", "reason"),
    [
        ("0", "billing_csat", "blank"),
        ("0", "order_effort", "off_scale"),
        ("99", "billing_csat", "not_applicable"),
        ("99", "recommend", "off_scale"),
        ("offered", "satisfaction", "blank"),
        ("6.99999999999999999999", "order_effort", "not_a_whole_number"),
        ("Very satisfied", "delivery_csat", None),
        ("Very satisfied", "onboarding_csat", "unknown_label"),
    ],
)
def test_an_answer_means_what_its_scale_says(
    answer: str, question_id: str, reason: str | None
) -> None:
    """The same text is an answer to one question and none to another."""
    assert any(
        judged.raw["answer"] == answer
        and judged.raw["question_id"] == question_id
        and judged.status_reason == reason
        for judged in answers()
    )


def test_some_rows_come_late() -> None:
    """The cards from the drawer stand at the end of their file."""
    days = [
        answer.raw["responded_at"] or ""
        for answer in answers()
        if answer.raw["source_system"] == "surveymonkey"
    ]
    assert days[-1].startswith("2025-02")
    assert any(day.startswith("2025-12") for day in days[:-100])


# The story that docs/sample.md tells.


def by_quarter(mart: str, touchpoint_id: str) -> dict[date, Row]:
    """The quarters of a touchpoint."""
    return {
        row["period_start_date"]: row
        for row in marts()[mart]
        if row["touchpoint_id"] == touchpoint_id and row["period_grain"] == "quarter"
    }


QUARTERS_OF_2025 = [date(2025, month, 1) for month in (1, 4, 7, 10)]


def test_delivery_breaks_in_one_quarter() -> None:
    """CSAT falls by about 20 points in the second quarter of 2025, and comes back."""
    quarters = by_quarter("fct_csat_by_touchpoint_period", "delivery")
    before, broken, after, _ = (quarters[day]["csat_pct"] for day in QUARTERS_OF_2025)
    assert 16 < before - broken < 24
    assert 16 < after - broken < 24


def test_nps_follows_a_quarter_later() -> None:
    """NPS falls by 15 to 20 points in the third quarter of 2025, not in the second."""
    quarters = by_quarter("fct_nps_by_touchpoint_period", "brand")
    first, second, third, fourth = (quarters[day]["nps"] for day in QUARTERS_OF_2025)
    assert abs(second - first) < 3
    assert 15 < second - third < 20
    assert 15 < fourth - third < 20


def test_change_of_scale_is_a_false_alarm() -> None:
    """The share of top boxes falls where the mean does not."""
    quarters = by_quarter("fct_csat_by_touchpoint_period", "onboarding")
    before, mixed, after = (
        quarters[day] for day in (date(2024, 7, 1), date(2024, 10, 1), date(2025, 1, 1))
    )
    mixed_scale = [quarter["is_mixed_scale"] for quarter in (before, mixed, after)]
    assert mixed_scale == [False, True, False]
    assert before["csat_pct"] - after["csat_pct"] > 15
    assert abs(before["mean_score_pct"] - after["mean_score_pct"]) < 4


def as_cell(value: Any) -> str:
    """A value as the tables of the page show it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_tables_of_the_page_are_what_its_queries_return(tmp_path: Path) -> None:
    """Each query in docs/sample.md, with the table that follows it."""
    page = (PROJECT / "docs" / "sample.md").read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", page, re.S)
    assert len(examples) == page.count("```sql")
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for mart, rows in marts().items():
            file = tmp_path / f"{mart}.json"
            file.write_text(json.dumps(rows, default=str), encoding="utf-8")
            connection.read_json(str(file)).to_table(f"marts.{mart}")
        for query, table in examples:
            result = connection.sql(query)
            found = [result.columns, *(map(as_cell, row) for row in result.fetchall())]
            shown = table.splitlines()
            del shown[1]
            assert [f"| {' | '.join(cells)} |" for cells in found] == shown, query
