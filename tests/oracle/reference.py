"""The contract of the warehouse once more, in plain Python.

Feed and definitions go in, every mart comes out as a list of rows. Nothing here
knows how the dbt models work: rules follow the text of the contract, arithmetic is
exact (``int``, ``Decimal``, ``Fraction``), and each score is rounded once. Generated
hash ids are left out.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

REQUIRED_COLUMNS = (
    "source_system",
    "survey_id",
    "question_id",
    "response_id",
    "answer",
    "responded_at",
)
OPTIONAL_COLUMNS = (
    "respondent_id",
    "channel",
    "segment",
    "comment",
    "interaction_at",
    "invited_at",
    "response_status",
    "updated_at",
    "weight",
)
FEED_COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS

# Section 3, from the top: the first reason that applies is the one.
STATUS_OF_REASON = {
    "missing_id": "rejected",
    "missing_timestamp": "rejected",
    "unreadable_timestamp": "rejected",
    "future_timestamp": "rejected",
    "unknown_question": "rejected",
    "excluded_response": "rejected",
    "not_a_real_response": "rejected",
    "duplicate": "rejected",
    "superseded": "rejected",
    "blank": "skipped",
    "not_applicable": "skipped",
    "incomplete_response": "skipped",
    "unknown_label": "rejected",
    "not_a_whole_number": "rejected",
    "off_scale": "rejected",
    "bad_weight": "rejected",
}

# Among versions with equal times, the first in binary order counts. The raw times
# come last, so that times written differently leave nothing to the order of rows.
TIE_BREAK_COLUMNS = (
    "answer",
    "comment",
    "respondent_id",
    "channel",
    "segment",
    "interaction_at",
    "invited_at",
    "response_status",
    "weight",
    "responded_at",
    "updated_at",
)

PERIOD_GRAINS = ("day", "week", "month", "quarter", "year")
WHITE_SPACE = " \t\r\n"
WEIGHT_STEP = Decimal("0.0000000001")
LARGE_WEIGHT = Decimal(10_000)
LARGEST_WEIGHT = Decimal("99999999.9999999999")

NUMBER = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
TIMESTAMP = re.compile(
    r"""
    ([0-9]{4}) - ([0-9]{2}) - ([0-9]{2})
    (?:
        [T\x20] ([0-9]{2}) : ([0-9]{2}) (?: : ([0-9]{2}) (?: \. ([0-9]+) )? )?
        ( Z | [+-][0-9]{2} (?: :? [0-9]{2} )? )?
    )?
    """,
    re.VERBOSE,
)

Row = dict[str, Any]
RawRow = dict[str, str | None]


class FeedError(ValueError):
    """The feed cannot be read; the message names the file."""


class DefinitionError(ValueError):
    """A definition is not valid; the message names the seed and the row."""


# Text -------------------------------------------------------------------------


def trim(text: str | None) -> str:
    """Return text without spaces, tabs, CR and LF at both ends; null gives ``""``."""
    return (text or "").strip(WHITE_SPACE)


def fold(text: str) -> str:
    """Return text in lower case, letter by letter (``Σ`` is ``σ`` everywhere)."""
    return "".join(letter.lower()[0] for letter in text)


def parse_number(text: str) -> Decimal | None:
    """Return the exact number of a trimmed text, or None where it is not one."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def parse_weight(text: str | None) -> Decimal | None:
    """Return a weight with ten decimals, 1 where none is given, None where bad."""
    trimmed = trim(text)
    if not trimmed:
        return Decimal(1)
    number = parse_number(trimmed)
    if number is None or not 0 < number <= LARGEST_WEIGHT + WEIGHT_STEP:
        return None
    weight = number.quantize(WEIGHT_STEP, ROUND_HALF_UP)
    return weight if 0 < weight <= LARGEST_WEIGHT else None


# Time -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """A timestamp that was read: its instant (UTC, naive) and its date if bare."""

    instant: datetime
    bare_date: date | None

    def local_date(self, zone: ZoneInfo) -> date:
        """Return the date in a zone; a bare date is its own."""
        if self.bare_date is not None:
            return self.bare_date
        return date_in_zone(self.instant, zone)


