"""A realistic feed of any size: one Parquet file a day, and its definitions.

`write_feed` writes the days of a plan; `write_day` writes one more on top. A file is
made by itself: who answered what on a day follows from hashes of the seed, the day and
a running number, so that an edit which arrives weeks later still knows the answer that
it edits. The same seed gives the same feed (with the same version of DuckDB, whose
hash function is used).

What is in a day's file:

- responses, each to the three questions of one of 40 touchpoints, ids like those of the
  tool that sent them (never sequential), times as that tool writes them;
- 2 % second versions: a response that was edited later, two in three within a week, a
  thin tail after up to 90 days, with a newer updated_at;
- 1 % exact copies of rows of the same day's file or of the three before it;
- 1 % bad answers: off the scale, unknown words, `6.5`, previews, unreadable times,
  missing ids, unknown questions, partial responses;
- 5 % comments, of a few words to a few sentences.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS

FIRST_DAY = date(2023, 1, 1)
DAYS = 1096
TOUCHPOINTS = 40
QUESTIONS_A_RESPONSE = 3

SECOND_VERSION_SHARE = 0.02
COPY_SHARE = 0.01
LAST_EDIT_LAG = 90
COPY_LAGS = (0.6, 0.8, 0.93, 1.0)
# A weekday is busier than a weekend, and the three years grow a little.
WEEKDAY_WEIGHTS = (1.12, 1.14, 1.12, 1.1, 1.06, 0.76, 0.7)
SLOTS = 256


@dataclass(frozen=True)
class Source:
    """A tool that exports answers: its zone and how it writes times and ids."""

    name: str
    time_zone: str
    time_form: str
    is_local: bool
    has_updated_at: bool
    status: str | None


SOURCES = (
    Source("qualtrics", "Europe/Berlin", "%Y-%m-%d %H:%M:%S", True, True, "complete"),
    Source("delighted", "UTC", "%Y-%m-%dT%H:%M:%S.%gZ", False, True, None),
    Source("medallia", "America/Chicago", "%Y-%m-%d %H:%M:%S", True, False, "Complete"),
    Source(
        "surveymonkey",
        "America/New_York",
        "%Y-%m-%dT%H:%M:%S+00:00",
        False,
        False,
        "completed",
    ),
)
# Qualtrics sends most; each touchpoint is asked by one tool.
SOURCE_OF_TOUCHPOINT = (0, 1, 0, 2, 1, 0, 3, 1, 0, 2)
CHANNELS = ("email", "web", "sms", "in-app")
STAGES = ("discover", "buy", "receive", "use", "get help", "pay", "renew", "leave")


@dataclass(frozen=True)
class Scale:
    """A rating scale, with the words that some exports write for its points."""

    scale_id: str
    low: int
    high: int
    best_is_high: bool
    top_boxes: int
    bottom_boxes: int
    blank_codes: str
    not_applicable_codes: str
    words: tuple[str, ...] = ()


CSAT_WORDS = (
    "Very dissatisfied",
    "Dissatisfied",
    "Neither satisfied nor dissatisfied",
    "Satisfied",
    "Very satisfied",
)
GRADES = ("sehr gut", "gut", "befriedigend", "ausreichend", "mangelhaft", "ungenügend")
SCALES = {
    scale.scale_id: scale
    for scale in (
        Scale("csat_5", 1, 5, True, 2, 2, "0", "99|N/A", ()),
        Scale("csat_5_words", 1, 5, True, 2, 2, "-", "N/A|Not applicable", CSAT_WORDS),
        Scale("csat_7", 1, 7, True, 2, 2, "0", "99"),
        Scale("grades_6", 1, 6, False, 2, 2, "-", "k. A.", GRADES),
        Scale("nps_0_10", 0, 10, True, 2, 7, "-1", "99"),
        Scale("nps_1_10", 1, 10, True, 2, 6, "0", "99"),
        Scale("ces_7", 1, 7, True, 3, 3, "", "99|Don't know"),
        Scale("ces_5", 1, 5, True, 2, 2, "0", ""),
    )
}
NPS_ENDS = ("0 - Not at all likely", "10 - Extremely likely")
# The three questions of a touchpoint: metric and scale, taken in turn.
QUESTION_SETS = (
    (("csat", "csat_5"), ("ces", "ces_7"), ("nps", "nps_0_10")),
    (("csat", "csat_7"), ("csat", "csat_5"), ("nps", "nps_0_10")),
    (("csat", "csat_5_words"), ("ces", "ces_7"), ("csat", "csat_7")),
    (("nps", "nps_0_10"), ("csat", "csat_5_words"), ("ces", "ces_5")),
    (("csat", "grades_6"), ("csat", "csat_5"), ("nps", "nps_1_10")),
)
# On this day two surveys change a question from five points to seven.
RESCALED_ON = date(2024, 7, 1)
RESCALED_TOUCHPOINTS = (5, 20)

OPENINGS = (
    "Honestly,", "To be fair,", "All in all", "As always", "This time", "Once again",
    "After two weeks", "On the phone", "At the desk", "In the app", "On my laptop",
    "Since the update", "For the second time", "Before my trip", "Late at night",
)  # fmt: skip
SUBJECTS = (
    "the delivery", "the new invoice", "your colleague", "the driver", "the technician",
    "the website", "the search", "the basket", "the packaging", "the manual",
    "the battery", "the renewal", "the contract", "the refund", "the chat",
    "the price", "the appointment", "the spare part", "the form", "the confirmation",
)  # fmt: skip
VERDICTS = (
    "was quick and friendly", "came three days late", "could not be opened",
    "worked at the first attempt", "took much longer than promised", "was spotless",
    "left me waiting for an answer", "was explained very well", "was wrong twice",
    "is easier than last year", "does not show the right address", "was a pleasure",
    "costs more than I had expected", "was damaged on one side", "kept its word",
    "crashed when I wanted to pay", "was hard to find", "deserves a compliment",
)  # fmt: skip
ENDINGS = (
    "Thank you!", "Please call me back.", "I will come again.", "Never again.",
    "Please fix this soon.", "Keep it up.", "My order number is in the subject.",
    "I have sent photos.", "My neighbour says the same.", "That used to be better.",
    "Five stars from me.", "Is there nobody who can help?", "Merci beaucoup !",
    "Schöne Grüße aus Köln", "I would like a refund, or at least an explanation.",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How many answers arrive when: `rows` over `days`, and on at that rate after."""

    rows: int
    days: int = DAYS
    first_day: date = FIRST_DAY
    seed: int = 1

    @cached_property
    def _total_weight(self) -> float:
        return self._weight_before(self.days)

    def _weight_before(self, day: int) -> float:
        """The weights of the days before a day, added up."""
        first = self.first_day.weekday()
        weeks, rest = divmod(day, 7)
        in_turn = islice(cycle(WEEKDAY_WEIGHTS), first, first + rest)
        return weeks * sum(WEEKDAY_WEIGHTS) + sum(in_turn)

    def _rows_before(self, day: int) -> int:
        return round(self.rows * self._weight_before(day) / self._total_weight)

    def date_of(self, day: int) -> date:
        """The date of a day; the first one is day 0."""
        return self.first_day + timedelta(days=day)

    def rows_on(self, day: int) -> int:
        """How many rows the file of a day holds; 0 before the first."""
        if day < 0:
            return 0
        return self._rows_before(day + 1) - self._rows_before(day)

    def copies_on(self, day: int, lag: int) -> int:
        """How many rows of a day arrive again, alike, `lag` days later."""
        return _step(self.rows_on(day) * COPY_SHARE, COPY_LAGS, lag)

    def edits_on(self, day: int, lag: int) -> tuple[int, int]:
        """Which edits of a day's responses arrive `lag` days later: from, until."""
        edits = self.rows_on(day) * SECOND_VERSION_SHARE / QUESTIONS_A_RESPONSE
        # Small days have fractions of an edit: which day gets it differs by day.
        start = (day * 0.618034) % 1
        return (
            math.floor(edits * _edit_share(lag - 1) + start),
            math.floor(edits * _edit_share(lag) + start),
        )

    def new_answers_on(self, day: int) -> int:
        """How many rows of a day's file are first versions."""
        edited = sum(
            QUESTIONS_A_RESPONSE * (until - start)
            for lag in range(LAST_EDIT_LAG + 1)
            for start, until in [self.edits_on(day - lag, lag)]
        )
        copies = sum(self.copies_on(day - lag, lag) for lag in range(len(COPY_LAGS)))
        return max(0, self.rows_on(day) - edited - copies)


