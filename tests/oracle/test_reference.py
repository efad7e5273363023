"""The reference itself, on cases worked out by hand from the contract."""

from __future__ import annotations

import csv
import gzip
import io
import random
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from .compare import MARTS, STATISTICS, differences
from .feeds import write_random_feed
from .reference import (
    FEED_COLUMNS,
    REQUIRED_COLUMNS,
    STATUS_OF_REASON,
    Calendar,
    DefinitionError,
    FeedError,
    Row,
    benjamini_hochberg,
    build_marts,
    nps_interval,
    parse_timestamp,
    parse_weight,
)

AS_OF = "2025-06-15T12:00:00Z"

DEFINITIONS = {
    "rating_scales": [
        "scale_id,min_score,max_score,best_is_high,top_box_count,bottom_box_count,"
        "blank_codes,not_applicable_codes",
        "five,1,5,true,2,2,0|Skip, 99 |N/A|skip|3.50",
        "five_low,1,5,false,2,2,,",
        "zero_four,0,4,true,2,2,,",
        "seven,1,7,true,2,2,,6",
        "good_bad,0,1,true,1,1,,",
        "ten,0,10,true,2,7,,",
        "one_ten,1,10,true,2,6,,",
        "below_zero,-3,3,true,2,2,-9,",
    ],
    "answer_labels": [
        "scale_id,label,score",
        "five,Très déçu,1",
        "five, Very satisfied ,5",
        "five,skip,5",
        "five,2,4",
        "good_bad,Good,1",
        "good_bad,bad,0",
    ],
    "survey_questions": [
        "source_system,survey_id,question_id,question_text,metric,touchpoint_id,"
        "scale_id,valid_from,valid_to",
        "app,s,csat,How was it?,csat,checkout,five,,",
        "app,s,csat_low,,csat,checkout,five_low,,",
        "app,s,csat_zero,,csat,checkout,zero_four,,",
        "app,s,csat_seven,,csat,checkout,seven,,",
        "app,s,csat_two,,csat,support,good_bad,,",
        "app,s,csat_below,,csat,support,below_zero,,",
        "app,s,nps,,nps,brand,ten,,",
        "app,s,nps_one,,nps,checkout,one_ten,,",
        "app,s,ces,,ces,support,seven,,",
        "app,s,moved,,csat,checkout,five,2025-01-01,2025-03-01",
        "app,s,moved,,ces,support,seven,2025-03-01,2025-05-01",
        "berlin,s,csat,,csat,checkout,five,,",
    ],
    "touchpoints": [
        "touchpoint_id,touchpoint_name,journey_stage,journey_order,survey_kind",
        "checkout,Checkout,buy,1,transactional",
        "support,Support,use,2,transactional",
        "brand,Brand,all,3,relationship",
    ],
    "sources": ["source_system,time_zone", "berlin,Europe/Berlin"],
    "excluded_responses": [
        "source_system,response_id,reason",
        "app,spam,bot",
        "app,spam,bot again",
    ],
}
ANSWER = {
    "source_system": "app",
    "survey_id": "s",
    "question_id": "csat",
    "response_id": "r",
    "answer": "4",
    "responded_at": "2025-06-01T10:00:00Z",
}


def write_definitions(directory: Path, **changed_seeds: list[str]) -> Path:
    directory.mkdir(exist_ok=True)
    for seed, lines in {**DEFINITIONS, **changed_seeds}.items():
        text = "\n".join(lines) + "\n"
        (directory / f"{seed}.csv").write_text(text, encoding="utf-8-sig")
    return directory