def date_in_zone(instant: datetime, zone: ZoneInfo) -> date:
    """Return the local date of a naive UTC instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).date()


def parse_timestamp(text: str | None, zone: ZoneInfo) -> Moment | None:
    """Return the moment that a text names, or None where it cannot be read.

    Without an offset the text is local in ``zone``: of two equal local times the
    later counts, and one that does not exist has the offset before the change.
    """
    match = TIMESTAMP.fullmatch(trim(text))
    if match is None:
        return None
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    microsecond = int((match[7] or "")[:6].ljust(6, "0"))
    if not 1900 <= year <= 9998:
        return None
    try:
        local = datetime(year, month, day, hour, minute, second, microsecond)
    except ValueError:
        return None
    if match[8] is not None:
        offset = _parse_offset(match[8])
        return None if offset is None else Moment(local - offset, None)
    return Moment(
        local - _offset_in_zone(local, zone), local.date() if match[4] is None else None
    )


def _parse_offset(text: str) -> timedelta | None:
    if text == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    size = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or size > timedelta(hours=14):
        return None
    return -size if text[0] == "-" else size


def _offset_in_zone(local: datetime, zone: ZoneInfo) -> timedelta:
    # In an overlap the smaller offset gives the later instant; in a gap the smaller
    # one is the offset before the change; elsewhere both are the same.
    offsets = (
        local.replace(tzinfo=zone, fold=0).utcoffset(),
        local.replace(tzinfo=zone, fold=1).utcoffset(),
    )
    return min(offset for offset in offsets if offset is not None)


def _parse_zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


# Definitions ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of a scale that mean the same: as folded text and as numbers."""

    texts: frozenset[str]
    numbers: frozenset[Decimal]

    @classmethod
    def split(cls, cell: str | None) -> Codes:
        """Read a cell with codes separated by ``|``."""
        texts = {fold(trim(code)) for code in (cell or "").split("|")} - {""}
        numbers = {parse_number(text) for text in texts} - {None}
        return cls(
            frozenset(texts),
            frozenset(number for number in numbers if number is not None),
        )

    def match(self, folded_answer: str) -> bool:
        """Say whether an answer (trimmed, folded) is one of the codes."""
        return (
            folded_answer in self.texts or parse_number(folded_answer) in self.numbers
        )


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """One row of ``rating_scales`` with its labels (folded label to score)."""

    scale_id: str
    min_score: int
    max_score: int
    best_is_high: bool
    top_box_count: int
    bottom_box_count: int
    blank: Codes
    not_applicable: Codes
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Steps from the worst point to the best one."""
        return self.max_score - self.min_score

    @property
    def shape(self) -> tuple[int, bool, int, int]:
        """What makes scores of two scales alike: points, direction, box counts."""
        return (
            self.steps + 1,
            self.best_is_high,
            self.top_box_count,
            self.bottom_box_count,
        )

    def steps_from_worst(self, score: int) -> int:
        """Return how many points a score lies above the worst one."""
        return score - self.min_score if self.best_is_high else self.max_score - score

    def satisfaction_category(self, score: int) -> str:
        """Return ``satisfied``, ``neutral`` or ``dissatisfied``."""
        steps_from_worst = self.steps_from_worst(score)
        if self.steps - steps_from_worst < self.top_box_count:
            return "satisfied"
        if steps_from_worst < self.bottom_box_count:
            return "dissatisfied"
        return "neutral"


def nps_category(score: int) -> str:
    """Return ``promoter``, ``passive`` or ``detractor``."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One row of ``survey_questions``: a question and one validity."""

    source_system: str | None
    survey_id: str | None
    question_id: str | None
    question_text: str | None
    metric: str
    touchpoint_id: str
    survey_kind: str
    scale: Scale
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Say whether the half-open validity contains a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )

    def overlaps(self, other: Question) -> bool:
        """Say whether two validities have a day in common."""
        return (
            self.valid_from is None
            or other.valid_to is None
            or self.valid_from < other.valid_to
        ) and (
            other.valid_from is None
            or self.valid_to is None
            or other.valid_from < self.valid_to
        )


QuestionKey = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Definitions:
    """All seeds, typed and checked."""

    touchpoints: dict[str, Row]
    questions: dict[QuestionKey, list[Question]]
    zones: dict[str, ZoneInfo]
    excluded: frozenset[tuple[str | None, str | None]]

    def question_on(self, key: QuestionKey, day: date) -> Question | None:
        """Return the definition of a question that is valid on a day."""
        for question in self.questions.get(key, []):
            if question.is_valid_on(day):
                return question
        return None


def read_definitions(directory: Path) -> Definitions:
    """Read and check the six seeds of a folder.

    Raises DefinitionError, naming seed and row, for anything that section 2 of the
    contract does not allow.
    """
    scales = _read_scales(directory)
    _read_labels(directory, scales)
    touchpoints = _read_touchpoints(directory)
    return Definitions(
        touchpoints=touchpoints,
        questions=_read_questions(directory, scales, touchpoints),
        zones=_read_zones(directory),
        excluded=frozenset(
            (row["source_system"], row["response_id"])
            for _, row in _read_seed(directory, "excluded_responses")
        ),
    )


def _read_seed(directory: Path, seed: str) -> Iterator[tuple[str, RawRow]]:
    with (directory / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, strict=True), start=1):
            yield (
                f"{seed} row {number}",
                {name: value or None for name, value in row.items()},
            )


def _demand(condition: bool, where: str, problem: str) -> None:
    if not condition:
        raise DefinitionError(f"{where}: {problem}")


def _integer(where: str, row: RawRow, column: str) -> int:
    text = row[column] or ""
    _demand(re.fullmatch(r"-?[0-9]+", text) is not None, where, f"{column} is {text!r}")
    return int(text)


def _day(where: str, row: RawRow, column: str) -> date | None:
    text = row[column]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DefinitionError(f"{where}: {column} is {text!r}") from None


def _read_scales(directory: Path) -> dict[str, Scale]:
    scales: dict[str, Scale] = {}
    for where, row in _read_seed(directory, "rating_scales"):
        direction = (row["best_is_high"] or "").lower()
        _demand(direction in ("true", "false"), where, "best_is_high")
        scale = Scale(
            scale_id=row["scale_id"] or "",
            min_score=_integer(where, row, "min_score"),
            max_score=_integer(where, row, "max_score"),
            best_is_high=direction == "true",
            top_box_count=_integer(where, row, "top_box_count"),
            bottom_box_count=_integer(where, row, "bottom_box_count"),
            blank=Codes.split(row["blank_codes"]),
            not_applicable=Codes.split(row["not_applicable_codes"]),
        )
        boxes = scale.top_box_count + scale.bottom_box_count
        _demand(scale.scale_id not in scales, where, "scale_id twice")
        _demand(scale.min_score < scale.max_score, where, "min is not below max")
        _demand(scale.top_box_count >= 1, where, "top_box_count below 1")
        _demand(scale.bottom_box_count >= 0, where, "bottom_box_count below 0")
        _demand(boxes <= scale.steps + 1, where, "more boxes than points")
        scales[scale.scale_id] = scale
    return scales