def _step(count: float, shares: tuple[float, ...], index: int) -> int:
    before = shares[index - 1] if index else 0.0
    return round(count * shares[index]) - round(count * before)


def _edit_share(lag: int) -> float:
    """The share of edits that have arrived after so many days."""
    if lag < 0:
        return 0.0
    if lag <= 7:
        return 0.2 + 0.67 * lag / 7
    return 0.87 + 0.13 * min(1.0, math.log(lag / 7) / math.log(LAST_EDIT_LAG / 7))


# Definitions ------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question, its scale from a day on."""

    touchpoint: int
    position: int
    metric: str
    scale: Scale
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def source(self) -> Source:
        """The tool that asks it."""
        return SOURCES[_source_number(self.touchpoint)]

    @property
    def survey_id(self) -> str:
        """The survey of its touchpoint."""
        return f"survey_{_touchpoint_id(self.touchpoint)}"

    @property
    def question_id(self) -> str:
        """Its id within the survey."""
        return f"q{self.position + 1}_{self.metric}"


def _questions() -> Iterator[Question]:
    for touchpoint in range(TOUCHPOINTS):
        questions = QUESTION_SETS[touchpoint % len(QUESTION_SETS)]
        for position, (metric, scale_id) in enumerate(questions):
            scale = SCALES[scale_id]
            if touchpoint in RESCALED_TOUCHPOINTS and scale_id == "csat_5":
                new_scale = SCALES["csat_7"]
                yield Question(
                    touchpoint, position, metric, scale, valid_to=RESCALED_ON
                )
                yield Question(
                    touchpoint, position, metric, new_scale, valid_from=RESCALED_ON
                )
            else:
                yield Question(touchpoint, position, metric, scale)