def csv_text(rows: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FEED_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def build(
    directory: Path, rows: list[dict[str, str]], **variables: Any
) -> dict[str, list[Row]]:
    """Build from rows, each given as the cells that differ from ANSWER."""
    feed = directory / "feed"
    feed.mkdir()
    (feed / "survey_answers.csv").write_text(
        csv_text([{**ANSWER, **row} for row in rows]), encoding="utf-8", newline=""
    )
    definitions = write_definitions(directory / "definitions")
    return build_marts(feed, definitions, **{"as_of": AS_OF, **variables})


def row_of(rows: list[Row], **key: Any) -> Row:
    (row,) = (
        row
        for row in rows
        if all(row[column] == value for column, value in key.items())
    )
    return row


def without_statistics(row: Row) -> Row:
    """A row of scores without the columns that are tested by themselves."""
    return {
        column: value
        for column, value in row.items()
        if column not in STATISTICS and not column.startswith("is_significant")
    }


# Section 3: one answer --------------------------------------------------------

STATUS_CASES: dict[str, tuple[dict[str, str], str | None]] = {
    "good": ({}, None),
    "only spaces as source": ({"source_system": " \t"}, "missing_id"),
    "no survey": ({"survey_id": ""}, "missing_id"),
    "line ends as question": ({"question_id": "\r\n"}, "missing_id"),
    "no response": ({"response_id": ""}, "missing_id"),
    "id before timestamp": (
        {"response_id": "", "responded_at": ""},
        "missing_id",
    ),
    "ids are not trimmed": ({"question_id": "csat "}, "unknown_question"),
    "ids keep their case": ({"source_system": "App"}, "unknown_question"),
    "no timestamp": ({"responded_at": ""}, "missing_timestamp"),
    "spaces as timestamp": ({"responded_at": " \r\n"}, "missing_timestamp"),
    "nobody can know": ({"responded_at": "05/06/2026"}, "unreadable_timestamp"),
    "at the clock": ({"responded_at": "2025-06-15T14:00+02:00"}, None),
    "after the clock": (
        {"responded_at": "2025-06-15 12:00:00.000001"},
        "future_timestamp",
    ),
    "after the clock in digits cut off": (
        {"responded_at": "2025-06-15 12:00:00.0000009"},
        None,
    ),
    "local time of the source is before the clock": (
        {"source_system": "berlin", "responded_at": "2025-06-15 14:00"},
        None,
    ),
    "future before unknown question": (
        {"question_id": "x", "responded_at": "2025-06-16"},
        "future_timestamp",
    ),
    "valid from is included": (
        {"question_id": "moved", "responded_at": "2025-01-01"},
        None,
    ),
    "before valid from": (
        {"question_id": "moved", "responded_at": "2024-12-31"},
        "unknown_question",
    ),
    "valid to is excluded": (
        {"question_id": "moved", "responded_at": "2025-05-01"},
        "unknown_question",
    ),
    "excluded, listed twice": ({"response_id": "spam"}, "excluded_response"),
    "excluded elsewhere": ({"source_system": "berlin", "response_id": "spam"}, None),
    "excluded before status": (
        {"response_id": "spam", "response_status": "test"},
        "excluded_response",
    ),
    "status Completed": ({"response_status": "Completed"}, None),
    "status COMPLETE with spaces": ({"response_status": " COMPLETE\t"}, None),
    "status of spaces": ({"response_status": "  "}, None),
    "status preview": ({"response_status": "preview"}, "not_a_real_response"),
    "status complete d": ({"response_status": "complete d"}, "not_a_real_response"),
    "real before blank": (
        {"response_status": "spam", "answer": ""},
        "not_a_real_response",
    ),
    "null answer": ({"answer": ""}, "blank"),
    "answer of spaces": ({"answer": " \t\r\n"}, "blank"),
    "blank code": ({"answer": "0"}, "blank"),
    "blank code as another number": ({"answer": "-0.00"}, "blank"),
    "blank code in another case": ({"answer": "SKIP "}, "blank"),
    "zero is a score elsewhere": ({"question_id": "nps", "answer": "0"}, None),
    "not applicable code": ({"answer": "n/a"}, "not_applicable"),
    "not applicable number": ({"answer": "099.0"}, "not_applicable"),
    "not applicable fraction": ({"answer": "3.5"}, "not_applicable"),
    "a code wins over a score": (
        {"question_id": "csat_seven", "answer": " 6.0 "},
        "not_applicable",
    ),
    "not applicable before partial": (
        {"answer": "N/A", "response_status": "partial"},
        "not_applicable",
    ),
    "partial": ({"response_status": " Partial"}, "incomplete_response"),
    "partial before unknown label": (
        {"answer": "what", "response_status": "partial"},
        "incomplete_response",
    ),
    "label in another case": ({"answer": " TRÈS DÉÇU"}, None),
    "label without accents": ({"answer": "Tres decu"}, "unknown_label"),
    "plus sign": ({"answer": "+5"}, "unknown_label"),
    "no digit before the point": ({"answer": ".5"}, "unknown_label"),
    "no digit after the point": ({"answer": "5."}, "unknown_label"),
    "exponent": ({"answer": "1e0"}, "unknown_label"),
    "Arabic digit": ({"answer": "\N{ARABIC-INDIC DIGIT THREE}"}, "unknown_label"),
    "non-breaking space": ({"answer": "5\N{NO-BREAK SPACE}"}, "unknown_label"),
    "half a point": ({"answer": "4.5"}, "not_a_whole_number"),
    "almost four": ({"answer": "3.99999999999999999999"}, "not_a_whole_number"),
    "whole before off scale": ({"answer": "6.5"}, "not_a_whole_number"),
    "whole with a point": ({"answer": "\t4.0\r\n"}, None),
    "above the scale": ({"answer": "6"}, "off_scale"),
    "below the scale": ({"question_id": "nps", "answer": "-1"}, "off_scale"),
    "thirty digits": ({"answer": "1" * 30}, "off_scale"),
    "off scale before weight": ({"answer": "6", "weight": "0"}, "off_scale"),
    "weight zero": ({"weight": "0.0"}, "bad_weight"),
    "weight of spaces is none": ({"weight": " "}, None),
    "negative minimum": ({"question_id": "csat_below", "answer": "-3"}, None),
}


@pytest.mark.parametrize("name", STATUS_CASES)
def test_status(name: str, tmp_path: Path) -> None:
    cells, reason = STATUS_CASES[name]
    marts = build(tmp_path, [cells])
    if reason is None:
        assert len(marts["fct_survey_answers"]) == 1
        assert marts["fct_unaccepted_answers"] == []
    else:
        (row,) = marts["fct_unaccepted_answers"]
        assert (row["answer_status"], row["status_reason"]) == (
            "skipped"
            if reason in ("blank", "not_applicable", "incomplete_response")
            else "rejected",
            reason,
        )


# Question, answer -> score, score_pct, category.
SCORE_CASES: dict[str, tuple[str, str, int, float, str]] = {
    "best": ("csat", "5", 5, 100.0, "satisfied"),
    "second best": ("csat", "4", 4, 75.0, "satisfied"),
    "middle": ("csat", "3", 3, 50.0, "neutral"),
    "second worst": ("csat", "2.0", 2, 25.0, "dissatisfied"),
    "worst": ("csat", "1", 1, 0.0, "dissatisfied"),
    "a label that is a number": ("csat", "2", 4, 75.0, "satisfied"),
    "a label": ("csat", "very satisfied", 5, 100.0, "satisfied"),
    "low is best": ("csat_low", "1", 1, 100.0, "satisfied"),
    "low is best, middle": ("csat_low", "3", 3, 50.0, "neutral"),
    "low is best, worst": ("csat_low", "5", 5, 0.0, "dissatisfied"),
    "seven points, third best": ("csat_seven", "5", 5, 400 / 6, "neutral"),
    "seven points, second worst": ("csat_seven", "2", 2, 100 / 6, "dissatisfied"),
    "good": ("csat_two", "GOOD", 1, 100.0, "satisfied"),
    "bad": ("csat_two", "Bad", 0, 0.0, "dissatisfied"),
    "below zero": ("csat_below", "-1", -1, 200 / 6, "neutral"),
    "promoter": ("nps", "9", 9, 90.0, "promoter"),
    "passive, high": ("nps", "8", 8, 80.0, "passive"),
    "passive, low": ("nps", "7", 7, 70.0, "passive"),
    "detractor": ("nps", "6", 6, 60.0, "detractor"),
    "zero is a detractor": ("nps", "-0", 0, 0.0, "detractor"),
    "one to ten": ("nps_one", "7", 7, 600 / 9, "passive"),
    "effort": ("ces", "7", 7, 100.0, "satisfied"),
}


@pytest.mark.parametrize("name", SCORE_CASES)
def test_score(name: str, tmp_path: Path) -> None:
    question, text, score, score_pct, category = SCORE_CASES[name]
    marts = build(tmp_path, [{"question_id": question, "answer": text}])
    (row,) = marts["fct_survey_answers"]
    categories = (row["satisfaction_category"], row["nps_category"])
    expected = (None, category) if row["metric"] == "nps" else (category, None)
    assert (row["score"], row["score_pct"], categories) == (score, score_pct, expected)


def test_other_columns_of_an_answer(tmp_path: Path) -> None:
    marts = build(
        tmp_path,
        [
            {
                "source_system": "berlin",
                "respondent_id": " 7 ",
                "channel": " Email\t",
                "segment": " ",
                "comment": ' "a",\nb ',
                "responded_at": "2025-06-01 00:30",
                "interaction_at": "2025-05-31",
                "invited_at": "yesterday",
                "weight": "0.00000000005",
            }
        ],
    )
    (row,) = marts["fct_survey_answers"]
    assert row == {
        "source_system": "berlin",
        "survey_id": "s",
        "question_id": "csat",
        "response_id": "r",
        "respondent_id": " 7 ",
        "touchpoint_id": "checkout",
        "metric": "csat",
        "scale_id": "five",
        "channel": "Email",
        "segment": None,
        "score": 4,
        "score_pct": 75.0,
        "satisfaction_category": "satisfied",
        "nps_category": None,
        "weight": Decimal("0.0000000001"),
        "responded_at": datetime(2025, 5, 31, 22, 30),
        "reporting_date": date(2025, 5, 31),
        "interaction_at": datetime(2025, 5, 30, 22, 0),
        "invited_at": None,
        "comment": ' "a",\nb ',
    }


def test_a_definition_holds_on_its_days(tmp_path: Path) -> None:
    marts = build(
        tmp_path,
        [
            {"question_id": "moved", "response_id": day, "responded_at": day}
            for day in ("2025-02-28", "2025-03-01")
        ],
    )
    assert [
        (row["metric"], row["touchpoint_id"], row["scale_id"], row["score_pct"])
        for row in marts["fct_survey_answers"]
    ] == [("csat", "checkout", "five", 75.0), ("ces", "support", "seven", 50.0)]


# Weight and time --------------------------------------------------------------

WEIGHT_CASES: dict[str | None, str | None] = {
    None: "1",
    " \t": "1",
    " 2.50 ": "2.5",
    "007": "7",
    "0.00000000005": "0.0000000001",
    "0.000000000049": None,
    "0.00000000001": None,
    "1.00000000005": "1.0000000001",
    "1.000000000049999999999999999999999999": "1",
    "99999999.99999999994": "99999999.9999999999",
    "99999999.99999999995": None,
    "100000000": None,
    "0": None,
    "-0.0": None,
    "-1": None,
    "+1": None,
    "1e3": None,
    ".5": None,
    "one": None,
}


@pytest.mark.parametrize("text", WEIGHT_CASES)
def test_weight(text: str | None) -> None:
    expected = WEIGHT_CASES[text]
    assert parse_weight(text) == (None if expected is None else Decimal(expected))


TIME_CASES: dict[tuple[str, str], str | None] = {
    ("UTC", "2025-06-01"): "2025-06-01 00:00:00",
    ("UTC", "2025-06-01T10:20"): "2025-06-01 10:20:00",
    ("UTC", " 2025-06-01 10:20:30\r\n"): "2025-06-01 10:20:30",
    ("UTC", "2025-06-01T10:20:30.1"): "2025-06-01 10:20:30.100000",
    ("UTC", "2025-06-01T23:59:59.9999999"): "2025-06-01 23:59:59.999999",
    ("Asia/Kathmandu", "2025-06-01T10:20Z"): "2025-06-01 10:20:00",
    ("UTC", "2025-06-01T10:20+02"): "2025-06-01 08:20:00",
    ("UTC", "2025-06-01T10:20-0130"): "2025-06-01 11:50:00",
    ("UTC", "2025-06-01T10:20+14:00"): "2025-05-31 20:20:00",
    ("UTC", "2025-06-01T10:20-00:00"): "2025-06-01 10:20:00",
    ("UTC", "2024-02-29"): "2024-02-29 00:00:00",
    ("UTC", "1900-01-01"): "1900-01-01 00:00:00",
    ("UTC", "9998-12-31T23:59-14:00"): "9999-01-01 13:59:00",
    ("Asia/Kathmandu", "2025-06-01"): "2025-05-31 18:15:00",
    # 02:30 happens at 00:30 UTC and, after the change, at 01:30 UTC.
    ("Europe/Berlin", "2025-10-26T02:30"): "2025-10-26 01:30:00",
    ("Europe/Berlin", "2025-10-26T03:00"): "2025-10-26 02:00:00",
    # 02:30 does not exist; with +01:00, the offset before, it is 01:30 UTC.
    ("Europe/Berlin", "2025-03-30T02:30"): "2025-03-30 01:30:00",
    ("America/New_York", "2025-11-02T01:30"): "2025-11-02 06:30:00",
    ("America/New_York", "2025-03-09T02:30"): "2025-03-09 07:30:00",
    # Midnight itself is missing, and half a year later happens twice.
    ("America/Havana", "2025-03-09"): "2025-03-09 05:00:00",
    ("America/Havana", "2025-11-02"): "2025-11-02 05:00:00",
    # Half an hour of change: +10:30 before, +11:00 after, and back.
    ("Australia/Lord_Howe", "2025-10-05T02:15"): "2025-10-04 15:45:00",
    ("Australia/Lord_Howe", "2025-04-06T01:45"): "2025-04-05 15:15:00",
    **{
        ("UTC", text): None
        for text in (
            "05/06/2026",
            "2025-02-29",
            "2025-02-30T10:00",
            "2025-1-5",
            "20250105",
            "2025-06-01T24:00",
            "2025-06-01T10:60",
            "2025-06-01T23:59:60",
            "2025-06-01T10",
            "2025-06-01T10:00:00.",
            "2025-06-01T10:00.5",
            "2025-06-01T10:00+14:01",
            "2025-06-01T10:00-15",
            "2025-06-01T10:00+05:60",
            "2025-06-01T10:00+5",
            "2025-06-01T10:00 Z",
            "2025-06-01T10:00z",
            "2025-06-01t10:00",
            "2025-06-01  10:00",
            "2025-06-01Z",
            "1899-12-31",
            "9999-01-01",
            "2025-06-0\N{ARABIC-INDIC DIGIT THREE}",
            "2025-06-01\N{NO-BREAK SPACE}",
            "2025-06-01T10:00\n\n.",
        )
    },
}


@pytest.mark.parametrize(("zone", "text"), TIME_CASES)
def test_timestamp(zone: str, text: str) -> None:
    moment = parse_timestamp(text, ZoneInfo(zone))
    found = None if moment is None else str(moment.instant)
    assert found == TIME_CASES[zone, text]


REPORTING_DATE_CASES = {
    ("UTC", "2025-06-01T23:59:59.9999999Z"): date(2025, 6, 1),
    ("Pacific/Kiritimati", "2025-06-01T10:00Z"): date(2025, 6, 2),
    ("Pacific/Kiritimati", "2025-06-01T09:59Z"): date(2025, 6, 1),
    ("Pacific/Honolulu", "2025-06-01T09:59Z"): date(2025, 5, 31),
    ("Pacific/Honolulu", "2025-06-01"): date(2025, 6, 1),
    ("Pacific/Honolulu", "2025-06-01T00:00"): date(2025, 5, 31),
}


@pytest.mark.parametrize(("zone", "text"), REPORTING_DATE_CASES)
def test_reporting_date(zone: str, text: str, tmp_path: Path) -> None:
    marts = build(tmp_path, [{"responded_at": text}], reporting_time_zone=zone)
    (row,) = marts["fct_survey_answers"]
    assert row["reporting_date"] == REPORTING_DATE_CASES[zone, text]


# Versions ---------------------------------------------------------------------

# The versions of one answer, and what becomes of each.
VERSION_CASES: dict[str, list[tuple[dict[str, str], str | None]]] = {
    "equal in everything": [({}, None), ({}, "duplicate"), ({}, "duplicate")],
    "the latest update counts": [
        ({"updated_at": "2025-06-03", "answer": "1"}, "superseded"),
        ({"updated_at": "2025-06-04", "answer": "5"}, None),
        ({"updated_at": "", "answer": "3"}, "superseded"),
    ],
    "an unreadable update is null": [
        ({"updated_at": "tomorrow", "answer": "1"}, "superseded"),
        ({"updated_at": "1900-01-01"}, None),
    ],
    "update before response": [
        ({"updated_at": "2025-06-03", "responded_at": "2025-06-02"}, "superseded"),
        ({"updated_at": "2025-06-04", "responded_at": "2025-06-01"}, None),
    ],
    "then the latest response": [
        ({"responded_at": "2025-06-02", "answer": "5"}, None),
        ({"responded_at": "2025-06-01", "answer": "1"}, "superseded"),
    ],
    "then the first answer in binary order": [
        ({"answer": "a"}, "superseded"),
        ({"answer": "N/A"}, "not_applicable"),
        ({"answer": "é"}, "superseded"),
        ({"answer": ""}, "superseded"),
    ],
    "then the first comment, null last": [
        ({"comment": ""}, "duplicate"),
        ({"comment": "a"}, "duplicate"),
        ({"comment": "Z"}, None),
    ],
    "comment before respondent": [
        ({"comment": "b", "respondent_id": "1"}, "duplicate"),
        ({"comment": "a", "respondent_id": "2"}, None),
    ],
    "status before weight": [
        ({"response_status": "partial", "weight": "1"}, "duplicate"),
        ({"response_status": "complete", "weight": "2"}, None),
    ],
    "weight comes last": [
        ({"weight": "2"}, "duplicate"),
        ({"weight": "10"}, None),
    ],
    "equal instants in another writing": [
        ({"responded_at": "2025-06-01T12:00+02:00"}, "duplicate"),
        ({"responded_at": "2025-06-01 10:00"}, None),
        ({"responded_at": "2025-06-01T10:00Z"}, "duplicate"),
    ],
    "answers are compared as exported": [
        ({"answer": "4"}, None),
        ({"answer": "4.0"}, "superseded"),
    ],
    "with the spaces around them": [
        ({"answer": "4"}, "superseded"),
        ({"answer": " 4"}, None),
    ],
    "same answer to an earlier time": [
        ({"responded_at": "2025-06-01T09:59Z"}, "superseded"),
        ({"responded_at": "2025-06-01T10:00Z"}, None),
    ],
    "times that cannot be read are equal": [
        ({"updated_at": "never"}, "duplicate"),
        ({"updated_at": "05/06/2026"}, None),
        ({"updated_at": ""}, "duplicate"),
    ],
    "same answer at another time": [
        ({"updated_at": "2025-06-03"}, None),
        ({"updated_at": "2025-06-02"}, "superseded"),
    ],
    "a later blank replaces a good one": [
        ({"updated_at": "2025-06-03"}, "superseded"),
        ({"updated_at": "2025-06-04", "answer": "skip"}, "blank"),
    ],
    "a later off-scale answer replaces a good one": [
        ({"responded_at": "2025-06-03"}, "superseded"),
        ({"responded_at": "2025-06-04", "answer": "9"}, "off_scale"),
    ],
    "a later preview does not": [
        ({"updated_at": "2025-06-03"}, None),
        (
            {"updated_at": "2025-06-04", "response_status": "test"},
            "not_a_real_response",
        ),
    ],
    "a future version does not": [
        ({"updated_at": "2025-06-03"}, None),
        ({"responded_at": "2025-06-16"}, "future_timestamp"),
    ],
    "another question is another answer": [({}, None), ({"question_id": "ces"}, None)],
    "another case is another response": [({}, None), ({"response_id": "R"}, None)],
}


@pytest.mark.parametrize("name", VERSION_CASES)
@pytest.mark.parametrize("backwards", [False, True])
def test_versions(name: str, backwards: bool, tmp_path: Path) -> None:
    versions = VERSION_CASES[name]
    rows = [cells for cells, _ in versions]
    marts = build(tmp_path, rows[::-1] if backwards else rows)
    found = [
        (
            {column: row[column] or "" for column in FEED_COLUMNS},
            row["status_reason"],
        )
        for row in marts["fct_unaccepted_answers"]
    ]
    expected = [
        ({**dict.fromkeys(FEED_COLUMNS, ""), **ANSWER, **cells}, reason)
        for cells, reason in versions
        if reason is not None
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


# Section 4 and 5: scores and periods ------------------------------------------


def answers(question: str, texts: str, **cells: str) -> list[dict[str, str]]:
    """One response per text: ``answers("nps", "10 9 0")``."""
    return [
        {
            "question_id": question,
            "response_id": f"{question} {number}",
            "answer": text,
            **cells,
        }
        for number, text in enumerate(texts.split())
    ]


def test_csat_of_one_scale(tmp_path: Path) -> None:
    marts = build(tmp_path, answers("csat", "5 5 4 1"), minimum_reportable_responses=4)
    row = row_of(marts["fct_csat_by_period"], period_grain="month")
    assert without_statistics(row) == {
        "period_id": "month:2025-06-01",
        "period_grain": "month",
        "period_start_date": date(2025, 6, 1),
        "response_count": 4,
        "satisfied_count": 3,
        "neutral_count": 0,
        "dissatisfied_count": 1,
        "csat_pct": 75.0,
        "mean_score_pct": 68.75,
        "is_mixed_scale": False,
        "is_reportable": True,
    }


# Answers, and the month's satisfied count, csat_pct, mean_score_pct, is_mixed_scale.
MIX_CASES: dict[str, tuple[dict[str, str], tuple[int, float, float, bool]]] = {
    "same points, direction, boxes": (
        {"csat": "5 3", "csat_zero": "0"},
        (1, 100 / 3, 50.0, False),
    ),
    "another direction": (
        {"csat": "5 3", "csat_low": "1"},
        (2, 200 / 3, 250 / 3, True),
    ),
    "other points": (
        {"csat": "5", "csat_seven": "1 1"},
        (1, 100 / 3, 100 / 3, True),
    ),
}


@pytest.mark.parametrize("name", MIX_CASES)
def test_scales_that_mix(name: str, tmp_path: Path) -> None:
    texts, expected = MIX_CASES[name]
    rows = [row for item in texts.items() for row in answers(*item)]
    month = row_of(build(tmp_path, rows)["fct_csat_by_period"], period_grain="month")
    columns = ("satisfied_count", "csat_pct", "mean_score_pct", "is_mixed_scale")
    assert tuple(month[column] for column in columns) == expected


def test_nps_keeps_relationship_and_transactional_apart(tmp_path: Path) -> None:
    rows = answers("nps", "10 9 8 7 6 0") + answers("nps_one", "10 10 1")
    marts = build(tmp_path, rows, minimum_reportable_responses=4)
    years = {
        row["survey_kind"]: without_statistics(row)
        for row in marts["fct_nps_by_period"]
        if row["period_grain"] == "year"
    }
    assert years == {
        "relationship": {
            "survey_kind": "relationship",
            "period_id": "year:2025-01-01",
            "period_grain": "year",
            "period_start_date": date(2025, 1, 1),
            "response_count": 6,
            "promoter_count": 2,
            "passive_count": 2,
            "detractor_count": 2,
            "promoter_pct": 200 / 6,
            "passive_pct": 200 / 6,
            "detractor_pct": 200 / 6,
            "nps": 0.0,
            "is_standard_scale": True,
            "is_reportable": True,
        },
        "transactional": {
            "survey_kind": "transactional",
            "period_id": "year:2025-01-01",
            "period_grain": "year",
            "period_start_date": date(2025, 1, 1),
            "response_count": 3,
            "promoter_count": 2,
            "passive_count": 0,
            "detractor_count": 1,
            "promoter_pct": 200 / 3,
            "passive_pct": 0.0,
            "detractor_pct": 100 / 3,
            "nps": 100 / 3,
            "is_standard_scale": False,
            "is_reportable": False,
        },
    }


# Of how many answers how many are satisfied, and the bounds at 95 %.
WILSON_CASES = {
    (85, 100): (76.72, 90.69),
    (17, 20): (63.96, 94.76),
    (3, 4): (30.06, 95.44),
    (4, 4): (51.01, 100.0),
    (0, 3): (0.0, 56.15),
}


@pytest.mark.parametrize("counts", WILSON_CASES)
def test_bounds_of_a_share(counts: tuple[int, int], tmp_path: Path) -> None:
    satisfied, n = counts
    texts = " ".join(["5"] * satisfied + ["1"] * (n - satisfied))
    row = row_of(
        build(tmp_path, answers("csat", texts))["fct_csat_by_period"],
        period_grain="year",
    )
    bounds = (round(row["csat_pct_low"], 2), round(row["csat_pct_high"], 2))
    assert bounds == WILSON_CASES[counts]


@pytest.mark.parametrize(
    ("n", "margin"),
    [(30, 26.6), (50, 21.0), (100, 15.1), (200, 10.7), (400, 7.6), (1000, 4.8)],
)
def test_margin_of_an_nps(n: int, margin: float) -> None:
    low, high = nps_interval(n // 2, n // 5, n, 0.95)
    assert round((high - low) / 2, 1) == margin


# The weights of 5, 5, 1: n_eff, the weighted CSAT.
KISH_CASES = {
    ("1", "1", "1"): (3.0, 200 / 3),
    ("0.3", "0.3", "0.3"): (3.0, 200 / 3),
    ("2", "1", "1"): (16 / 6, 75.0),
    ("99999999", "99999999", "99999999"): (3.0, 200 / 3),
}


@pytest.mark.parametrize("weights", KISH_CASES)
def test_weights_make_fewer_answers(
    weights: tuple[str, str, str], tmp_path: Path
) -> None:
    rows = answers("csat", "5 5 1")
    for answer, weight in zip(rows, weights, strict=True):
        answer["weight"] = weight
    row = row_of(build(tmp_path, rows)["fct_csat_by_period"], period_grain="year")
    n_eff, weighted = KISH_CASES[weights]
    assert row["n_eff"] == pytest.approx(n_eff)
    assert row["weighted_csat_pct"] == pytest.approx(weighted)
    assert row["csat_pct"] == 200 / 3
    if n_eff == 3:
        assert row["weighted_csat_pct_low"] == pytest.approx(row["csat_pct_low"])


def test_change_against_the_calendar_period_before(tmp_path: Path) -> None:
    rows = [
        *answers("csat", "5 5 5 5 1 1 1 1 1 1", responded_at="2024-06-01"),
        *answers("csat", "5 5 5 1 1", responded_at="2025-04-30"),
        *answers("csat", "5 4 4 4", responded_at="2025-06-01"),
    ]
    for number, row in enumerate(rows):
        row["response_id"] = str(number)
    months = {
        row["period_start_date"]: row
        for row in build(tmp_path, rows)["fct_csat_by_period"]
        if row["period_grain"] == "month"
    }
    june = months[date(2025, 6, 1)]
    # Nobody answered in May; April is not the month before.
    assert june["csat_pct_previous"] is june["csat_pct_change"] is None
    assert june["csat_pct_minimum_detectable_change"] is None
    assert june["is_significant_change"] is None
    assert june["csat_pct_year_before"] == 40
    assert june["csat_pct_year_change"] == 60
    # By hand: 0.6 * sqrt(13/14) / sqrt(8/14 * 6/14 * (1/4 + 1/10)).
    assert june["csat_pct_year_change_z"] == pytest.approx(1.9748418)
    assert june["csat_pct_year_change_p_value"] == pytest.approx(0.0482861, abs=1e-7)
    assert june["is_significant_year_change"] is True


def test_periods_know_the_year_before() -> None:
    calendar = Calendar(4)
    assert calendar.year_before("day", date(2024, 2, 29)) == date(2023, 2, 28)
    assert calendar.year_before("week", date(2021, 1, 4)) == date(2020, 1, 6)
    assert calendar.year_before("quarter", date(2026, 1, 1)) == date(2025, 1, 1)
    assert calendar.before("quarter", date(2026, 1, 1)) == date(2025, 10, 1)


def test_a_family_is_tested_together() -> None:
    judge = benjamini_hochberg
    assert judge([0.001, 0.2, 0.03, 0.035], 0.95) == [True, False, True, True]
    assert judge([0.001, 0.2, 0.03, 0.04], 0.95) == [True, False, False, False]
    assert judge([0.05], 0.95) == [True]
    assert judge([], 0.95) == []


def test_pooled_counts_are_no_average_of_averages(tmp_path: Path) -> None:
    # Seven points at checkout: one of one; two points at support: one of three.
    rows = answers("csat_seven", "7") + answers("csat_two", "1 0 0")
    marts = build(tmp_path, rows)
    assert row_of(marts["fct_csat_by_period"], period_grain="day")["csat_pct"] == 50.0
    assert {
        row["touchpoint_id"]: row["csat_pct"]
        for row in marts["fct_csat_by_touchpoint_period"]
        if row["period_grain"] == "day"
    } == {"checkout": 100.0, "support": 100 / 3}


def test_ces_has_easy_and_difficult(tmp_path: Path) -> None:
    marts = build(tmp_path, answers("ces", "7 5 2 1"))
    week = row_of(marts["fct_ces_by_touchpoint_period"], period_grain="week")
    assert without_statistics(week) == {
        "touchpoint_id": "support",
        "period_id": "week:2025-05-26",
        "period_grain": "week",
        "period_start_date": date(2025, 5, 26),
        "response_count": 4,
        "easy_count": 1,
        "neutral_count": 1,
        "difficult_count": 2,
        "ces_pct": 25.0,
        "mean_score_pct": 1100 / 24,
        "is_mixed_scale": False,
        "is_reportable": False,
    }


def test_score_counts_sum_weights(tmp_path: Path) -> None:
    rows = [
        {"response_id": "1", "weight": "0.00000000005", "channel": "web "},
        {"response_id": "2", "weight": "99999999.9999999999", "channel": " web"},
        {"response_id": "3", "channel": "Web"},
    ]
    marts = build(tmp_path, rows)
    assert {
        row["channel"]: (row["answer_count"], row["weight_sum"])
        for row in marts["fct_score_counts_by_day"]
    } == {"web": (2, Decimal("100000000.0000000000")), "Web": (1, Decimal(1))}


def test_counts_by_question(tmp_path: Path) -> None:
    rows = [{}, {}, {"answer": "1"}, {"response_id": "2", "answer": "n/a"}]
    marts = build(tmp_path, [*rows, {"question_id": ""}, {"question_id": " "}])
    counts = {
        row["question_id"]: {
            column: count
            for column, count in row.items()
            if column.endswith("_count") and count
        }
        for row in marts["fct_answer_counts_by_question"]
    }
    missing = {"feed_count": 1, "rejected_count": 1, "missing_id_count": 1}
    # Of the answers 4, 4 and 1 at one time, 1 is the first in binary order.
    assert counts == {
        "csat": {
            "feed_count": 4,
            "accepted_count": 1,
            "skipped_count": 1,
            "rejected_count": 2,
            "superseded_count": 2,
            "not_applicable_count": 1,
        },
        None: missing,
        " ": missing,
    }


def test_erased_respondents_leave_a_count(tmp_path: Path) -> None:
    """Their rows are no versions of any answer; ids are compared as exported."""
    rows = [
        {"respondent_id": "zoe", "answer": "1", "updated_at": "2025-06-02"},
        {"respondent_id": "ada", "answer": "5"},
        {"respondent_id": "zoe", "response_id": "2"},
        {"respondent_id": "Zoe", "response_id": "3"},
        {"respondent_id": "", "response_id": "4"},
        {"respondent_id": "zoe", "response_id": "5", "source_system": "berlin"},
        {"respondent_id": "yan", "response_id": "6", "source_system": "berlin"},
    ]
    marts = build(tmp_path, rows, erased={("app", "zoe"), ("berlin", "yan")})
    assert [
        (row["response_id"], row["score"]) for row in marts["fct_survey_answers"]
    ] == [("r", 5), ("3", 4), ("4", 4), ("5", 4)]
    assert marts["fct_unaccepted_answers"] == []
    assert marts["fct_erased_answer_counts_by_source"] == [
        {"source_system": "app", "erased_count": 2},
        {"source_system": "berlin", "erased_count": 1},
    ]


def test_periods_have_no_gaps(tmp_path: Path) -> None:
    rows = [
        {"response_id": day, "responded_at": day}
        for day in ("2025-03-31", "2025-06-15")
    ]
    marts = build(tmp_path, rows, reporting_time_zone="Pacific/Kiritimati")
    months = [row for row in marts["dim_periods"] if row["period_grain"] == "month"]
    assert [
        (row["period_id"], row["previous_period_id"], row["is_complete"])
        for row in months
    ] == [
        ("month:2025-03-01", None, True),
        ("month:2025-04-01", "month:2025-03-01", True),
        ("month:2025-05-01", "month:2025-04-01", True),
        ("month:2025-06-01", "month:2025-05-01", False),
    ]
    # By the clock it is 02:00 on the 16th there, a Monday.
    assert row_of(marts["dim_periods"], period_id="day:2025-06-15")["is_complete"]
    assert row_of(marts["dim_periods"], period_id="week:2025-06-09")["is_complete"]
    assert len(marts["dim_periods"]) == 77 + 11 + 4 + 2 + 1


# Fiscal month, grain, day -> first day, first day after, label.
PERIOD_CASES = {
    (1, "day", "2026-01-05"): ("2026-01-05", "2026-01-06", "2026-01-05"),
    (1, "week", "2027-01-03"): ("2026-12-28", "2027-01-04", "2026-W53"),
    (1, "week", "2024-12-30"): ("2024-12-30", "2025-01-06", "2025-W01"),
    (4, "month", "2026-01-31"): ("2026-01-01", "2026-02-01", "2026-01"),
    (1, "month", "2026-12-31"): ("2026-12-01", "2027-01-01", "2026-12"),
    (1, "quarter", "2026-03-31"): ("2026-01-01", "2026-04-01", "2026-Q1"),
    (1, "quarter", "2026-12-01"): ("2026-10-01", "2027-01-01", "2026-Q4"),
    (1, "year", "2026-12-31"): ("2026-01-01", "2027-01-01", "2026"),
    (4, "quarter", "2025-04-01"): ("2025-04-01", "2025-07-01", "FY2026-Q1"),
    (4, "quarter", "2026-03-31"): ("2026-01-01", "2026-04-01", "FY2026-Q4"),
    (4, "year", "2026-03-31"): ("2025-04-01", "2026-04-01", "FY2026"),
    (2, "quarter", "2026-01-15"): ("2025-11-01", "2026-02-01", "FY2026-Q4"),
    (2, "quarter", "2026-02-01"): ("2026-02-01", "2026-05-01", "FY2027-Q1"),
    (12, "quarter", "2026-02-28"): ("2025-12-01", "2026-03-01", "FY2026-Q1"),
    (12, "year", "2026-11-30"): ("2025-12-01", "2026-12-01", "FY2026"),
}


@pytest.mark.parametrize(("month", "grain", "day"), PERIOD_CASES)
def test_period(month: int, grain: str, day: str) -> None:
    calendar = Calendar(fiscal_year_start_month=month)
    start = calendar.start(grain, date.fromisoformat(day))
    found = (str(start), str(calendar.end(grain, start)), calendar.label(grain, start))
    assert found == PERIOD_CASES[month, grain, day]


# Section 1: files -------------------------------------------------------------

HEADER = ",".join(REQUIRED_COLUMNS)
LINE = ",".join(ANSWER[column] for column in REQUIRED_COLUMNS)

GOOD_FILES: dict[str, tuple[str, bytes]] = {
    "plain": ("survey_answers.csv", f"{HEADER}\n{LINE}\n".encode()),
    "BOM, CR LF, no end": (
        "survey_answers.csv",
        f"{HEADER}\r\n{LINE}".encode("utf-8-sig"),
    ),
    "in a folder, compressed": (
        "survey_answers/any name.csv.gz",
        gzip.compress(f"{HEADER}\n{LINE}\n".encode()),
    ),
    "names in any case, with spaces, and one more": (
        "survey_answers.csv",
        f"{HEADER.upper().replace(',', ' , ')},Extra\n{LINE},x\n".encode(),
    ),
    "another order": (
        "survey_answers.csv",
        (
            ",".join(reversed(HEADER.split(",")))
            + "\n"
            + ",".join(reversed(LINE.split(",")))
        ).encode(),
    ),
}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_a_file_that_is_read(name: str, tmp_path: Path) -> None:
    file, content = GOOD_FILES[name]
    path = tmp_path / "feed" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    definitions = write_definitions(tmp_path / "definitions")
    marts = build_marts(tmp_path / "feed", definitions, as_of=AS_OF)
    assert [row["score"] for row in marts["fct_survey_answers"]] == [4]


BAD_FILES: dict[str, tuple[str, bytes]] = {
    "no feed": ("other.csv", f"{HEADER}\n{LINE}\n".encode()),
    "another type": ("survey_answers.xlsx", b"PK"),
    "a column is missing": (
        "survey_answers.csv",
        f"{HEADER}\n{LINE}\n".replace("answer,", "").encode(),
    ),
    "a column twice": ("survey_answers.csv", f"{HEADER},Answer \n{LINE},1\n".encode()),
    "a field too few": ("survey_answers.csv", f"{HEADER}\n{LINE}\na,b\n".encode()),
    "a field too many": ("survey_answers.csv", f"{HEADER}\n{LINE},\n".encode()),
    "another separator": (
        "survey_answers.csv",
        f"{HEADER}\n{LINE}\n".replace(",", ";").encode(),
    ),
    "an open quote": ("survey_answers.csv", f'{HEADER}\n{LINE},"\n'.encode()),
    "nothing at all": ("survey_answers.csv", b""),
    "not UTF-8": ("survey_answers.csv", f"{HEADER}\n{LINE}é\n".encode("latin-1")),
    "not compressed": ("survey_answers.csv.gz", f"{HEADER}\n{LINE}\n".encode()),
    "not Parquet": ("survey_answers.parquet", f"{HEADER}\n{LINE}\n".encode()),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_refused(name: str, tmp_path: Path) -> None:
    file, content = BAD_FILES[name]
    (tmp_path / file).write_bytes(content)
    definitions = write_definitions(tmp_path / "definitions")
    with pytest.raises(FeedError, match=str(tmp_path)):
        build_marts(tmp_path, definitions, as_of=AS_OF)


def test_no_rows_give_empty_marts(tmp_path: Path) -> None:
    marts = build(tmp_path, [])
    filled = {name for name, rows in marts.items() if rows}
    assert filled == {"dim_touchpoints", "dim_survey_questions"}


def test_typed_parquet_is_read_as_text_in_utc(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'app' as source_system, 's' as survey_id, '' as channel,"
            " 'csat' as question_id, 17 as response_id, 4.0::double as answer,"
            " timestamptz '2025-06-01 10:00:00+02' as responded_at)"
            f" to '{feed / 'survey_answers.parquet'}'"
        )
    definitions = write_definitions(tmp_path / "definitions")
    marts = build_marts(feed, definitions, as_of=AS_OF)
    (row,) = marts["fct_survey_answers"]
    assert (row["response_id"], row["score"], row["channel"], row["responded_at"]) == (
        "17",
        4,
        None,
        datetime(2025, 6, 1, 8),
    )


# Section 2: definitions -------------------------------------------------------

# A seed, the line that is added to it, and the row that the error names.
BAD_DEFINITIONS = {
    "scale twice": ("rating_scales", "five,1,5,true,2,2,,"),
    "min is max": ("rating_scales", "x,5,5,true,1,0,,"),
    "no top box": ("rating_scales", "x,1,5,true,0,0,,"),
    "bottom boxes below 0": ("rating_scales", "x,1,5,true,1,-1,,"),
    "more boxes than points": ("rating_scales", "x,1,5,true,3,3,,"),
    "direction": ("rating_scales", "x,1,5,yes,2,2,,"),
    "label twice, folded": ("answer_labels", "five,TRÈS DÉÇU ,1"),
    "label off scale": ("answer_labels", "five,x,6"),
    "label of no scale": ("answer_labels", "x,x,1"),
    "nps on 1 to 5": ("survey_questions", "a,b,c,,nps,brand,five,,"),
    "unknown scale": ("survey_questions", "a,b,c,,csat,brand,x,,"),
    "unknown touchpoint": ("survey_questions", "a,b,c,,csat,x,five,,"),
    "unknown metric": ("survey_questions", "a,b,c,,CSAT,brand,five,,"),
    "empty validity": (
        "survey_questions",
        "a,b,c,,csat,brand,five,2025-01-01,2025-01-01",
    ),
    "two rows on one day": (
        "survey_questions",
        "app,s,moved,,csat,brand,five,2025-04-30,",
    ),
    "touchpoint twice": ("touchpoints", "brand,x,x,1,relationship"),
    "unknown kind": ("touchpoints", "x,x,x,1,other"),
    "source twice": ("sources", "berlin,UTC"),
    "unknown zone": ("sources", "x,Europe/Nowhere"),
}


@pytest.mark.parametrize("name", BAD_DEFINITIONS)
def test_a_definition_that_is_refused(name: str, tmp_path: Path) -> None:
    seed, line = BAD_DEFINITIONS[name]
    lines = [*DEFINITIONS[seed], line]
    definitions = write_definitions(tmp_path / "definitions", **{seed: lines})
    (tmp_path / "survey_answers.csv").write_text(f"{HEADER}\n")
    with pytest.raises(DefinitionError, match=f"{seed} row {len(lines) - 1}"):
        build_marts(tmp_path, definitions, as_of=AS_OF)


@pytest.mark.parametrize(
    "variables", [{"as_of": "now"}, {"reporting_time_zone": "Nowhere"}]
)
def test_a_var_that_is_refused(variables: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="|".join(variables.values())):
        build(tmp_path, [], **variables)


# Random feeds -----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_random_feed_counts_reconcile(seed: int, tmp_path: Path) -> None:
    variables = write_random_feed(tmp_path, seed=seed, rows=1500)
    marts = build_marts(tmp_path / "feed", tmp_path / "definitions", **variables)
    for row in marts["fct_answer_counts_by_question"]:
        statuses = ("accepted_count", "skipped_count", "rejected_count")
        assert row["feed_count"] == sum(row[status] for status in statuses)
        reasons = sum(row[f"{reason}_count"] for reason in STATUS_OF_REASON)
        assert row["feed_count"] == row["accepted_count"] + reasons
    feed_count = sum(r["feed_count"] for r in marts["fct_answer_counts_by_question"])
    assert feed_count == 1500
    reasons_seen = {row["status_reason"] for row in marts["fct_unaccepted_answers"]}
    assert reasons_seen == STATUS_OF_REASON.keys()


def test_random_feed_is_the_same_for_a_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_random_feed(tmp_path / name, seed=2, rows=300)
    files = sorted(path for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 6
    for path in files:
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes()


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    shuffler = random.Random(1)
    rows = [cells for versions in VERSION_CASES.values() for cells, _ in versions]
    first = build(tmp_path, rows)
    for _ in range(5):
        shutil.rmtree(tmp_path / "feed")
        shuffler.shuffle(rows)
        again = build(tmp_path, rows)
        for mart, expected in first.items():
            assert sorted(map(str, again[mart])) == sorted(map(str, expected))


# The comparison ---------------------------------------------------------------


def write_warehouse(path: Path, marts: dict[str, list[Row]]) -> None:
    """Write marts as the contract types them, with a hash id that counts rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for name, mart in MARTS.items():
            columns = {column: types[0] for column, types in mart.types.items()}
            rows = [[row[column] for column in columns] for row in marts[name]]
            if mart.hash_id is not None:
                columns = {mart.hash_id: "VARCHAR", **columns}
                rows = [[str(number), *row] for number, row in enumerate(rows)]
            typed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
            connection.execute(f"create table marts.{name} ({typed})")
            if rows:
                values = ", ".join("?" for _ in columns)
                connection.executemany(
                    f"insert into marts.{name} values ({values})", rows
                )


# A statement that harms the warehouse, and the beginning of the line that tells.
HARMS = {
    "delete from marts.dim_touchpoints where touchpoint_id = 'brand'": (
        "dim_touchpoints: [touchpoint_id='brand'] rows: expected 1, found 0"
    ),
    "drop table marts.fct_ces_by_period": "fct_ces_by_period: the mart is missing",
    "update marts.fct_csat_by_period set csat_pct = csat_pct + 1e-13"
    " where period_grain = 'year'": (
        "fct_csat_by_period: [period_id='year:2025-01-01'] csat_pct: expected 50.0, "
    ),
    "update marts.fct_csat_by_period set csat_pct = 'NaN'": (
        "fct_csat_by_period: [period_id='day:2025-06-01'] csat_pct: expected 50.0, "
    ),
    "insert into marts.fct_survey_answers from marts.fct_survey_answers": (
        "fct_survey_answers: answer_id is not unique: 4 ids in 8 rows"
    ),
    "update marts.fct_unaccepted_answers set unaccepted_answer_id = null": (
        "fct_unaccepted_answers: unaccepted_answer_id is null in 2 rows"
    ),
    "update marts.fct_unaccepted_answers set status_reason = 'blank'": (
        "fct_unaccepted_answers: [source_system='app', survey_id='s', "
    ),
    "alter table marts.dim_periods add column more integer": (
        "dim_periods: column more is not in the contract"
    ),
    "alter table marts.dim_periods drop column period_label": (
        "dim_periods: column period_label is missing"
    ),
    "alter table marts.fct_survey_answers alter score type bigint": (
        "fct_survey_answers: column score: expected type INTEGER, found BIGINT"
    ),
    "update marts.fct_score_counts_by_day set weight_sum = weight_sum + 0.0000000001": (
        "fct_score_counts_by_day: [reporting_date="
    ),
}


@pytest.fixture
def small_marts(tmp_path: Path) -> dict[str, list[Row]]:
    rows = answers("csat", "5 1") + answers("nps", "10") + answers("ces", "7")
    return build(tmp_path, [*rows, {"answer": "6"}, {"answer": "6"}])


def test_no_differences(tmp_path: Path, small_marts: dict[str, list[Row]]) -> None:
    write_warehouse(tmp_path / "warehouse.duckdb", small_marts)
    assert differences(small_marts, tmp_path / "warehouse.duckdb") == []


@pytest.mark.parametrize("harm", HARMS)
def test_differences(
    harm: str, tmp_path: Path, small_marts: dict[str, list[Row]]
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    write_warehouse(warehouse, small_marts)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(harm)
    lines = differences(small_marts, warehouse)
    assert any(line.startswith(HARMS[harm]) for line in lines), lines
    assert differences(small_marts, warehouse, limit=1) == lines[:1]