def _read_labels(directory: Path, scales: dict[str, Scale]) -> None:
    for where, row in _read_seed(directory, "answer_labels"):
        scale = scales.get(row["scale_id"] or "")
        if scale is None:
            raise DefinitionError(f"{where}: unknown scale")
        label = fold(trim(row["label"]))
        score = _integer(where, row, "score")
        _demand(label not in scale.labels, where, "label twice")
        _demand(scale.min_score <= score <= scale.max_score, where, "score off scale")
        scale.labels[label] = score


def _read_touchpoints(directory: Path) -> dict[str, Row]:
    touchpoints: dict[str, Row] = {}
    for where, row in _read_seed(directory, "touchpoints"):
        touchpoint_id = row["touchpoint_id"] or ""
        _demand(touchpoint_id not in touchpoints, where, "touchpoint_id twice")
        _demand(
            row["survey_kind"] in ("transactional", "relationship"),
            where,
            "unknown survey_kind",
        )
        touchpoints[touchpoint_id] = {
            "touchpoint_id": touchpoint_id,
            "touchpoint_name": row["touchpoint_name"],
            "journey_stage": row["journey_stage"],
            "journey_order": None
            if row["journey_order"] is None
            else _integer(where, row, "journey_order"),
            "survey_kind": row["survey_kind"],
        }
    return touchpoints


def _read_questions(
    directory: Path, scales: dict[str, Scale], touchpoints: dict[str, Row]
) -> dict[QuestionKey, list[Question]]:
    questions: dict[QuestionKey, list[Question]] = defaultdict(list)
    for where, row in _read_seed(directory, "survey_questions"):
        scale = scales.get(row["scale_id"] or "")
        touchpoint = touchpoints.get(row["touchpoint_id"] or "")
        metric = row["metric"] or ""
        if scale is None:
            raise DefinitionError(f"{where}: unknown scale")
        if touchpoint is None:
            raise DefinitionError(f"{where}: unknown touchpoint")
        _demand(metric in ("csat", "nps", "ces"), where, "unknown metric")
        nps_scale = (scale.min_score, scale.max_score, scale.best_is_high) in (
            (0, 10, True),
            (1, 10, True),
        )
        _demand(metric != "nps" or nps_scale, where, "nps on another scale")
        question = Question(
            source_system=row["source_system"],
            survey_id=row["survey_id"],
            question_id=row["question_id"],
            question_text=row["question_text"],
            metric=metric,
            touchpoint_id=touchpoint["touchpoint_id"],
            survey_kind=touchpoint["survey_kind"],
            scale=scale,
            valid_from=_day(where, row, "valid_from"),
            valid_to=_day(where, row, "valid_to"),
        )
        _demand(
            question.valid_from is None
            or question.valid_to is None
            or question.valid_from < question.valid_to,
            where,
            "valid_from is not before valid_to",
        )
        key = (question.source_system, question.survey_id, question.question_id)
        _demand(
            not any(question.overlaps(other) for other in questions[key]),
            where,
            "two rows valid on one day",
        )
        questions[key].append(question)
    return dict(questions)


def _read_zones(directory: Path) -> dict[str, ZoneInfo]:
    zones: dict[str, ZoneInfo] = {}
    for where, row in _read_seed(directory, "sources"):
        source = row["source_system"] or ""
        zone = _parse_zone(row["time_zone"])
        _demand(source not in zones, where, "source_system twice")
        if zone is None:
            raise DefinitionError(f"{where}: unknown time zone {row['time_zone']!r}")
        zones[source] = zone
    return zones


# Feed -------------------------------------------------------------------------


def read_feed(directory: Path) -> list[RawRow]:
    """Return the rows of all files of a feed: 15 columns of text, null for empty.

    Raises FeedError, naming the file, where the feed or a file is not as section 1 of
    the contract demands.
    """
    files = sorted(
        path
        for pattern in ("survey_answers.*", "survey_answers/*")
        for path in directory.glob(pattern)
        if not path.name.startswith(".")
    )
    if not files:
        raise FeedError(f"{directory} has no survey_answers feed")
    return [row for path in files for row in _read_file(path)]


def _read_file(path: Path) -> Iterator[RawRow]:
    if path.name.endswith(".parquet"):
        header, records = _read_parquet(path)
    elif path.name.endswith((".csv", ".csv.gz")):
        header, records = _read_csv(path)
    else:
        raise FeedError(f"{path}: not a CSV, CSV.gz or Parquet file")
    names = [trim(name).lower() for name in header]
    for name in REQUIRED_COLUMNS:
        if name not in names:
            raise FeedError(f"{path}: column {name} is missing")
    for name, count in Counter(names).items():
        if count > 1:
            raise FeedError(f"{path}: column {name} is there {count} times")
    positions = [
        (name, names.index(name) if name in names else None) for name in FEED_COLUMNS
    ]
    for record in records:
        yield {
            name: None if position is None else record[position] or None
            for name, position in positions
        }


def _read_csv(path: Path) -> tuple[list[str], list[Sequence[str | None]]]:
    records: list[Sequence[str | None]] = []
    try:
        content = path.read_bytes()
        if path.name.endswith(".gz"):
            content = gzip.decompress(content)
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        reader = csv.reader(text, strict=True)
        header = next(reader, [])
        for record in reader:
            if record and len(record) != len(header):
                raise FeedError(
                    f"{path} line {reader.line_num}: {len(record)} fields where the "
                    f"header has {len(header)}"
                )
            if record:
                records.append(record)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise FeedError(f"{path}: cannot be read ({error})") from error
    return header, records