def _source_number(touchpoint: int) -> int:
    return SOURCE_OF_TOUCHPOINT[touchpoint % len(SOURCE_OF_TOUCHPOINT)]


def _touchpoint_id(touchpoint: int) -> str:
    return f"{STAGES[touchpoint // 5].replace(' ', '_')}_{touchpoint % 5 + 1}"


def _is_relationship(touchpoint: int) -> bool:
    return touchpoint % 10 == 9


def write_definitions(directory: Path, plan: Plan) -> None:
    """Write the six seeds of the feed into a folder."""
    directory.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[tuple[object, ...]]] = {
        "rating_scales": [
            (
                scale.scale_id,
                scale.low,
                scale.high,
                str(scale.best_is_high).lower(),
                scale.top_boxes,
                scale.bottom_boxes,
                scale.blank_codes,
                scale.not_applicable_codes,
            )
            for scale in SCALES.values()
        ],
        "answer_labels": [
            *(
                (scale.scale_id, word, score)
                for scale in SCALES.values()
                for score, word in enumerate(scale.words, start=scale.low)
            ),
            ("nps_0_10", NPS_ENDS[0], 0),
            ("nps_0_10", NPS_ENDS[1], 10),
            ("ces_7", "Strongly disagree", 1),
            ("ces_7", "Strongly agree", 7),
        ],
        "survey_questions": [
            (
                question.source.name,
                question.survey_id,
                question.question_id,
                f"Question {question.position + 1} on {question.survey_id}",
                question.metric,
                _touchpoint_id(question.touchpoint),
                question.scale.scale_id,
                question.valid_from or "",
                question.valid_to or "",
            )
            for question in _questions()
        ],
        "touchpoints": [
            (
                _touchpoint_id(touchpoint),
                f"{STAGES[touchpoint // 5].capitalize()}, step {touchpoint % 5 + 1}",
                STAGES[touchpoint // 5],
                touchpoint + 1,
                "relationship" if _is_relationship(touchpoint) else "transactional",
            )
            for touchpoint in range(TOUCHPOINTS)
        ],
        "sources": [(source.name, source.time_zone) for source in SOURCES],
        "excluded_responses": [
            (source_system, response_id, "Answered by a colleague")
            for source_system, response_id in _first_responses(plan)
        ],
    }
    for seed, columns in DEFINITION_COLUMNS.items():
        path = directory / f"{seed}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(rows[seed])


def _first_responses(plan: Plan) -> list[tuple[str, str]]:
    """Some responses of the first days, to exclude."""
    with _prepared() as connection:
        found = []
        for day in range(min(plan.days, 8)):
            found += connection.execute(
                "select distinct source_system, response_id "
                f"from ({_day_sql(plan, day)}) where response_id is not null "
                "order by 1, 2 limit 5"
            ).fetchall()
        return sorted(set(found))


# Answers ----------------------------------------------------------------------


def _prepared() -> duckdb.DuckDBPyConnection:
    """A connection that holds what a day's query looks things up in."""
    connection = duckdb.connect()
    connection.execute("set threads = 1; set preserve_insertion_order = true")
    connection.execute(
        "create table touchpoints (touchpoint utinyint, source utinyint, "
        "source_system varchar, survey_id varchar, has_updated_at boolean, "
        "status varchar, is_relationship boolean)"
    )
    connection.executemany(
        "insert into touchpoints values (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                touchpoint,
                _source_number(touchpoint),
                source.name,
                f"survey_{_touchpoint_id(touchpoint)}",
                source.has_updated_at,
                source.status,
                _is_relationship(touchpoint),
            )
            for touchpoint in range(TOUCHPOINTS)
            for source in [SOURCES[_source_number(touchpoint)]]
        ],
    )
    connection.execute(
        "create table answers (touchpoint utinyint, position utinyint, "
        "first_day date, last_day date, question_id varchar, slot usmallint, "
        "answer varchar)"
    )
    for question in _questions():
        connection.execute(
            "insert into answers select ?, ?, ?, ?, ?, unnest(range(?)), unnest(?)",
            [
                question.touchpoint,
                question.position,
                question.valid_from or date.min,
                question.valid_to or date.max,
                question.question_id,
                SLOTS,
                _answer_slots(question),
            ],
        )
    return connection


