"""Four real surveys: how each becomes a feed and definitions, and what must come out.

The data stay outside the project, in `../shared/data`. Nothing is copied: a converter
writes mapping files and feeds into a temporary folder and reads the exports in place.

Odd cases, read before mapping:

- SFO airport numbers its respondents anew each year, so that each year is a survey of
  its own; the interview date is a day of May (2013, 2015) or September (2014), and in
  2016 a date with a meaningless `12:00:00 AM`. Blank is 0, "not applicable" is 6.
- datacamp has no response id, and 198 of its customers answered on two channels: a
  response id made of the customer alone would lose answers.
- airline items have no date. Each answer gets a fixed one; what `expected.csv` calls
  `all` is then its year. Zero is "not applicable". The classes are segments.
- sudzilla is one survey in two files, which differ in nothing but the form of the
  timestamps. Each must give the expected figures; both in one feed are two sources.
  `all` is November 2019, in which all its answers lie.
"""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from cx_warehouse.unpivot import Summary, convert

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DATASETS = ("sfo_airport", "datacamp_nps", "airline_items", "sudzilla")
SUDZILLA_FORMATS = {
    "sudzilla_01": ("input_01.csv", "%m/%d/%Y %H:%M:%S"),
    "sudzilla_02": ("input_02.csv", "%Y-%m-%d %H:%M:%S.%f"),
}
SUDZILLA_QUESTIONS = {
    "conference": "On a scale of 0-10, how would you rate Sudzilla?",
    "opening_keynote": "On a scale of 0-10, how would you rate the opening keynote?",
    "closing_keynote": "On a scale of 0-10, how would you rate the closing keynote?",
}
AIRLINE_DATE = "2015-06-15"

Row = dict[str, str]
Definitions = dict[str, list[Row]]


@dataclass(frozen=True)
class Question:
    """A question of a dataset and what the definitions say about it."""

    source_system: str
    survey_id: str
    question_id: str
    touchpoint_id: str
    metric: str
    scale_id: str


@dataclass(frozen=True)
class Expected:
    """One row of `expected.csv` and where the warehouse has it.

    `touchpoint_id` None is all touchpoints together, `segment` None all segments.
    Counts are answers, `value` is in percent or NPS points, `mean_score` in points of
    the scale, `weighted_value` as `value` or None.
    """

    source_system: str
    metric: str
    touchpoint_id: str | None
    segment: str | None
    grain: str
    start: date
    counts: dict[str, int]
    value: float
    mean_score: float
    weighted_value: float | None

    @property
    def end(self) -> date:
        """Give the first day after the period."""
        if self.grain == "day":
            return date.fromordinal(self.start.toordinal() + 1)
        months = {"month": 1, "quarter": 3, "year": 12}[self.grain]
        years, month = divmod(self.start.month - 1 + months, 12)
        return date(self.start.year + years, month + 1, 1)


@dataclass(frozen=True)
class Outcome:
    """What became of `count` answers of one question, day and segment.

    `result` is a score, or `blank`, `not_applicable` or `rejected`.
    """

    question: Question
    segment: str | None
    day: date
    result: int | str
    count: int
    weight: float


def convert_all(folder: Path) -> dict[str, Summary]:
    """Convert every dataset; feeds go to `folder/survey_answers`.

    Gives the summary of each export, by the name of its feed.
    """
    feeds = folder / "survey_answers"
    feeds.mkdir()
    summaries = {}
    for name, export, mapping in _exports():
        path = folder / f"{name}_mapping.csv"
        write_csv(path, mapping)
        summaries[name] = convert(export, path, feeds / f"{name}.csv.gz")
    return summaries