def _read_parquet(path: Path) -> tuple[list[str], list[Sequence[str | None]]]:
    with duckdb.connect() as connection:
        try:
            connection.execute("set TimeZone = 'UTC'")
            relation = connection.read_parquet(str(path))
            header = list(relation.columns)
            texts = relation.project("cast(columns(*) as varchar)").fetchall()
        except duckdb.Error as error:
            raise FeedError(f"{path}: cannot be read ({error})") from error
    return header, [*texts]


# From feed rows to judged answers ---------------------------------------------


@dataclass(slots=True, eq=False)
class Answer:
    """One row of the feed, and what is known about it so far."""

    raw: RawRow
    status_reason: str | None = None
    question: Question | None = None
    responded: Moment | None = None
    updated: Moment | None = None
    interaction: Moment | None = None
    invited: Moment | None = None
    reporting_date: date | None = None
    score: int | None = None
    weight: Decimal | None = None

    @property
    def version_order(self) -> tuple[Any, ...]:
        """Sort key among versions of one answer; the first is the one that counts."""
        return (
            self.updated is None,
            -_microseconds(self.updated),
            -_microseconds(self.responded),
            *(
                (self.raw[column] is None, self.raw[column] or "")
                for column in TIE_BREAK_COLUMNS
            ),
        )

    def repeats(self, other: Answer) -> bool:
        """Say whether times (as instants) and answer (as exported) are the same."""
        return (
            _instant(self.updated) == _instant(other.updated)
            and _instant(self.responded) == _instant(other.responded)
            and self.raw["answer"] == other.raw["answer"]
        )


def _instant(moment: Moment | None) -> datetime | None:
    return None if moment is None else moment.instant