def _answer_slots(question: Question) -> list[str | None]:
    """The answers to a question as often as they are given, in 256 slots."""
    scale = question.scale
    points = range(scale.low, scale.high + 1)
    # A bell that leans to the better end, by how well the touchpoint does.
    centre = 0.62 + 0.3 * ((question.touchpoint * 7 + question.position * 3) % 10) / 10
    weights = [
        math.exp(-0.5 * ((place / (len(points) - 1) - centre) / 0.24) ** 2)
        for place in range(len(points))
    ]
    if not scale.best_is_high:
        weights.reverse()
    codes: list[str | None] = [
        code
        for cell in (scale.blank_codes, scale.not_applicable_codes)
        for code in cell.split("|")
        if code
    ]
    slots = [None, *codes]
    texts = [_exported(question, score) for score in points]
    for text, weight in zip(texts, weights, strict=True):
        slots += [text] * max(
            1, round((SLOTS - len(codes) - 1) * weight / sum(weights))
        )
    return (slots + [texts[-2 if scale.best_is_high else 1]] * SLOTS)[:SLOTS]


def _exported(question: Question, score: int) -> str:
    """How the tool writes a score: some write words, some the words of the ends."""
    scale = question.scale
    if scale.words:
        return scale.words[score - scale.low]
    if scale.scale_id == "nps_0_10" and question.source.name == "qualtrics":
        return {0: NPS_ENDS[0], 10: NPS_ENDS[1]}.get(score, str(score))
    if scale.scale_id == "ces_7" and question.source.name == "medallia":
        return {1: "Strongly disagree", 7: "Strongly agree"}.get(score, str(score))
    return str(score)