def _exports() -> Iterator[tuple[str, Path, list[Row]]]:
    """Give name, export and mapping of every wide file."""
    for year in ("2013", "2014", "2015", "2016"):
        rows = [
            {"field": "source_system", "value": "sfo_airport"},
            {"field": "survey_id", "value": year},
            {"field": "response_id", "column": _SFO_RESPONDENT.get(year, "RESPNUM")},
            {"field": "responded_at", **_SFO_DATES[year]},
            {"field": "weight", "column": "WEIGHT"},
        ]
        rows += [
            _question(row["touchpoint"], row["source_column"])
            for row in read_csv(DATA / "sfo_airport" / "mapping.csv")
            if row["year"] == year
        ]
        yield f"sfo_{year}", DATA / "sfo_airport" / f"{year}.csv.gz", rows
    for channel in ("email", "mobile", "web"):
        rows = [
            {"field": "source_system", "value": "datacamp_nps"},
            {"field": "survey_id", "value": channel},
            {"field": "channel", "value": channel},
            {"field": "responded_at", "column": "response_date", "format": "%Y-%m-%d"},
            {"field": "respondent_id", "column": "user_id"},
            _question("nps", "nps_rating"),
        ]
        yield channel, DATA / "datacamp_nps" / f"nps_{channel}.csv", rows
    rows = [
        {"field": "source_system", "value": "airline_items"},
        {"field": "survey_id", "value": "items"},
        {"field": "response_id", "column": "id"},
        {"field": "responded_at", "value": AIRLINE_DATE},
        {"field": "segment", "column": "Class"},
    ]
    rows += [_question(item, item) for item in _airline_items()]
    yield "airline_items", DATA / "airline_items" / "test.csv.gz", rows
    for source, (file, layout) in SUDZILLA_FORMATS.items():
        rows = [
            {"field": "source_system", "value": source},
            {"field": "survey_id", "value": "2019"},
            {
                "field": "responded_at",
                "column": "Timestamp",
                "format": layout,
                # The data name no zone; the expected days are those as written.
                "time_zone": "UTC",
            },
            {"field": "comment", "question_id": "conference", "column": "...why?"},
        ]
        rows += [_question(key, text) for key, text in SUDZILLA_QUESTIONS.items()]
        yield source, DATA / "sudzilla" / file, rows


_SFO_RESPONDENT = {"2016": "*RESPNUM"}
_SFO_DATES = {
    "2013": {"value": "2013-05-{INTDATE}", "format": "%Y-%m-%d"},
    "2014": {"value": "2014-09-{INTDATE}", "format": "%Y-%m-%d"},
    "2015": {"value": "2015-05-{INTDATE}", "format": "%Y-%m-%d"},
    "2016": {"column": "INTDATE", "format": "%m/%d/%Y 12:00:00 AM"},
}


def _question(question_id: str, column: str) -> Row:
    """Give the mapping row of a question."""
    return {"field": "question", "question_id": question_id, "column": column}


def _airline_items() -> dict[str, str]:
    """Give the items of the airline survey and their metric (`csat`, `ces`)."""
    return {
        row["touchpoint"]: row["metric"].removesuffix("_top2")
        for row in read_csv(DATA / "airline_items" / "expected.csv")
        if not row["touchpoint"].endswith((" / Business", " / Eco", " / Eco Plus"))
    }


def questions() -> list[Question]:
    """Give every question of the four datasets."""
    found = [
        Question(
            "sfo_airport",
            row["year"],
            row["touchpoint"],
            f"sfo_airport/{row['touchpoint']}",
            row["metric"].removesuffix("_top2"),
            _sfo_scale(row)["scale_id"],
        )
        for row in read_csv(DATA / "sfo_airport" / "mapping.csv")
    ]
    found += [
        Question("datacamp_nps", name, "nps", f"datacamp_nps/{name}", "nps", "0-10")
        for name in ("email", "mobile", "web")
    ]
    found += [
        Question(
            "airline_items", "items", name, f"airline_items/{name}", metric, "airline"
        )
        for name, metric in _airline_items().items()
    ]
    found += [
        Question(source, "2019", name, f"{source}/{name}", "nps", "0-10")
        for source in SUDZILLA_FORMATS
        for name in SUDZILLA_QUESTIONS
    ]
    return found