def _microseconds(moment: Moment | None) -> int:
    if moment is None:
        return 0
    return (moment.instant - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def judge_answers(
    rows: Iterable[RawRow],
    definitions: Definitions,
    clock: datetime,
    reporting_zone: ZoneInfo,
) -> list[Answer]:
    """Give every feed row its reason (None = accepted), and type what is accepted.

    ``clock`` is a naive UTC instant. The order of the result is that of the rows.
    """

    @cache
    def read(text: str | None, source: str | None) -> Moment | None:
        zone = definitions.zones.get(source or "", ZoneInfo("UTC"))
        return parse_timestamp(text, zone)

    answers = []
    versions: dict[tuple[str | None, ...], list[Answer]] = defaultdict(list)
    for raw in rows:
        source = raw["source_system"]
        answer = Answer(
            raw,
            responded=read(raw["responded_at"], source),
            updated=read(raw["updated_at"], source),
            interaction=read(raw["interaction_at"], source),
            invited=read(raw["invited_at"], source),
        )
        if answer.responded is not None:
            answer.reporting_date = answer.responded.local_date(reporting_zone)
        answer.status_reason = _judge_row(answer, definitions, clock)
        answers.append(answer)
        if answer.status_reason is None:
            key = ("source_system", "survey_id", "response_id", "question_id")
            versions[tuple(raw[column] for column in key)].append(answer)

    for group in versions.values():
        counting = min(group, key=lambda version: version.version_order)
        for version in group:
            if version is not counting:
                version.status_reason = (
                    "duplicate" if version.repeats(counting) else "superseded"
                )
        counting.status_reason = _judge_content(counting)
    return answers


def _judge_row(answer: Answer, definitions: Definitions, clock: datetime) -> str | None:
    raw = answer.raw
    key = (raw["source_system"], raw["survey_id"], raw["question_id"])
    if not all(trim(part) for part in (*key, raw["response_id"])):
        return "missing_id"
    if not trim(raw["responded_at"]):
        return "missing_timestamp"
    if answer.responded is None or answer.reporting_date is None:
        return "unreadable_timestamp"
    if answer.responded.instant > clock:
        return "future_timestamp"
    answer.question = definitions.question_on(key, answer.reporting_date)
    if answer.question is None:
        return "unknown_question"
    if (raw["source_system"], raw["response_id"]) in definitions.excluded:
        return "excluded_response"
    if _response_status(raw) not in ("", "complete", "completed", "partial"):
        return "not_a_real_response"
    return None


def _response_status(raw: RawRow) -> str:
    return fold(trim(raw["response_status"]))


def _judge_content(answer: Answer) -> str | None:
    assert answer.question is not None
    scale = answer.question.scale
    text = fold(trim(answer.raw["answer"]))
    number = NUMBER.fullmatch(text)
    if not text or scale.blank.match(text):
        return "blank"
    if scale.not_applicable.match(text):
        return "not_applicable"
    if _response_status(answer.raw) == "partial":
        return "incomplete_response"
    if text in scale.labels:
        answer.score = scale.labels[text]
    elif number is None:
        return "unknown_label"
    elif (number[1] or "").strip("0"):
        return "not_a_whole_number"
    elif not scale.min_score <= Decimal(text) <= scale.max_score:
        return "off_scale"
    else:
        answer.score = int(Decimal(text))
    answer.weight = parse_weight(answer.raw["weight"])
    return "bad_weight" if answer.weight is None else None


# Periods ----------------------------------------------------------------------


def _month_start(year: int, months_after_january: int) -> date:
    return date(year + months_after_january // 12, months_after_january % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of every grain; quarters and years follow the fiscal year."""

    fiscal_year_start_month: int

    def start(self, grain: str, day: date) -> date:
        """Return the first day of the period that contains a day."""
        if grain == "day":
            return day
        if grain == "week":
            return day - timedelta(days=day.weekday())
        month = day.month - 1
        months_into_year = (day.month - self.fiscal_year_start_month) % 12
        back = {"month": 0, "quarter": months_into_year % 3, "year": months_into_year}
        return _month_start(day.year, month - back[grain])

    def end(self, grain: str, start: date) -> date:
        """Return the first day after the period that begins on a day."""
        if grain in ("day", "week"):
            return start + timedelta(days=1 if grain == "day" else 7)
        months = {"month": 1, "quarter": 3, "year": 12}[grain]
        return _month_start(start.year, start.month - 1 + months)

    def before(self, grain: str, start: date) -> date:
        """Return the first day of the period that ends where one begins."""
        return self.start(grain, start - timedelta(days=1))

    def year_before(self, grain: str, start: date) -> date:
        """Return the first day of the same period of the year before."""
        if grain == "week":
            return start - timedelta(weeks=52)
        leap_day = (start.month, start.day) == (2, 29)
        return start.replace(year=start.year - 1, day=28 if leap_day else start.day)

    def label(self, grain: str, start: date) -> str:
        """Return the label of the period that begins on a day."""
        if grain == "day":
            return start.isoformat()
        if grain == "week":
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02}"
        if grain == "month":
            return f"{start:%Y-%m}"
        year_start = self.start("year", start)
        # The fiscal year is named after the year of its last month.
        year = _month_start(year_start.year, year_start.month - 1 + 11).year
        name = f"FY{year}" if self.fiscal_year_start_month != 1 else f"{year}"
        if grain == "year":
            return name
        months = (start.month - self.fiscal_year_start_month) % 12
        return f"{name}-Q{months // 3 + 1}"


def _period_id(grain: str, start: date) -> str:
    return f"{grain}:{start.isoformat()}"


def _dim_periods(days: list[date], calendar: Calendar, today: date) -> list[Row]:
    rows: list[Row] = []
    for grain in PERIOD_GRAINS if days else ():
        start, last = calendar.start(grain, min(days)), max(days)
        first = start
        previous_period_id = None
        while start <= last:
            end = calendar.end(grain, start)
            period_id = _period_id(grain, start)
            rows.append(
                {
                    "period_id": period_id,
                    "period_grain": grain,
                    "period_start_date": start,
                    "period_end_date": end,
                    "period_label": calendar.label(grain, start),
                    "previous_period_id": previous_period_id,
                    "year_before_period_id": (
                        _period_id(grain, calendar.year_before(grain, start))
                        if calendar.year_before(grain, start) >= first
                        else None
                    ),
                    "is_complete": end <= today,
                }
            )
            start, previous_period_id = end, period_id
    return rows


# Scores -----------------------------------------------------------------------

# How many answers of a group have a score on a scale.
ScoreCounts = Counter[tuple[Scale, int]]


def divide(hundredfold: int | Fraction, parts: int) -> float | None:
    """Return one correctly rounded division of doubles; None where parts is 0."""
    return None if parts == 0 else float(hundredfold) / float(parts)


def _mean_score_pct(counts: ScoreCounts) -> float | None:
    responses = counts.total()
    shapes = {scale.shape for scale, _ in counts}
    if len(shapes) == 1:
        ((points, *_),) = shapes
        steps = sum(
            count * scale.steps_from_worst(score)
            for (scale, score), count in counts.items()
        )
        return divide(100 * steps, responses * (points - 1))
    total = sum(
        (
            count * Fraction(100 * scale.steps_from_worst(score), scale.steps)
            for (scale, score), count in counts.items()
        ),
        Fraction(0),
    )
    return divide(total, responses)


def _satisfaction_scores(
    counts: ScoreCounts, best: str, worst: str, score_name: str
) -> Row:
    responses = counts.total()
    categories: Counter[str] = Counter()
    for (scale, score), count in counts.items():
        categories[scale.satisfaction_category(score)] += count
    return {
        "response_count": responses,
        f"{best}_count": categories["satisfied"],
        "neutral_count": categories["neutral"],
        f"{worst}_count": categories["dissatisfied"],
        score_name: divide(100 * categories["satisfied"], responses),
        "mean_score_pct": _mean_score_pct(counts),
        "is_mixed_scale": len({scale.shape for scale, _ in counts}) > 1,
    }


def csat_scores(counts: ScoreCounts) -> Row:
    """Return the CSAT columns of a group of answers."""
    return _satisfaction_scores(counts, "satisfied", "dissatisfied", "csat_pct")


def ces_scores(counts: ScoreCounts) -> Row:
    """Return the CES columns of a group of answers."""
    return _satisfaction_scores(counts, "easy", "difficult", "ces_pct")


def nps_scores(counts: ScoreCounts) -> Row:
    """Return the NPS columns of a group of answers."""
    responses = counts.total()
    categories: Counter[str] = Counter()
    for (_, score), count in counts.items():
        categories[nps_category(score)] += count
    promoters, detractors = categories["promoter"], categories["detractor"]
    return {
        "response_count": responses,
        "promoter_count": promoters,
        "passive_count": categories["passive"],
        "detractor_count": detractors,
        "promoter_pct": divide(100 * promoters, responses),
        "passive_pct": divide(100 * categories["passive"], responses),
        "detractor_pct": divide(100 * detractors, responses),
        "nps": divide(100 * (promoters - detractors), responses),
        "is_standard_scale": all(
            (scale.min_score, scale.max_score) == (0, 10) for scale, _ in counts
        ),
    }


# Uncertainty ------------------------------------------------------------------


def confidence_z(level: float) -> float:
    """Return how many standard errors an interval reaches to either side."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson_interval(share: float, n: float, level: float) -> tuple[float, float]:
    """Return the bounds of a share of n answers in percent, by Wilson (1927)."""
    z = confidence_z(level)
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return 100 * (centre - half) / whole, 100 * (centre + half) / whole


def adjusted_nps(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Return mean and variance of answers as 1, 0, -1 with three added (Rocks 2016)."""
    promoter_share = (promoters + 0.75) / (n + 3)
    detractor_share = (detractors + 0.75) / (n + 3)
    mean = promoter_share - detractor_share
    return mean, (promoter_share + detractor_share - mean**2) / (n + 3)


def nps_interval(
    promoters: float, detractors: float, n: float, level: float
) -> tuple[float, float]:
    """Return the bounds of an NPS, within -100 and 100."""
    mean, variance = adjusted_nps(promoters, detractors, n)
    half = confidence_z(level) * math.sqrt(variance)
    return max(-100.0, 100 * (mean - half)), min(100.0, 100 * (mean + half))


@dataclass(slots=True)
class Sample:
    """The answers of a score: which count for it, which against it, and weights."""

    metric: str
    n: int = 0
    positives: int = 0
    negatives: int = 0
    weight: Decimal = Decimal(0)
    positive_weight: Decimal = Decimal(0)
    negative_weight: Decimal = Decimal(0)
    weight_squares: Fraction = Fraction(0)

    def add(self, row: Row) -> None:
        """Count an accepted answer in."""
        category = row["nps_category"] or row["satisfaction_category"]
        weight = row["weight"]
        self.n += 1
        self.weight += weight
        self.weight_squares += Fraction(weight) ** 2
        if category in ("promoter", "satisfied"):
            self.positives += 1
            self.positive_weight += weight
        elif category == "detractor":
            self.negatives += 1
            self.negative_weight += weight

    @property
    def n_eff(self) -> float:
        """The effective number of answers (Kish)."""
        return float(Fraction(self.weight) ** 2 / self.weight_squares)

    @property
    def score(self) -> float:
        """The score in points, as counted."""
        return float(Fraction(100 * (self.positives - self.negatives), self.n))

    @property
    def weighted_score(self) -> float:
        """The score in points, as weighted."""
        net = Fraction(self.positive_weight) - Fraction(self.negative_weight)
        return float(100 * net / Fraction(self.weight))

    @property
    def shares(self) -> tuple[float, float]:
        """What counts for the score and what against it, as shares."""
        return self.positives / self.n, self.negatives / self.n

    @property
    def weighted_shares(self) -> tuple[float, float]:
        """The same, as weighted."""
        whole = Fraction(self.weight)
        return (
            float(Fraction(self.positive_weight) / whole),
            float(Fraction(self.negative_weight) / whole),
        )

    def interval(
        self, shares: tuple[float, float], level: float
    ) -> tuple[float, float]:
        """Bounds of the score with such shares of n_eff answers."""
        positive, negative = shares
        n = self.n_eff
        if self.metric == "nps":
            return nps_interval(positive * n, negative * n, n, level)
        return wilson_interval(positive, n, level)


SCORE_NAMES = {"csat": "csat_pct", "ces": "ces_pct", "nps": "nps"}


def _uncertainty(sample: Sample, level: float) -> Row:
    name = SCORE_NAMES[sample.metric]
    low, high = sample.interval(sample.shares, level)
    weighted_low, weighted_high = sample.interval(sample.weighted_shares, level)
    return {
        f"{name}_low": low,
        f"{name}_high": high,
        "n_eff": sample.n_eff,
        f"weighted_{name}": sample.weighted_score,
        f"weighted_{name}_low": weighted_low,
        f"weighted_{name}_high": weighted_high,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """A score against an earlier one: how far it moved, and what could be seen."""

    before: float
    points: float
    z: float
    p_value: float
    detectable: float


def _change(now: Sample, then: Sample, level: float) -> Change:
    power = confidence_z(level) + NormalDist().inv_cdf(0.8)
    parts = [
        (positive * sample.n_eff, negative * sample.n_eff, sample.n_eff)
        for sample in (now, then)
        for positive, negative in [sample.shares]
    ]
    if now.metric == "nps":
        (mean, variance), (earlier_mean, earlier_variance) = [
            adjusted_nps(*part) for part in parts
        ]
        error = math.sqrt(variance + earlier_variance)
        z = (mean - earlier_mean) / error
    else:
        (count, _, n), (earlier_count, _, earlier_n) = parts
        z = share_change_z(count, n, earlier_count, earlier_n)
        # Agresti and Caffo: a success and a failure more each time.
        error = math.sqrt(
            sum((x + 1) * (m - x + 1) / (m + 2) ** 3 for x, _, m in parts)
        )
    return Change(
        before=then.score,
        points=now.score - then.score,
        z=z,
        p_value=math.erfc(abs(z) / math.sqrt(2)),
        detectable=100 * power * error,
    )


def share_change_z(
    count: float, n: float, earlier_count: float, earlier_n: float
) -> float:
    """Return the z of the N-1 test of two proportions; 0 where nothing varies."""
    total = n + earlier_n
    pooled = (count + earlier_count) / total
    if min(pooled, 1 - pooled) < 1e-12:
        return 0.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / earlier_n))
    return (count / n - earlier_count / earlier_n) * math.sqrt(1 - 1 / total) / error