def _text_list(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def _pick(texts: tuple[str, ...], number: str) -> str:
    return f"{_text_list(texts)}[1 + cast(({number}) % {len(texts)} as int)]"


def _time_text(instant: str) -> str:
    """A UTC instant as the source of the row writes it."""
    cases = []
    for number, source in enumerate(SOURCES):
        local = (
            f"{instant} + to_minutes(shift_{number})" if source.is_local else instant
        )
        text = f"strftime({local}, '{source.time_form}')"
        cases.append(f"when {number} then {text}")
    return f"case source {' '.join(cases)} end"


def _day_sql(plan: Plan, day: int) -> str:
    """The query of one day's file."""
    origins = []
    for origin in range(day, max(-1, day - LAST_EDIT_LAG - 1), -1):
        lag = day - origin
        first_edit, last_edit = plan.edits_on(origin, lag)
        copies = plan.copies_on(origin, lag) if lag < len(COPY_LAGS) else 0
        if origin == day or copies or last_edit > first_edit:
            shifts = [_shift(source, plan.date_of(origin)) for source in SOURCES]
            values = (
                *(origin, lag, plan.new_answers_on(origin), plan.rows_on(origin)),
                *(first_edit, last_edit, copies, *shifts),
            )
            origins.append(f"({', '.join(map(str, values))})")
    return DAY_SQL.format(
        day=day,
        seed=plan.seed,
        first_midnight=f"timestamp '{plan.first_day} 00:00:00'",
        origins=",\n        ".join(origins),
        new_answers=plan.new_answers_on(day),
        touchpoint_count=TOUCHPOINTS,
        position_count=QUESTIONS_A_RESPONSE,
        slot_count=SLOTS,
        responded_at=_time_text("responded"),
        updated_at=_time_text("updated"),
        interaction_at=_time_text("interacted"),
        invited_at=_time_text("invited"),
        any_channel=_pick(CHANNELS, "of_person >> 24"),
        opening=_pick(OPENINGS, "words"),
        subject=_pick(SUBJECTS, "words >> 8"),
        verdict=_pick(VERDICTS, "words >> 16"),
        second_subject=_pick(SUBJECTS, "words >> 24"),
        second_verdict=_pick(VERDICTS, "words >> 32"),
        ending=_pick(ENDINGS, "words >> 40"),
    )


def _shift(source: Source, day: date) -> int:
    """The minutes of a source's clock ahead of UTC at noon; 0 if it writes UTC."""
    if not source.is_local:
        return 0
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offset = noon.astimezone(ZoneInfo(source.time_zone)).utcoffset() or timedelta(0)
    return int(offset.total_seconds()) // 60


# Numbers drawn from hashes stand for chance. Every draw has a number of its own, so
# that none depends on another.
DAY_SQL = """
with

origins (
    origin, lag, answers, rows, first_edit, last_edit, copies,
    shift_0, shift_1, shift_2, shift_3
) as (
    values
        {origins}
),

delivered as (

    select
        {day} as origin,
        number as answer_number,
        1 as version

    from range({new_answers}) as numbers (number)

    union all

    -- A prime number of steps through a day's responses meets each of them once.
    select
        origin,
        {position_count} * edited_response + unnest(range({position_count})),
        2 as version

    from (
        select
            origin,
            (hash({seed}, origin, 'edit') % 1000000 + edit * 2147483647)
            % greatest(1, answers // {position_count}) as edited_response
        from (select *, unnest(range(first_edit, last_edit)) as edit from origins)
    )

    union all

    select
        origin,
        (hash({seed}, origin, 'copy') % 1000000 + copy * 2147483629)
        % greatest(1, answers),
        1 as version

    from (
        select *, unnest(range(rows * lag, rows * lag + copies)) as copy from origins
    )

),

drawn as (

    select
        origins.*,
        version,
        cast(answer_number as bigint) // {position_count} as response,
        cast(answer_number as bigint) % {position_count} as position,
        hash({seed}, origin, cast(answer_number as bigint) // {position_count})
            as of_response,
        hash({seed}, origin, cast(answer_number as bigint), 'answer') as of_answer

    from delivered
    inner join origins using (origin)
    where answer_number < answers

),

more_drawn as (

    select
        *,
        cast(
            floor({touchpoint_count} * pow((of_response & 65535) / 65536.0, 1.6))
            as utinyint
        ) as touchpoint,
        hash(of_response, 1) as of_id,
        hash(of_response, 2) as of_times,
        hash(of_response, 3) as of_person,
        hash(of_answer, 4) as words,
        case
            when version = 2 and position = of_response % {position_count}
                then hash(of_answer, 5)
            else of_answer
        end % {slot_count} as slot,
        case when (of_answer >> 20) % 1000 < 10 then (of_answer >> 40) % 10 end
            as fault

    from drawn

),

timed as (

    select
        *,
        {first_midnight}
        + to_days(cast(origin as integer))
        -- A few answers reach the tool a day or two late.
        - case
            when of_times % 50 = 0 then to_days(1 + cast(of_id % 2 as integer))
            else to_days(0)
        end
        + to_milliseconds(
            response * 86400000 // (answers // {position_count} + 1)
            + cast((of_times >> 8) % 2000 as bigint)
        ) as responded

    from more_drawn

),

more_timed as (

    select
        *,
        case
            when version = 2
                then greatest(
                    {first_midnight} + to_days({day})
                    + to_milliseconds(cast((of_times >> 16) % 86400000 as bigint)),
                    responded + interval 1 hour
                )
            when touchpoints.has_updated_at
                then responded + to_milliseconds(cast(of_times % 90000 as bigint))
        end as updated,
        case
            when (of_times >> 6) % 10 > 0
                then responded
                - to_milliseconds(cast((of_times >> 24) % 172800000 as bigint))
        end as invited,
        case
            when not touchpoints.is_relationship and (of_times >> 5) % 20 > 0
                then responded - interval 2 days
                - to_milliseconds(cast((of_times >> 32) % 259200000 as bigint))
        end as interacted

    from timed
    inner join touchpoints using (touchpoint)

)

select
    source_system,
    survey_id,
    case when fault = 9 then 'q_old' else question_id end as question_id,
    case
        when fault = 6 then null
        when source = 0
            then 'R_' || right(to_base(cast(of_id >> 1 as bigint), 36, 13), 7)
            || lower(right(to_base(cast(of_times >> 1 as bigint), 36, 13), 8))
        when source = 1 then cast(of_id % 1000000000000000 as varchar)
        when source = 2
            then cast(
                cast(
                    cast(of_id as uhugeint) * 4611686018427387904 + of_times as uuid
                ) as varchar
            )
        else cast(1000000000000 + of_id % 9000000000000 as varchar)
    end as response_id,
    case fault
        when 0 then '11'
        when 1 then '99'
        when 2 then 'Excellent'
        when 3 then '6.5'
        when 8 then 'n/a'
        else answers.answer
    end as answer,
    case
        when fault = 5 then strftime(responded, '%d/%m/%Y %H:%M')
        else {responded_at}
    end as responded_at,
    case
        when of_person % 100 < 93
            then 'C' || cast(10000000 + (of_person >> 8) % 40000000 as varchar)
    end as respondent_id,
    case
        when (of_person >> 10) % 100 = 0 then null
        when (of_person >> 20) % 5 = 0
            then {any_channel}
        when touchpoint % 10 in (2, 5, 6) then 'web'
        when touchpoint % 10 = 8 then 'sms'
        when touchpoint % 10 = 7 then 'in-app'
        else 'email'
    end as channel,
    case
        when (of_person >> 12) % 50 = 0 then null
        when (of_person >> 18) % 100 < 70 then 'Consumer'
        when (of_person >> 18) % 100 < 95
            then case (of_person >> 26) % 100
                when 0 then 'business'
                when 1 then ' Business'
                else 'Business'
            end
        else 'Public sector'
    end as segment,
    case
        when (of_answer >> 8) % 20 = 0
            then {opening} || ' ' || {subject} || ' ' || {verdict} || '.'
            || case
                when words % 2 = 0
                    then ' And ' || {second_subject} || ' ' || {second_verdict} || '.'
                else ''
            end
            || case
                when words % 3 = 0 then ' (' || cast(words % 1000000 as varchar) || ')'
                else ''
            end
            || case when words % 5 < 2 then ' ' || {ending} else '' end
    end as comment,
    {interaction_at} as interaction_at,
    {invited_at} as invited_at,
    case fault when 4 then 'preview' when 7 then 'partial' else status end
        as response_status,
    {updated_at} as updated_at,
    case
        when is_relationship and of_person % 8 > 0
            then cast(
                cast(0.4 + (of_person >> 30) % 16000 / 10000.0 as decimal(6, 4))
                as varchar
            )
    end as weight

from more_timed
inner join answers using (touchpoint, position, slot)
where responded >= answers.first_day and responded < answers.last_day
"""


# Files ------------------------------------------------------------------------


def write_day(
    directory: Path,
    plan: Plan,
    day: int,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Path:
    """Write the file of a day, which may lie behind the plan's last.

    The file appears whole or not at all.
    """
    files = directory / "feed" / "survey_answers"
    files.mkdir(parents=True, exist_ok=True)
    path = files / f"{plan.date_of(day)}.parquet"
    unfinished = path.with_name(f".{path.name}")
    sql = (
        f"copy ({_day_sql(plan, day)}) to '{unfinished}' "
        "(format parquet, compression snappy)"
    )
    if connection is None:
        with _prepared() as own_connection:
            own_connection.execute(sql)
    else:
        connection.execute(sql)
    unfinished.rename(path)
    return path


def write_feed(
    directory: Path, plan: Plan, progress: Callable[[int], None] | None = None
) -> Path:
    """Write all days of a plan and the definitions; returns the folder of the feed.

    `progress` is told how many days are written. Two days at a time are in memory.
    """
    write_definitions(directory / "definitions", plan)
    workers = 2
    with ThreadPoolExecutor(workers) as pool:

        def write_days(first: int) -> None:
            with _prepared() as connection:
                for day in range(first, plan.days, workers):
                    write_day(directory, plan, day, connection)
                    if progress:
                        progress(day + 1)

        list(pool.map(write_days, range(workers)))
    return directory / "feed"