def _sfo_scale(row: Row) -> Row:
    """Give the scale of a row of SFO's mapping, named after its codes.

    `<empty>` is blank everywhere, and case never counts.
    """
    blank = dict.fromkeys(code.casefold() for code in row["missing_codes"].split("|"))
    blank.pop("<empty>", None)
    codes = "|".join(blank)
    low, high = row["scale"].split("-")
    return _scale(f"sfo {row['scale']} {codes}", low, high, codes, row["dk_na_codes"])


def _scale(
    scale_id: str, low: str, high: str, blank: str = "", not_applicable: str = ""
) -> Row:
    """Give a row of `rating_scales` with two boxes at either end."""
    return {
        "scale_id": scale_id,
        "min_score": low,
        "max_score": high,
        "best_is_high": "true",
        "top_box_count": "2",
        "bottom_box_count": "2",
        "blank_codes": blank,
        "not_applicable_codes": not_applicable,
    }


def definitions() -> Definitions:
    """Give the seeds that the four datasets need."""
    sfo = read_csv(DATA / "sfo_airport" / "mapping.csv")
    scales = [_sfo_scale(row) for row in sfo]
    scales += [_scale("0-10", "0", "10"), _scale("airline", "1", "5", "", "0")]
    touchpoints = dict.fromkeys(q.touchpoint_id for q in questions())
    return {
        "rating_scales": list({row["scale_id"]: row for row in scales}.values()),
        "survey_questions": [
            {
                "source_system": question.source_system,
                "survey_id": question.survey_id,
                "question_id": question.question_id,
                "question_text": question.question_id,
                "metric": question.metric,
                "touchpoint_id": question.touchpoint_id,
                "scale_id": question.scale_id,
                "valid_from": "",
                "valid_to": "",
            }
            for question in questions()
        ],
        "touchpoints": [
            {
                "touchpoint_id": touchpoint_id,
                "touchpoint_name": touchpoint_id.partition("/")[2],
                "journey_stage": touchpoint_id.partition("/")[0],
                "journey_order": str(order),
                # Only datacamp's question is about the brand; so its NPS over all
                # channels is the relationship NPS of the warehouse.
                "survey_kind": (
                    "relationship"
                    if touchpoint_id.startswith("datacamp_nps/")
                    else "transactional"
                ),
            }
            for order, touchpoint_id in enumerate(touchpoints, start=1)
        ],
    }


def expected(dataset: str) -> list[Expected]:
    """Give what must come out of one dataset, for every group of `expected.csv`."""
    return [
        Expected(
            source_system=source,
            metric=row["metric"].removesuffix("_top2"),
            touchpoint_id=None if touchpoint == "ALL" else f"{source}/{touchpoint}",
            segment=segment or None,
            grain=grain,
            start=start,
            counts={
                name: int(row[name])
                for name in (
                    "n_rows",
                    "n_valid",
                    "n_missing",
                    "n_dk_na",
                    "n_invalid",
                    "n_top",
                    "n_mid",
                    "n_bottom",
                )
            },
            value=float(row["value"]),
            mean_score=float(row["mean_score"]),
            weighted_value=(
                float(row["weighted_value"]) if row["weighted_value"] else None
            ),
        )
        for row in read_csv(DATA / dataset / "expected.csv")
        for touchpoint, _, segment in [row["touchpoint"].partition(" / ")]
        for grain, start in [_period(row["grain"], row["period"])]
        for source in (SUDZILLA_FORMATS if dataset == "sudzilla" else [dataset])
    ]


def _period(grain: str, period: str) -> tuple[str, date]:
    """Give the grain of the warehouse and the first day of an expected period."""
    if grain == "all":
        # One month of 2019 (sudzilla), or the year of the airline's fixed date.
        grain, period = (
            ("year", AIRLINE_DATE[:4]) if period == "all" else ("month", period)
        )
    if grain == "quarter":
        year, quarter = period.split("-Q")
        return grain, date(int(year), 3 * int(quarter) - 2, 1)
    year, month, day = (*period.split("-"), "01", "01")[:3]
    return grain, date(int(year), int(month), int(day))


