"""A small history of builds, and the restatements that must come out of it.

What each build publishes is worked out from the reference of the contract: scores that
differ from those published before. Why they differ is written here by hand, beside what
happened: so many answers of a day, for a cause.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS
from cx_warehouse.erasure import (
    add_to_erasure_list,
    erasure_key_path,
    erasure_list_path,
)
from tests.oracle.reference import Calendar, build_marts

CAUSES = ("edited", "excluded", "erased", "redefined", "withdrawn")
CALENDAR = Calendar(1)

# Of one question, on five points with two top and two bottom boxes.
Answers = Sequence[Mapping[str, str]]
Score = tuple[int, int, int, int, float | None]

JANUARY: Answers = [
    {"response_id": "r1", "respondent_id": "zoe", "answer": "5", "day": "2026-01-05"},
    {"response_id": "r2", "respondent_id": "yan", "answer": "2", "day": "2026-01-05"},
    {"response_id": "r3", "respondent_id": "ada", "answer": "4", "day": "2026-02-09"},
]
FEBRUARY: Answers = [
    {"response_id": "r4", "answer": "1", "day": "2026-01-06"},
    {"response_id": "r5", "answer": "5", "day": "2026-03-02"},
]
FEBRUARY_REWRITTEN: Answers = [FEBRUARY[0], {**FEBRUARY[1], "day": "2026-01-07"}]
MARCH: Answers = [
    {"response_id": "r6", "answer": "4", "day": "2026-03-03"},
    {**JANUARY[1], "answer": "4", "updated_at": "2026-04-05"},
]
APRIL: Answers = [{"response_id": "r7", "answer": "3", "day": "2026-04-08"}]

SCALE: dict[str, Any] = {
    "scale_id": "five",
    "min_score": 1,
    "max_score": 5,
    "best_is_high": "true",
    "top_box_count": 2,
    "bottom_box_count": 2,
}


def _change(before: Score | None, now: Score) -> float | None:
    """The points between two scores, if there are two."""
    if before is None or before[4] is None or now[4] is None:
        return None
    return now[4] - before[4]


@dataclass(frozen=True)
class Step:
    """What happens before a run of dbt, the run, and the answers that it moved by hand.

    `files` are written anew, or removed where they are None; `seeds` replace those of
    before. `moved` counts answers by cause and day.
    """

    happening: str
    as_of: str
    files: Mapping[str, Answers | None] = field(default_factory=dict)
    seeds: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    erased: str | None = None
    command: tuple[str, ...] = ("build",)
    moved: Mapping[tuple[str, str], int] = field(default_factory=dict)
    is_rebuilt: bool = False


HISTORY = [
    Step("the first build", "2026-02-10T12:00Z", {"jan": JANUARY}),
    Step(
        "an answer of January comes late, one of March in time",
        "2026-04-03T12:00Z",
        {"feb": FEBRUARY},
        moved={("added", "2026-01-06"): 1, ("added", "2026-03-02"): 1},
    ),
    Step(
        "the quarter is over: an answer comes late, another is edited",
        "2026-04-10T12:00Z",
        {"mar": MARCH},
        moved={("added", "2026-03-03"): 1, ("edited", "2026-01-05"): 1},
    ),
    Step(
        "dbt run publishes nothing",
        "2026-04-12T12:00Z",
        {"apr": APRIL},
        command=("run",),
        moved={("added", "2026-04-08"): 1},
    ),
    Step(
        "a response is excluded; what the run before added is published with it",
        "2026-04-20T12:00Z",
        seeds={"excluded_responses": [{"source_system": "app", "response_id": "r1"}]},
        moved={("excluded", "2026-01-05"): 1},
    ),
    Step(
        "a respondent is erased",
        "2026-04-21T12:00Z",
        erased="ada",
        moved={("erased", "2026-02-09"): 1},
    ),
    Step(
        "3 is a code for no answer now: all of April is taken back",
        "2026-04-22T12:00Z",
        seeds={"rating_scales": [{**SCALE, "blank_codes": "3"}]},
        moved={("redefined", "2026-04-08"): 1},
    ),
    Step(
        "only the best point satisfies now, which no answer explains",
        "2026-04-23T12:00Z",
        seeds={"rating_scales": [{**SCALE, "blank_codes": "3", "top_box_count": 1}]},
    ),
    Step(
        "a file is removed: an answer goes, an older version of another counts again",
        "2026-04-24T12:00Z",
        {"mar": None},
        moved={("withdrawn", "2026-03-03"): 1, ("withdrawn", "2026-01-05"): 1},
    ),
    Step(
        "a file is written anew: an answer is of another day now",
        "2026-04-25T12:00Z",
        {"feb": FEBRUARY_REWRITTEN},
        moved={("edited", "2026-03-02"): 1, ("edited", "2026-01-07"): 1},
    ),
    Step("nothing happens", "2026-04-26T12:00Z"),
    Step("a file is only touched", "2026-04-27T12:00Z", {"jan": JANUARY}),
    Step(
        "the exclusion is lifted",
        "2026-04-28T12:00Z",
        seeds={"excluded_responses": []},
        moved={("excluded", "2026-01-05"): 1},
    ),
    Step(
        "another answer comes with a full refresh, which knows no causes",
        "2026-04-29T12:00Z",
        {"jan": [JANUARY[0], {**JANUARY[1], "answer": "5"}, JANUARY[2]]},
        command=("build", "--full-refresh"),
        is_rebuilt=True,
    ),
]


class History:
    """The history, played in a copy of the project, and what must have been published.

    `root` is the copy, `warehouse` its file, `directory` where the feed lies.
    """

    def __init__(self, root: Path, warehouse: Path, directory: Path) -> None:
        self.definitions = root / "seeds" / "definitions"
        self.warehouse = warehouse
        self.feed = directory / "feed_of_the_history"
        shutil.rmtree(self.feed, ignore_errors=True)
        (self.feed / "survey_answers").mkdir(parents=True)
        self.restatements: list[tuple[Any, ...]] = []
        self._published: dict[tuple[str, str], Score] = {}
        self._last_build: date | None = None
        self._moved: Counter[tuple[str, str]] = Counter()
        self._erased: set[tuple[str, str]] = set()
        for seed in DEFINITION_COLUMNS:
            self._write_seed(seed, SEEDS.get(seed, []))

    def play(self) -> Iterator[tuple[Step, dict[str, Any]]]:
        """Prepare one run after the other; each comes with its vars."""
        for step in HISTORY:
            for name, answers in step.files.items():
                path = self.feed / "survey_answers" / f"{name}.csv"
                if answers is None:
                    path.unlink()
                else:
                    self._write_answers(path, answers)
            for seed, rows in step.seeds.items():
                self._write_seed(seed, rows)
            if step.erased:
                add_to_erasure_list(self.warehouse, "app", [step.erased])
                self._erased.add(("app", step.erased))
            self._moved.update(step.moved)
            yield step, {"as_of": step.as_of}
            if step.command[0] == "build":
                self._publish(step)

    def _publish(self, step: Step) -> None:
        """What the build of a step must add to the restatements."""
        marts = build_marts(
            self.feed, self.definitions, as_of=step.as_of, erased=self._erased
        )
        scores: dict[tuple[str, str], Score] = {
            (row["touchpoint_id"], row["period_id"]): (
                row["response_count"],
                row["satisfied_count"],
                row["neutral_count"],
                row["dissatisfied_count"],
                row["csat_pct"],
            )
            for row in marts["fct_csat_by_touchpoint_period"]
        }
        nobody: Score = (0, 0, 0, 0, None)
        changed = sorted(
            key
            for key in scores.keys() | self._published.keys()
            if scores.get(key, nobody) != self._published.get(key, None)
        )
        if not changed:
            return
        number = self.restatements[-1][0] + 1 if self.restatements else 1
        built_at = datetime.fromisoformat(step.as_of).replace(tzinfo=None)
        for touchpoint_id, period_id in changed:
            now = scores.get((touchpoint_id, period_id), nobody)
            before = self._published.get((touchpoint_id, period_id))
            grain, _, start_text = period_id.partition(":")
            start = date.fromisoformat(start_text)
            moved = self._moved_in(grain, start)
            end = CALENDAR.end(grain, start)
            is_late = self._last_build is not None and end <= self._last_build
            is_new = self._last_build is not None and end > self._last_build
            self.restatements.append(
                (
                    number,
                    built_at,
                    "csat",
                    touchpoint_id,
                    period_id,
                    grain,
                    start,
                    *now,
                    before[0] if before else None,
                    before[4] if before else None,
                    _change(before, now),
                    moved["added"] if is_new else 0,
                    moved["added"] if is_late else 0,
                    *(moved[cause] for cause in CAUSES),
                    before is None,
                    step.is_rebuilt,
                )
            )
            self._published[touchpoint_id, period_id] = now
        self._last_build = built_at.date()
        self._moved.clear()

    def _moved_in(self, grain: str, start: date) -> Counter[str]:
        moved: Counter[str] = Counter()
        for (cause, day), count in self._moved.items():
            if CALENDAR.start(grain, date.fromisoformat(day)) == start:
                moved[cause] += count
        return moved

    def forget(self) -> None:
        """Nobody is erased any more."""
        erasure_list_path(self.warehouse).unlink(missing_ok=True)
        erasure_key_path(self.warehouse).unlink(missing_ok=True)

    def differences(self) -> list[str]:
        """The restatements that are there and should not be, and those that lack."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            found = connection.execute(
                f"select {', '.join(COLUMNS)} from marts.fct_score_restatements"
            ).fetchall()
        missing = Counter(self.restatements) - Counter(found)
        too_many = Counter(found) - Counter(self.restatements)
        return [
            *(f"missing: {row}" for row in sorted(missing, key=str)),
            *(f"too many: {row}" for row in sorted(too_many, key=str)),
        ]

    def _write_answers(self, path: Path, answers: Answers) -> None:
        ids = {"source_system": "app", "survey_id": "s", "question_id": "q"}
        columns = ("response_id", "respondent_id", "answer", "responded_at")
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [*ids, *columns, "updated_at"], restval="")
            writer.writeheader()
            for answer in answers:
                row = dict(answer)
                row["responded_at"] = f"{row.pop('day')}T12:00:00Z"
                writer.writerow(ids | row)

    def _write_seed(self, seed: str, rows: Sequence[Mapping[str, Any]]) -> None:
        path = self.definitions / f"{seed}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, DEFINITION_COLUMNS[seed], restval="")
            writer.writeheader()
            writer.writerows(rows)


SEEDS: dict[str, list[dict[str, Any]]] = {
    "rating_scales": [SCALE],
    "survey_questions": [
        {
            "source_system": "app",
            "survey_id": "s",
            "question_id": "q",
            "metric": "csat",
            "touchpoint_id": "checkout",
            "scale_id": "five",
        }
    ],
    "touchpoints": [
        {
            "touchpoint_id": "checkout",
            "touchpoint_name": "Checkout",
            "journey_stage": "buy",
            "survey_kind": "transactional",
        }
    ],
}

# All but the key, which is a hash.
COLUMNS = (
    "build_number",
    "built_at",
    "metric",
    "touchpoint_id",
    "period_id",
    "period_grain",
    "period_start_date",
    "response_count",
    "positive_count",
    "neutral_count",
    "negative_count",
    "score",
    "previous_response_count",
    "previous_score",
    "score_change",
    "new_count",
    "late_count",
    *(f"{cause}_count" for cause in CAUSES),
    "is_first_publication",
    "is_rebuilt",
)