def benjamini_hochberg(p_values: Sequence[float], level: float) -> list[bool]:
    """Return which of a family of tests are significant."""
    allowed = 0.0
    for rank, p_value in enumerate(sorted(p_values), start=1):
        if p_value <= rank * (1 - level) / len(p_values):
            allowed = p_value
    return [p_value <= allowed for p_value in p_values]


def _changes(
    samples: dict[tuple[Any, ...], Sample],
    earlier: Callable[[str, date], date],
    level: float,
) -> dict[tuple[Any, ...], tuple[Change, bool]]:
    """Each sample's change against an earlier period, and whether it is significant."""
    families: dict[tuple[str, date], dict[tuple[Any, ...], Change]] = defaultdict(dict)
    for key, sample in samples.items():
        values, grain, start = key
        then = samples.get((values, grain, earlier(grain, start)))
        if then is not None:
            families[grain, start][key] = _change(sample, then, level)
    judged = {}
    for family in families.values():
        significant = benjamini_hochberg([c.p_value for c in family.values()], level)
        judged.update(
            {
                key: (change, verdict)
                for (key, change), verdict in zip(
                    family.items(), significant, strict=True
                )
            }
        )
    return judged


def _change_columns(name: str, year: str, found: tuple[Change, bool] | None) -> Row:
    change, significant = found if found is not None else (None, None)
    return {
        f"{name}_year_before" if year else f"{name}_previous": change and change.before,
        f"{name}_{year}change": change and change.points,
        f"{name}_{year}change_z": change and change.z,
        f"{name}_{year}change_p_value": change and change.p_value,
        f"is_significant_{year}change": significant,
        f"{name}_{year}minimum_detectable_change": change and change.detectable,
    }