def feed_outcomes(folder: Path) -> list[Outcome]:
    """Judge the feeds without the warehouse, by a few lines of Python.

    Knows just what the four datasets need: integer scores and integer codes.
    """
    by_key = {(q.source_system, q.survey_id, q.question_id): q for q in questions()}
    scales = {row["scale_id"]: row for row in definitions()["rating_scales"]}
    counts: Counter[tuple[Question, str | None, date, int | str]] = Counter()
    weights: defaultdict[tuple[Question, str | None, date, int | str], float] = (
        defaultdict(float)
    )
    for feed in sorted((folder / "survey_answers").iterdir()):
        for row in read_csv(feed):
            question = by_key[
                row["source_system"], row["survey_id"], row["question_id"]
            ]
            scale = scales[question.scale_id]
            answer = row["answer"].strip().casefold()
            result: int | str = "rejected"
            if not answer or answer in scale["blank_codes"].split("|"):
                result = "blank"
            elif answer in scale["not_applicable_codes"].split("|"):
                result = "not_applicable"
            elif int(scale["min_score"]) <= int(answer) <= int(scale["max_score"]):
                result = int(answer)
            key = (question, row.get("segment"), _day(row["responded_at"]), result)
            counts[key] += 1
            weights[key] += float(row.get("weight", 1))
    return [Outcome(*key, count, weights[key]) for key, count in counts.items()]


def _day(responded_at: str) -> date:
    """Give the reporting date in UTC of a timestamp of the feed."""
    moment = datetime.fromisoformat(responded_at)
    return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()


def measure(outcomes: Iterable[Outcome], group: Expected) -> Expected:
    """Compute the figures of one expected group from outcomes."""
    mine = [
        outcome
        for outcome in outcomes
        if outcome.question.source_system == group.source_system
        and outcome.question.metric == group.metric
        and group.touchpoint_id in (None, outcome.question.touchpoint_id)
        and group.segment in (None, outcome.segment)
        and group.start <= outcome.day < group.end
    ]
    top, bottom = (9, 6) if group.metric == "nps" else (4, 2)
    scored = [(o.result, o) for o in mine if isinstance(o.result, int)]
    best = [o for score, o in scored if score >= top]
    worst = [o for score, o in scored if score <= bottom]
    against = worst if group.metric == "nps" else []
    valid = sum(o.count for _, o in scored)
    weight = sum(o.weight for _, o in scored)

    def count(among: Sequence[Outcome], result: str | None = None) -> int:
        return sum(o.count for o in among if result in (None, o.result))

    return Expected(
        source_system=group.source_system,
        metric=group.metric,
        touchpoint_id=group.touchpoint_id,
        segment=group.segment,
        grain=group.grain,
        start=group.start,
        counts={
            "n_rows": count(mine),
            "n_valid": valid,
            "n_missing": count(mine, "blank"),
            "n_dk_na": count(mine, "not_applicable"),
            "n_invalid": count(mine, "rejected"),
            "n_top": count(best),
            "n_mid": valid - count(best) - count(worst),
            "n_bottom": count(worst),
        },
        value=100 * (count(best) - count(against)) / valid,
        mean_score=sum(score * o.count for score, o in scored) / valid,
        weighted_value=(
            100 * sum(o.weight for o in best) / weight
            if group.weighted_value is not None
            else None
        ),
    )


def differences(measured: Expected, group: Expected) -> list[str]:
    """Say where measured figures differ from expected ones by more than 1e-6."""
    found = [
        f"{name}: {measured.counts[name]} is not {count}"
        for name, count in group.counts.items()
        if measured.counts[name] != count
    ]
    for name in ("value", "mean_score", "weighted_value"):
        mine, theirs = getattr(measured, name), getattr(group, name)
        if theirs is not None and not abs(mine - theirs) <= 1e-6:
            found.append(f"{name}: {mine} is not {theirs}")
    where = (group.touchpoint_id, group.segment, group.grain, group.start.isoformat())
    return [f"{group.source_system} {where}: {problem}" for problem in found]


def read_csv(path: Path) -> list[Row]:
    """Read a CSV or CSV.gz file into rows by column name."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as CSV; a column that a row lacks is empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
