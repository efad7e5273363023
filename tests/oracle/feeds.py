"""Random feeds and definitions that are nasty on purpose."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from .reference import (
    FEED_COLUMNS,
    OPTIONAL_COLUMNS,
    TIE_BREAK_COLUMNS,
    RawRow,
    parse_number,
)

# Names that a hash of joined columns could confuse, or that a reader could mangle.
SOURCES = {
    "qualtrics": None,
    "QUALTRICS": "America/New_York",
    "Survey Monkey": "Europe/Berlin",
    " padded ": "Asia/Kathmandu",
    "src|pipe": "America/Havana",
    "src": "UTC",
    "a,b": "Australia/Lord_Howe",
    'quo"te': "Africa/Cairo",
    "#hash": "Pacific/Kiritimati",
    "NULL": "Europe/Dublin",
    "источник": "America/St_Johns",
}
SURVEYS = ("s1", "S1", "pipe|s1", "s-1", "1", "01")
QUESTIONS = ("q1", "Q1", " q1", "q|1", "q,1", "1.0", "q-1", "null")
RESPONSE_FORMS = (
    "R_{}",
    "r_{}",
    "{}",
    "0{}",
    "{}.0",
    " {}",
    "{}|a",
    'say "{}"',
    "{},",
    "\t{}",
    "é{}",
)
TOUCHPOINTS = (
    ("checkout", "Checkout", "buy", 20, "transactional"),
    ("Checkout", "Checkout, new", "buy", 21, "transactional"),
    ("check|out", 'The "old" one', "buy", 22, "transactional"),
    ("support call", "Anruf beim Kundendienst – früher", "use", 30, "transactional"),
    ("brand", "Brand", "all", 1, "relationship"),
    ("brand 2", "Brand\nsecond line", "all", 2, "relationship"),
    ("never asked", "Never asked", "leave", 99, "relationship"),
)
REPORTING_ZONES = (
    "UTC",
    "America/New_York",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
    "America/St_Johns",
)


@dataclass(frozen=True, slots=True)
class RandomScale:
    """A scale of the generator: the columns of its seed row, and its labels."""

    scale_id: str
    min_score: int
    max_score: int
    best_is_high: bool
    top_box_count: int
    bottom_box_count: int
    blank_codes: str = ""
    not_applicable_codes: str = ""
    labels: dict[str, int] = field(default_factory=dict)


SCALES = (
    RandomScale(
        "csat_5",
        1,
        5,
        True,
        2,
        2,
        "0|-1|Keine Angabe|skip",
        "99|N/A|6",
        {
            "Very satisfied": 5,
            " Satisfied ": 4,
            "Très déçu": 1,
            "skip": 3,
            "n/a": 2,
            "⭐⭐⭐": 3,
            "ОТЛИЧНО": 5,
        },
    ),
    RandomScale("five_one_box", 1, 5, True, 1, 0, "", "9.0", {"Größte Freude": 5}),
    # The key of a choice is not its value: the label 1 means the score 5.
    RandomScale("recoded", 1, 5, True, 2, 2, "", "", {"1": 5, "2": 4, "4": 2, "5": 1}),
    RandomScale(
        "five_low", 1, 5, False, 2, 2, " - | ? ", "x", {"sehr gut": 1, "schlecht": 5}
    ),
    RandomScale("csat_7", 1, 7, True, 2, 3, "", "8|-8.50|NA"),
    RandomScale("seven_low", 1, 7, False, 2, 2, "00", "NA|na|Na", {"とても満足": 1}),
    RandomScale(
        "good_bad",
        0,
        1,
        True,
        1,
        1,
        "offered",
        "",
        {"Good": 1, "BAD": 0, 'It\'s "good", really': 1, "😀": 1},
    ),
    RandomScale("ten", 1, 10, True, 2, 4, "", ""),
    RandomScale("zero_four", 0, 4, True, 2, 2, "-0.5", ""),
    RandomScale("below_zero", -3, 3, True, 2, 2, "", "-9", {"neutral": 0}),
    RandomScale("all_below_zero", -5, -1, False, 1, 4),
    RandomScale("percent", 0, 100, True, 20, 30, "-1", "007|100.00"),
    RandomScale("slider", 0, 100_000_000, True, 2, 2),
    RandomScale("nps", 0, 10, True, 2, 7, "-1", "99|Weiß nicht", {"10 - Sehr gut": 10}),
    RandomScale("nps_zero_is_blank", 0, 10, True, 2, 7, "0"),
    RandomScale("nps_1_10", 1, 10, True, 2, 6, "0", "", {"Äußerst": 10}),
)
NPS_SCALES = tuple(scale for scale in SCALES if scale.scale_id.startswith("nps"))

# Neither labels nor numbers on any scale.
UNKNOWN_LABELS = (
    "+5",
    ".5",
    "5.",
    "1e1",
    "٣",
    "\N{NO-BREAK SPACE}5",
    "5\N{NO-BREAK SPACE}",
    "５",
    "--5",
    "- 5",
    "5 5",
    "1,5",
    "0x5",
    "5_0",
    "inf",
    "NaN",
    "NULL",
    "\\N",
    "true",
    "Verysatisfied",
    "Very  satisfied",
    "Tres decu",
    "-",
    ".",
)
NOT_WHOLE = (
    "6.5",
    "6.99999999999999999999",
    "0.5",
    "-0.1",
    "1.0000000000000000000000000000000000001",
    " 3.50",
    "123456789012345678901234567890.5",
)
OFF_SCALE = (
    "-1",
    "11",
    "98",
    "-10",
    "123456789012345678901234567890",
    "2147483648",
    "9223372036854775808",
    "-99999999999999999999999999999999999999999",
    "1000000000.000",
)
EMPTY_TEXTS = ("", " ", "\t", "\r\n", " \n ")
STATUSES = ("", " ", "complete", "Completed", " COMPLETE ", "complete\r\n")
PARTIAL_STATUSES = ("partial", "Partial\t", " PARTIAL")
UNREAL_STATUSES = (
    "preview",
    "Test",
    "SPAM",
    "complete d",
    "not complete",
    "null",
    "partial\N{NO-BREAK SPACE}",
)
WEIGHTS = (
    "1",
    "0.5",
    " 2.25\t",
    "1.00000000005",
    "0.00000000005",
    "1.123456789149999999999999",
    "99999999.9999999999",
    "99999999.99999999994999",
    "007.10",
    " ",
    "",
)
BAD_WEIGHTS = (
    "0",
    "-0",
    "0.000",
    "-1",
    "0.00000000001",
    "0.00000000004999999999999999999999999999999999",
    "1e-11",
    "1e3",
    "99999999.99999999995",
    "100000000",
    "123456789012345678901234567890123456789012",
    "+1",
    ".5",
    "1,5",
    "NaN",
    "one",
)
COMMENTS = (
    "",
    "fine",
    "a,b",
    'she said "no"',
    "two\nlines",
    "two\r\nlines, and more",
    "a lone\rreturn",
    "#not a comment",
    "\\",
    '\\"',
    "NULL",
    "\\N",
    "=1+1",
    "日本語 – ünïcode 😀",
    " padded ",
    "a;b\tc|d",
    "'",
    '"',
)
CHANNELS = ("email", " email ", "Email", "web", "sms\t", "", "  ", "null", "a|b", "a")
SEGMENTS = ("gold", "GOLD ", "", " ", "b|c", "c", "_null_", "NULL", "Größe")
RESPONDENTS = ("", "42", " 42", "c@example.com", "a|b", "Ж", " ")
EXTRA_COLUMNS = (
    "Notes",
    "free, text",
    "answer_status",
    "status_reason",
    "score",
    "filename",
    "answers",
    "answer_id",
    "row_number",
)

# Local times around changes of the clocks in the zones above.
CLOCK_CHANGES = (
    "2025-03-09",
    "2025-03-09T02:30",
    "2025-03-09T00:30",
    "2025-03-09 02:59:59.999999",
    "2025-03-09T03:00",
    "2025-11-02",
    "2025-11-02T00:30",
    "2025-11-02T01:30",
    "2025-11-02T02:00:00",
    "2025-03-30T02:30",
    "2025-03-30T01:30",
    "2025-10-26T02:30",
    "2025-10-26T01:30:00.0000009",
    "2025-10-26T03:00",
    "2025-04-06T01:45",
    "2025-10-05T02:15",
    "2025-10-05 02:29:59",
    "2025-04-25",
    "2025-04-25T00:15",
    "2025-10-31",
    "2025-10-30T23:30",
)
LEGAL_TIMES = (
    "2025-02-28T23:59:59.9999999",
    "2024-12-30",
    "2024-12-31T12:00Z",
    "2025-01-01T00:00+14:00",
    "2025-01-01T00:00-14:00",
    "2024-12-31T23:59:59-1359",
    "2025-01-01T12:00:00-00:00",
    "2025-06-01 10:00+05",
    "2025-06-01 10:00:00.1+0530",
    "2025-06-01T10:00:00.123456789012345Z",
    "2025-06-30T23:59:59Z",
    "2025-07-01T00:00:00Z",
    "\t2025-09-30T22:00\r\n",
)
ILLEGAL_TIMES = (
    "05/06/2026",
    "2025-02-30",
    "2025-02-29T10:00",
    "2025-13-01",
    "2025-00-10",
    "2025-01-00",
    "2025-1-5",
    "20250105",
    "2025-01-05T24:00",
    "2025-01-05T23:60",
    "2025-01-05T23:59:60",
    "2025-01-05T10",
    "2025-01-05T10:",
    "2025-01-05T1:00",
    "2025-01-05T10:00:5",
    "2025-01-05T10:00:00.",
    "2025-01-05T10:00:00,5",
    "2025-01-05T10:00.5",
    "2025-01-05T10:00+14:01",
    "2025-01-05T10:00-14:01",
    "2025-01-05T10:00+15",
    "2025-01-05T10:00+05:60",
    "2025-01-05T10:00+0560",
    "2025-01-05T10:00+5",
    "2025-01-05T10:00+05:3",
    "2025-01-05T10:00 Z",
    "2025-01-05T10:00 +01:00",
    "2025-01-05T10:00z",
    "2025-01-05t10:00",
    "2025-01-05  10:00",
    "2025-01-05\t10:00",
    "2025-01-05Z",
    "2025-01-05+01:00",
    "2025-01-05 10:00 UTC",
    "2025-01-05 10:00 AM",
    "1899-12-31",
    "9999-01-01",
    "0000-01-01",
    "-2025-01-05",
    "٢٠٢٥-01-05",
    "2025-01-05\N{NO-BREAK SPACE}",
    "2025–01–05",
    "2025-01-05T10:00:00ZZ",
    "2025-01-05\n2025-01-06",
    "infinity",
    "today",
    "1736071200",
)
# Readable, and far before the first period with many answers.
FAR_TIMES = ("1900-01-01", "1969-12-31", "2000-02-29")

Seed = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def write_random_feed(directory: Path, *, seed: int, rows: int) -> dict[str, Any]:
    """Write a random feed and its definitions; the same seed gives the same bytes.

    ``directory/feed`` gets about ``rows`` answers as ``survey_answers.*`` or
    ``survey_answers/*``, ``directory/definitions`` the six seeds, all of them valid.
    Returns the vars to build with: as_of, reporting_time_zone,
    fiscal_year_start_month, minimum_reportable_responses, confidence_level.
    """
    rng = Random(seed)
    as_of_text = rng.choice(
        (
            "2025-12-14",
            "2026-01-01 00:30",
            "2025-12-31T23:59:59.999999",
            "2025-12-14T22:30:00Z",
            "2025-12-15T05:00+05:45",
        )
    )
    as_of = _instant(as_of_text)
    variables: dict[str, Any] = {
        "as_of": as_of_text,
        "reporting_time_zone": rng.choice(REPORTING_ZONES),
        "fiscal_year_start_month": rng.choice((1, 1, 2, 4, 7, 10, 12)),
        "minimum_reportable_responses": rng.choice((1, 5, 30)),
    }
    questions = _random_questions(rng)
    answers = _AnswerWriter(rng, questions, as_of, rows).write()
    _write_definitions(rng, directory / "definitions", questions, rows)
    (directory / "feed").mkdir(parents=True, exist_ok=True)
    _FeedWriter(rng, directory / "feed").write(answers)
    variables["confidence_level"] = rng.choice((0.95, 0.95, 0.8, 0.999))
    return variables


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


# Definitions ------------------------------------------------------------------


# Metric, touchpoint, scale, valid_from, valid_to.
Validity = tuple[str, str, RandomScale, date | None, date | None]


@dataclass(frozen=True, slots=True)
class RandomQuestion:
    """A question of the generator: its ids, and one seed row per validity."""

    ids: tuple[str, str, str]
    validities: list[Validity]


def _random_questions(rng: Random) -> list[RandomQuestion]:
    every_id = [
        (source, survey, question)
        for source in SOURCES
        for survey in SURVEYS
        for question in QUESTIONS
    ]
    # Two questions that look the same once their ids are joined.
    chosen = [
        ("src|pipe", "s1", "q1"),
        ("src", "pipe|s1", "q1"),
        *rng.sample(every_id, 28),
    ]
    return [
        RandomQuestion(ids, _random_validities(rng)) for ids in dict.fromkeys(chosen)
    ]


def _random_validities(
    rng: Random,
) -> list[Validity]:
    days = [date(2024, 11, 1) + timedelta(days=rng.randrange(420)) for _ in range(3)]
    cuts = sorted(set(rng.choices([*days, date(2025, 3, 9), date(2025, 7, 1)], k=3)))
    starts: list[date | None] = [rng.choice((None, None, date(2024, 11, 1))), *cuts]
    ends: list[date | None] = [*cuts, rng.choice((None, None, date(2025, 12, 10)))]
    validities: list[Validity] = []
    touchpoint = rng.choice(TOUCHPOINTS[:-1])[0]
    metric = rng.choice(("csat", "csat", "nps", "nps", "ces"))
    for start, end in zip(starts, ends, strict=True):
        if start is not None and end is not None and start >= end:
            continue
        if validities and rng.random() < 0.1:
            continue
        touchpoint = rng.choice((touchpoint, rng.choice(TOUCHPOINTS[:-1])[0]))
        metric = rng.choice((metric, metric, rng.choice(("csat", "nps", "ces"))))
        scale = rng.choice(NPS_SCALES if metric == "nps" else SCALES)
        validities.append((metric, touchpoint, scale, start, end))
    rng.shuffle(validities)
    return validities


def _write_definitions(
    rng: Random, directory: Path, questions: list[RandomQuestion], rows: int
) -> None:
    texts = ("How was it?", 'Was it "good", or not?', "Wie war’s?\nEhrlich.", None)
    excluded = [
        (rng.choice(list(SOURCES)), _random_response(rng, rows), reason)
        for reason in ("test account", "legal, by request", None)
        for _ in range(rng.choice((1, max(2, rows // 25))))
    ]
    excluded += [(source, response, "again") for source, response, _ in excluded[::2]]
    seeds: dict[str, Seed] = {
        "rating_scales": (
            (
                "scale_id",
                "min_score",
                "max_score",
                "best_is_high",
                "top_box_count",
                "bottom_box_count",
                "blank_codes",
                "not_applicable_codes",
            ),
            [
                (
                    scale.scale_id,
                    scale.min_score,
                    scale.max_score,
                    str(scale.best_is_high).lower(),
                    scale.top_box_count,
                    scale.bottom_box_count,
                    scale.blank_codes,
                    scale.not_applicable_codes,
                )
                for scale in SCALES
            ],
        ),
        "answer_labels": (
            ("scale_id", "label", "score"),
            [
                (scale.scale_id, label, score)
                for scale in SCALES
                for label, score in scale.labels.items()
            ],
        ),
        "survey_questions": (
            (
                "source_system",
                "survey_id",
                "question_id",
                "question_text",
                "metric",
                "touchpoint_id",
                "scale_id",
                "valid_from",
                "valid_to",
            ),
            [
                (
                    *question.ids,
                    rng.choice(texts),
                    metric,
                    touchpoint,
                    scale.scale_id,
                    start,
                    end,
                )
                for question in questions
                for metric, touchpoint, scale, start, end in question.validities
            ],
        ),
        "touchpoints": (
            (
                "touchpoint_id",
                "touchpoint_name",
                "journey_stage",
                "journey_order",
                "survey_kind",
            ),
            list(TOUCHPOINTS),
        ),
        "sources": (
            ("source_system", "time_zone"),
            [(source, zone) for source, zone in SOURCES.items() if zone is not None],
        ),
        "excluded_responses": (
            ("source_system", "response_id", "reason"),
            list(excluded),
        ),
    }
    directory.mkdir(parents=True, exist_ok=True)
    for name, (header, records) in seeds.items():
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as f:
            writer = csv.writer(f, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(records)


# Answers ----------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A row, with the instants that its times were written from, where known."""

    row: RawRow
    zone: ZoneInfo
    responded: datetime | None
    updated: datetime | None


def _random_response(rng: Random, rows: int) -> str:
    return rng.choice(RESPONSE_FORMS).format(rng.randrange(1 + rows // 60))


class _AnswerWriter:
    def __init__(
        self,
        rng: Random,
        questions: list[RandomQuestion],
        as_of: datetime,
        rows: int,
    ) -> None:
        self.rng = rng
        self.questions = questions
        self.as_of = as_of
        self.rows = rows
        self.drafts: list[_Draft] = []
        # A few feeds go back a century: their periods are many.
        self.times_far_back = rng.random() < 0.2

    def write(self) -> list[RawRow]:
        for _ in range(self.rows):
            if self.drafts and self.rng.random() < 0.3:
                # Often one of the latest, so that versions of versions arise.
                recent = self.drafts[-min(len(self.drafts), 8) :]
                base = self.rng.choice((self.rng.choice(recent), recent[-1]))
                self.drafts.append(self._next_version(base))
            else:
                self.drafts.append(self._new_answer())
        rows = [draft.row for draft in self.drafts]
        self.rng.shuffle(rows)
        return rows

    def _new_answer(self) -> _Draft:
        rng = self.rng
        question = rng.choice(self.questions)
        source, survey, question_id = question.ids
        zone = ZoneInfo(SOURCES[source] or "UTC")
        draft = _Draft(dict.fromkeys(FEED_COLUMNS), zone, None, None)
        row = draft.row
        row["source_system"] = source
        row["survey_id"] = survey
        row["question_id"] = question_id
        row["response_id"] = _random_response(rng, self.rows)
        self._set_responded(draft)
        self._set_updated(draft)
        row["answer"] = self._answer(self._scale(question, draft.responded))
        for column in OPTIONAL_COLUMNS:
            if column != "updated_at":
                row[column] = self._optional_value(column, draft)
        if rng.random() < 0.05:
            self._break_ids(row)
        return draft

    def _break_ids(self, row: RawRow) -> None:
        column = self.rng.choice(("source_system", "survey_id", "question_id"))
        broken = (
            None,
            self.rng.choice(EMPTY_TEXTS),
            f" {row[column]}",
            f"{row[column]}\n",
            "\N{NO-BREAK SPACE}",
        )
        row[self.rng.choice((column, "response_id"))] = self.rng.choice(broken)

    def _scale(
        self, question: RandomQuestion, responded: datetime | None
    ) -> RandomScale:
        day = None if responded is None else responded.date()
        for _, _, scale, start, end in question.validities:
            if day and (not start or start <= day) and (not end or day < end):
                return scale
        return self.rng.choice(SCALES)

    def _answer(self, scale: RandomScale) -> str | None:
        rng = self.rng
        codes = [
            code
            for cell in (scale.blank_codes, scale.not_applicable_codes)
            for code in cell.split("|")
            if code
        ]
        makers: list[tuple[int, Callable[[], str | None]]] = [
            (
                60,
                lambda: self._written_number(
                    str(rng.randint(scale.min_score, scale.max_score))
                ),
            ),
            (4, lambda: str(rng.choice((scale.min_score, scale.max_score)))),
            (4, lambda: str(rng.choice((scale.min_score - 1, scale.max_score + 1)))),
            (4, lambda: rng.choice((None, *EMPTY_TEXTS))),
            (4, lambda: rng.choice(UNKNOWN_LABELS)),
            (4, lambda: rng.choice(NOT_WHOLE)),
            (4, lambda: rng.choice(OFF_SCALE)),
        ]
        if codes:
            makers.append((8, lambda: self._written_text(rng.choice(codes))))
        if scale.labels:
            makers.append((12, lambda: self._written_text(rng.choice([*scale.labels]))))
        weights = [weight for weight, _ in makers]
        return rng.choices(makers, weights)[0][1]()

    def _written_text(self, text: str) -> str:
        text = text.strip()
        if parse_number(text) is not None:
            return self._written_number(text)
        folded = self.rng.choice((text, text.lower(), text.swapcase(), text.title()))
        # Upper case of ß is two letters, which is not the same text in another case.
        return self._padded(text if "ß" in text else folded)

    def _written_number(self, number: str) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            return number
        sign, digits = ("-", number[1:]) if number[0] == "-" else ("", number)
        if digits.strip("0.") == "":
            sign = rng.choice(("", "-"))
        zeros = rng.choice(("", "", "0", "00"))
        more = rng.choice(("", "0", "0000000000000000000000"))
        tail = more if "." in digits else rng.choice(("", f".0{more}"))
        return self._padded(f"{sign}{zeros}{digits}{tail}")

    def _padded(self, text: str) -> str:
        pads = ("", "", "", " ", "\t", "\r\n", "  ")
        return f"{self.rng.choice(pads)}{text}{self.rng.choice(pads)}"

    def _optional_value(self, column: str, draft: _Draft) -> str | None:
        rng = self.rng
        pool: Sequence[str | None]
        if column == "response_status":
            pool = rng.choices(
                ((None,), STATUSES, PARTIAL_STATUSES, UNREAL_STATUSES), (12, 5, 1, 1)
            )[0]
            return rng.choice(pool)
        if column == "weight":
            pool = rng.choices(((None,), WEIGHTS, BAD_WEIGHTS), (12, 6, 1))[0]
            return rng.choice(pool)
        if column in ("interaction_at", "invited_at"):
            if rng.random() < 0.4:
                return None
            return self._time(draft.zone)[0]
        pools = {
            "respondent_id": RESPONDENTS,
            "channel": CHANNELS,
            "segment": SEGMENTS,
            "comment": COMMENTS,
        }
        return rng.choice((None, None, None, rng.choice(pools[column])))

    # Times

    def _set_responded(self, draft: _Draft) -> None:
        rng = self.rng
        text: str | None
        text, draft.responded = self._time(draft.zone)
        luck = rng.random()
        if luck < 0.02:
            text = rng.choice((None, *EMPTY_TEXTS))
        elif luck < 0.05:
            microseconds = rng.choice((-1, 0, 1, 999_999, 86_400_000_000, 10**15))
            draft.responded = self.as_of + timedelta(microseconds=microseconds)
            text = self._written_time(draft.responded, draft.zone)
        elif luck < 0.055 and self.times_far_back:
            text = rng.choice(FAR_TIMES)
        draft.row["responded_at"] = text

    def _set_updated(self, draft: _Draft) -> None:
        if self.rng.random() < 0.3:
            draft.row["updated_at"] = draft.updated = None
            return
        text, draft.updated = self._time(draft.zone)
        draft.row["updated_at"] = text

    def _time(self, zone: ZoneInfo) -> tuple[str, datetime | None]:
        rng = self.rng
        luck = rng.random()
        if luck < 0.05:
            return rng.choice(ILLEGAL_TIMES), None
        if luck < 0.12:
            return rng.choice(CLOCK_CHANGES), None
        if luck < 0.18:
            return rng.choice(LEGAL_TIMES), None
        # Few days with many answers, and all days with some.
        busy = datetime(2025, 6, 27, tzinfo=UTC)
        days = rng.choice(
            (rng.randrange(5), rng.randrange(5), rng.randrange(-220, 170))
        )
        instant = busy + timedelta(days=days, seconds=60 * rng.randrange(1440))
        if rng.random() < 0.3:
            instant += timedelta(microseconds=rng.randrange(60_000_000))
        return self._written_time(instant, zone), instant

    def _written_time(self, instant: datetime, zone: ZoneInfo) -> str:
        rng = self.rng
        form = rng.choice(("local", "local", "utc", "offset", "date"))
        if form == "local":
            local, offset = instant.astimezone(zone), ""
        elif form == "utc":
            local, offset = instant, rng.choice(("Z", "+00:00", "-00", "+0000"))
        elif form == "offset":
            minutes = rng.choice((60, -300, 345, 840, -840, 570))
            local = instant + timedelta(minutes=minutes)
            sign, size = "-" if minutes < 0 else "+", abs(minutes)
            forms = [f"{sign}{size // 60:02}{size % 60:02}"]
            forms += [f"{sign}{size // 60:02}:{size % 60:02}"]
            forms += [f"{sign}{size // 60:02}"] if size % 60 == 0 else []
            offset = rng.choice(forms)
        else:
            return self._padded(f"{instant.astimezone(zone):%Y-%m-%d}")
        text = f"{local:%Y-%m-%d}{rng.choice('T ')}{local:%H:%M}"
        if local.second or local.microsecond or rng.random() < 0.7:
            text += f":{local:%S}"
            if local.microsecond or rng.random() < 0.3:
                fraction = f"{local:%f}"
                text += "." + rng.choice(
                    (fraction, f"{fraction}9", f"{fraction}0000", _short(fraction))
                )
        return self._padded(text + offset)

    # Versions

    def _next_version(self, base: _Draft) -> _Draft:
        rng = self.rng
        draft = _Draft(dict(base.row), base.zone, base.responded, base.updated)
        change = rng.choice(
            ("nothing", "writing", "updated", "responded", "answer", "correction")
            + ("column",) * 4
        )
        if change == "writing":
            if draft.responded is not None:
                draft.row["responded_at"] = self._rewritten(
                    draft.responded, base.zone, draft.row["responded_at"]
                )
            if draft.updated is not None:
                draft.row["updated_at"] = self._rewritten(
                    draft.updated, base.zone, draft.row["updated_at"]
                )
        elif change == "updated":
            self._set_updated(draft)
        elif change == "correction":
            self._set_updated(draft)
            draft.row["answer"] = self._answer(rng.choice(SCALES))
        elif change == "responded":
            self._set_responded(draft)
        elif change == "answer":
            draft.row["answer"] = self._answer(rng.choice(SCALES))
        elif change == "column":
            column = rng.choice(TIE_BREAK_COLUMNS[1:-2])
            draft.row[column] = self._optional_value(column, draft)
        return draft

    def _rewritten(self, instant: datetime, zone: ZoneInfo, text: str | None) -> str:
        # A bare date stays a date: it is another instant than the one it came from.
        if text is None or len(text.strip()) == 10:
            return f" {(text or '').strip()}"
        written = self._written_time(instant, zone)
        while len(written.strip()) == 10:
            written = self._written_time(instant, zone)
        return written


def _short(fraction: str) -> str:
    return fraction.rstrip("0") or "0"


# Files ------------------------------------------------------------------------


class _FeedWriter:
    def __init__(self, rng: Random, directory: Path) -> None:
        self.rng = rng
        self.directory = directory

    def write(self, rows: list[RawRow]) -> None:
        rng = self.rng
        names = rng.choice(
            (
                ["survey_answers.csv"],
                ["survey_answers.csv.gz"],
                ["survey_answers.parquet"],
                ["survey_answers.csv", "survey_answers.parquet"],
                [
                    "survey_answers/2025 first.csv",
                    "survey_answers/b.csv.gz",
                    "survey_answers/c.parquet",
                    "survey_answers/typed.parquet",
                    "survey_answers/no_rows.csv",
                ],
                ["survey_answers.csv.gz", "survey_answers/more.csv"],
            )
        )
        filled = [name for name in names if name != "survey_answers/no_rows.csv"]
        for name in names:
            share = rows[filled.index(name) :: len(filled)] if name in filled else []
            # A single file keeps every column, or nothing would be left to test.
            self._write_file(self.directory / name, share, alone=len(names) == 1)

    def _write_file(self, path: Path, rows: list[RawRow], *, alone: bool) -> None:
        rng = self.rng
        columns = list(FEED_COLUMNS)
        if not alone:
            for column in rng.sample(OPTIONAL_COLUMNS, rng.choice((0, 0, 1, 3))):
                columns.remove(column)
        columns += rng.sample(EXTRA_COLUMNS, rng.choice((0, 1, 3)))
        rng.shuffle(columns)
        header = [self._written_name(column) for column in columns]
        records = [
            [row[name] if name in row else rng.choice(COMMENTS) for name in columns]
            for row in rows
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            typed = path.stem == "typed"
            _write_parquet(path, header, records, columns if typed else [])
            return
        content = self._csv(header, records).encode()
        if path.suffix == ".gz":
            content = gzip.compress(content, mtime=0)
        path.write_bytes(content)

    def _written_name(self, column: str) -> str:
        forms = (column, column, column.upper(), column.title(), f" {column} ")
        return self.rng.choice(forms)

    def _csv(
        self, header: Sequence[str | None], records: list[list[str | None]]
    ) -> str:
        rng = self.rng
        line_end = rng.choice(("\n", "\r\n"))
        lines = [
            ",".join(self._cell(value) for value in record)
            for record in [header, *records]
        ]
        start = rng.choice(("", "\N{ZERO WIDTH NO-BREAK SPACE}"))
        end = rng.choice(("", line_end)) if records else line_end
        return start + line_end.join(lines) + end

    def _cell(self, value: str | None) -> str:
        text = value or ""
        quoted = '"' + text.replace('"', '""') + '"'
        must_be_quoted = any(letter in text for letter in ',"\r\n')
        return quoted if must_be_quoted or self.rng.random() < 0.15 else text


def _write_parquet(
    path: Path,
    header: list[str],
    records: list[list[str | None]],
    typed_columns: list[str],
) -> None:
    """Write texts to a Parquet file; typed columns are converted where they can be."""
    types = {
        "answer": "double",
        "responded_at": "timestamptz",
        "updated_at": "timestamp",
        "interaction_at": "date",
        "weight": "decimal(12, 4)",
    }
    values = [[record[i] for record in records] for i in range(len(header))]
    names = [f'"{name}"' for name in header]
    texts = ", ".join(f"unnest(?::varchar[]) as {name}" for name in names)
    columns = ", ".join(
        f"try_cast({name} as {types[column]}) as {name}" if column in types else name
        for name, column in zip(names, typed_columns or [""] * len(names), strict=True)
    )
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table texts as select {texts}", values)
        connection.execute(f"create table typed as select {columns} from texts")
        connection.execute(f"copy typed to '{path}' (format parquet)")