METRIC_SCORES: dict[str, Callable[[ScoreCounts], Row]] = {
    "csat": csat_scores,
    "nps": nps_scores,
    "ces": ces_scores,
}


def _scores_by_period(
    accepted: list[Row],
    questions: list[Question],
    calendar: Calendar,
    metric: str,
    columns: tuple[str, ...],
    minimum_reportable_responses: int,
    confidence_level: float,
) -> list[Row]:
    groups: dict[tuple[Any, ...], ScoreCounts] = defaultdict(Counter)
    samples: dict[tuple[Any, ...], Sample] = defaultdict(lambda: Sample(metric))
    for row, question in zip(accepted, questions, strict=True):
        if question.metric == metric:
            values = tuple(getattr(question, column) for column in columns)
            for grain in PERIOD_GRAINS:
                start = calendar.start(grain, row["reporting_date"])
                groups[values, grain, start][question.scale, row["score"]] += 1
                samples[values, grain, start].add(row)
    name = SCORE_NAMES[metric]
    changes = _changes(samples, calendar.before, confidence_level)
    year_changes = _changes(samples, calendar.year_before, confidence_level)
    rows = []
    for (values, grain, start), counts in groups.items():
        scores = METRIC_SCORES[metric](counts)
        rows.append(
            {
                **dict(zip(columns, values, strict=True)),
                "period_id": _period_id(grain, start),
                "period_grain": grain,
                "period_start_date": start,
                **scores,
                "is_reportable": scores["response_count"]
                >= minimum_reportable_responses,
                **_uncertainty(samples[values, grain, start], confidence_level),
                **_change_columns(name, "", changes.get((values, grain, start))),
                **_change_columns(
                    name, "year_", year_changes.get((values, grain, start))
                ),
            }
        )
    return rows


# Marts ------------------------------------------------------------------------


def _fct_survey_answer(answer: Answer) -> Row:
    raw, question, score = answer.raw, answer.question, answer.score
    assert question is not None and score is not None
    scale = question.scale
    is_nps = question.metric == "nps"
    return {
        "source_system": raw["source_system"],
        "survey_id": raw["survey_id"],
        "question_id": raw["question_id"],
        "response_id": raw["response_id"],
        "respondent_id": raw["respondent_id"],
        "touchpoint_id": question.touchpoint_id,
        "metric": question.metric,
        "scale_id": scale.scale_id,
        "channel": trim(raw["channel"]) or None,
        "segment": trim(raw["segment"]) or None,
        "score": score,
        "score_pct": divide(100 * scale.steps_from_worst(score), scale.steps),
        "satisfaction_category": None if is_nps else scale.satisfaction_category(score),
        "nps_category": nps_category(score) if is_nps else None,
        "weight": answer.weight,
        "responded_at": _instant(answer.responded),
        "reporting_date": answer.reporting_date,
        "interaction_at": _instant(answer.interaction),
        "invited_at": _instant(answer.invited),
        "comment": raw["comment"],
    }


def _fct_unaccepted_answers(answers: list[Answer]) -> list[Row]:
    return [
        {
            **answer.raw,
            "answer_status": STATUS_OF_REASON[answer.status_reason],
            "status_reason": answer.status_reason,
        }
        for answer in answers
        if answer.status_reason is not None
    ]


def _fct_answer_counts_by_question(answers: list[Answer]) -> list[Row]:
    columns = ("source_system", "survey_id", "question_id")
    groups: dict[tuple[str | None, ...], Counter[str | None]] = defaultdict(Counter)
    for answer in answers:
        key = tuple(answer.raw[column] for column in columns)
        groups[key][answer.status_reason] += 1
    rows = []
    for key, reasons in groups.items():
        statuses = Counter({"accepted": reasons[None], "skipped": 0, "rejected": 0})
        for reason, status in STATUS_OF_REASON.items():
            statuses[status] += reasons[reason]
        rows.append(
            {
                **dict(zip(columns, key, strict=True)),
                "feed_count": reasons.total(),
                **{f"{status}_count": n for status, n in statuses.items()},
                **{f"{reason}_count": reasons[reason] for reason in STATUS_OF_REASON},
            }
        )
    return rows


def _squares(weights: Iterable[Decimal], step: Decimal | None = None) -> Decimal:
    with localcontext(prec=100):
        squares = [weight * weight for weight in weights]
        if step is not None:
            squares = [square.quantize(step, ROUND_HALF_UP) for square in squares]
        return sum(squares, Decimal(0))


def _fct_score_counts_by_day(accepted: list[Row]) -> list[Row]:
    columns = (
        "reporting_date",
        "source_system",
        "survey_id",
        "question_id",
        "touchpoint_id",
        "metric",
        "scale_id",
        "channel",
        "segment",
        "score",
    )
    weights: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    for row in accepted:
        weights[tuple(row[column] for column in columns)].append(row["weight"])
    return [
        {
            **dict(zip(columns, key, strict=True)),
            "answer_count": len(group),
            "weight_sum": sum(group, Decimal(0)),
            # Squares have up to 36 digits, their sums more than Decimal's usual 28.
            "weight_square_sum": _squares(w for w in group if w < LARGE_WEIGHT),
            "large_weight_square_sum": _squares(
                (w for w in group if w >= LARGE_WEIGHT), WEIGHT_STEP
            ),
        }
        for key, group in weights.items()
    ]


def _dim_survey_questions(definitions: Definitions) -> list[Row]:
    return [
        {
            "source_system": question.source_system,
            "survey_id": question.survey_id,
            "question_id": question.question_id,
            "question_text": question.question_text,
            "metric": question.metric,
            "touchpoint_id": question.touchpoint_id,
            "survey_kind": question.survey_kind,
            "scale_id": question.scale.scale_id,
            "valid_from": question.valid_from,
            "valid_to": question.valid_to,
        }
        for validities in definitions.questions.values()
        for question in validities
    ]


def build_marts(
    feed_dir: Path,
    definitions_dir: Path,
    *,
    as_of: str,
    reporting_time_zone: str = "UTC",
    fiscal_year_start_month: int = 1,
    minimum_reportable_responses: int = 30,
    confidence_level: float = 0.95,
    erased: Collection[tuple[str, str]] = (),
) -> dict[str, list[Row]]:
    """Build every mart of section 5 from a feed and the definitions.

    ``feed_dir`` holds ``survey_answers.*`` or ``survey_answers/*``,
    ``definitions_dir`` the six seeds. ``as_of`` is the build's clock, a timestamp as
    in section 3. ``erased`` are respondents, each a source_system and a respondent_id.
    Returns mart name to rows, each a column-to-value mapping: counts are int, scores
    float, dates date, instants naive UTC datetime, weights Decimal.
    Raises FeedError, DefinitionError, or ValueError for a var that is not valid.
    """
    clock = parse_timestamp(as_of, ZoneInfo("UTC"))
    zone = _parse_zone(reporting_time_zone)
    if clock is None:
        raise ValueError(f"as_of {as_of!r} is not a timestamp")
    if zone is None:
        raise ValueError(f"unknown time zone {reporting_time_zone!r}")

    definitions = read_definitions(definitions_dir)
    calendar = Calendar(fiscal_year_start_month)
    rows, erased_counts = _drop_erased(read_feed(feed_dir), erased)
    answers = judge_answers(rows, definitions, clock.instant, zone)
    counting = [answer for answer in answers if answer.status_reason is None]
    accepted = [_fct_survey_answer(answer) for answer in counting]
    questions = [answer.question for answer in counting if answer.question is not None]

    def scores(metric: str, *columns: str) -> list[Row]:
        return _scores_by_period(
            accepted,
            questions,
            calendar,
            metric,
            columns,
            minimum_reportable_responses,
            confidence_level,
        )

    return {
        "dim_touchpoints": list(definitions.touchpoints.values()),
        "dim_periods": _dim_periods(
            [row["reporting_date"] for row in accepted],
            calendar,
            date_in_zone(clock.instant, zone),
        ),
        "dim_survey_questions": _dim_survey_questions(definitions),
        "fct_survey_answers": accepted,
        "fct_unaccepted_answers": _fct_unaccepted_answers(answers),
        "fct_answer_counts_by_question": _fct_answer_counts_by_question(answers),
        "fct_score_counts_by_day": _fct_score_counts_by_day(accepted),
        "fct_csat_by_touchpoint_period": scores("csat", "touchpoint_id"),
        "fct_nps_by_touchpoint_period": scores("nps", "touchpoint_id"),
        "fct_ces_by_touchpoint_period": scores("ces", "touchpoint_id"),
        "fct_csat_by_period": scores("csat"),
        "fct_nps_by_period": scores("nps", "survey_kind"),
        "fct_ces_by_period": scores("ces"),
        "fct_erased_answer_counts_by_source": [
            {"source_system": source_system, "erased_count": count}
            for source_system, count in erased_counts.items()
        ],
    }


def _drop_erased(
    rows: Iterable[RawRow], erased: Collection[tuple[str, str]]
) -> tuple[list[RawRow], Counter[str | None]]:
    """The rows of respondents who are not erased, and how many others each source has.

    Ids are compared exactly as exported; a row without a respondent is nobody's.
    """
    kept: list[RawRow] = []
    dropped: Counter[str | None] = Counter()
    for row in rows:
        if (row["source_system"], row["respondent_id"]) in erased:
            dropped[row["source_system"]] += 1
        else:
            kept.append(row)
    return kept, dropped
