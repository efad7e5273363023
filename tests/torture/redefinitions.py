"""Random changes of the definition seeds, each of which leaves them valid."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cx_warehouse.definitions import DEFINITION_COLUMNS
from tests.oracle.feeds import (
    COMMENTS,
    REPORTING_ZONES,
    RESPONSE_FORMS,
    SOURCES,
    UNKNOWN_LABELS,
)
from tests.oracle.reference import DefinitionError, RawRow, read_definitions

SeedRow = dict[str, str]
Definitions = dict[str, list[SeedRow]]

_CODES = ("0", "1", "2.0", "-1", "9", "10", "99", "n/a", "skip", "Good", "?", "⭐⭐⭐")
_ATTEMPTS = 30


def read_seeds(directory: Path) -> Definitions:
    """The rows of the six seeds, every cell as written."""
    seeds = {}
    for seed in DEFINITION_COLUMNS:
        path = directory / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            seeds[seed] = list(csv.DictReader(stream, strict=True))
    return seeds


def write_seeds(directory: Path, definitions: Mapping[str, Sequence[SeedRow]]) -> None:
    """Write the six seeds into a folder that may hold more."""
    directory.mkdir(parents=True, exist_ok=True)
    for seed, columns in DEFINITION_COLUMNS.items():
        path = directory / f"{seed}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(definitions[seed])


def redefine(
    rng: Random, directory: Path, scratch: Path, answers: Sequence[RawRow]
) -> str:
    """Change the seeds in a folder once and return the name of the change.

    `answers` are rows of the feed: changes like to concern questions, responses and
    sources that occur. Does nothing, and says so, when no attempt was valid.
    """
    definitions = read_seeds(directory)
    for _ in range(_ATTEMPTS):
        name, change = rng.choice(_CHANGES)
        changed = deepcopy(definitions)
        try:
            change(rng, changed, answers)
            if changed == definitions:
                continue
            write_seeds(scratch, changed)
            read_definitions(scratch)
        except (DefinitionError, IndexError):
            continue
        write_seeds(directory, changed)
        return name
    return "nothing"


def break_definitions(rng: Random, directory: Path) -> None:
    """Make the seeds in a folder wrong, so that the build must stop."""
    definitions = read_seeds(directory)
    seed, column, value = rng.choice(
        (
            ("rating_scales", "top_box_count", "0"),
            ("rating_scales", "best_is_high", "perhaps"),
            ("survey_questions", "scale_id", "no such scale"),
            ("survey_questions", "metric", "nps²"),
            ("touchpoints", "survey_kind", "neither"),
            ("sources", "time_zone", "Europe/Atlantis"),
            ("answer_labels", "score", "1000000001"),
        )
    )
    rng.choice(definitions[seed])[column] = value
    write_seeds(directory, definitions)


Change = Callable[[Random, Definitions, Sequence[RawRow]], None]


def _bounds(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    scale = rng.choice(seeds["rating_scales"])
    column = rng.choice(("min_score", "max_score"))
    scale[column] = str(int(scale[column]) + rng.choice((-2, -1, 1, 2)))


def _boxes(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    scale = rng.choice(seeds["rating_scales"])
    scale[rng.choice(("top_box_count", "bottom_box_count"))] = str(rng.randrange(4))


def _direction(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    scale = rng.choice(seeds["rating_scales"])
    scale["best_is_high"] = "false" if scale["best_is_high"] == "true" else "true"


def _codes(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    scale = rng.choice(seeds["rating_scales"])
    column = rng.choice(("blank_codes", "not_applicable_codes"))
    codes = [code for code in scale[column].split("|") if code]
    if codes and rng.random() < 0.4:
        codes.remove(rng.choice(codes))
    else:
        answer = rng.choice(answers)["answer"] or ""
        codes.append(rng.choice((*_CODES, answer.replace("|", ""))))
    scale[column] = "|".join(codes)


def _rename_scale(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    old = rng.choice(seeds["rating_scales"])["scale_id"]
    for seed in ("rating_scales", "answer_labels", "survey_questions"):
        for row in seeds[seed]:
            if row["scale_id"] == old:
                row["scale_id"] = f"{old}!"


def _new_label(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    scale = rng.choice(seeds["rating_scales"])
    label = rng.choice((rng.choice(UNKNOWN_LABELS), rng.choice(answers)["answer"]))
    if label is None or not label.strip():
        return
    score = rng.randint(int(scale["min_score"]), int(scale["max_score"]))
    seeds["answer_labels"].append(
        {"scale_id": scale["scale_id"], "label": label, "score": str(score)}
    )


def _lost_label(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    seeds["answer_labels"].remove(rng.choice(seeds["answer_labels"]))


def _other_label_score(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    label = rng.choice(seeds["answer_labels"])
    label["score"] = str(int(label["score"]) + rng.choice((-1, 1)))


def _asked_question(
    rng: Random, seeds: Definitions, answers: Sequence[RawRow]
) -> SeedRow:
    """A row of survey_questions, most often of a question that occurs in the feed."""
    answer = rng.choice(answers)
    ids = ("source_system", "survey_id", "question_id")
    asked = [
        question
        for question in seeds["survey_questions"]
        if all(question[name] == answer[name] for name in ids)
    ]
    return rng.choice(asked or seeds["survey_questions"])


def _mapping(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    question = _asked_question(rng, seeds, answers)
    scale = rng.choice(seeds["rating_scales"])["scale_id"]
    touchpoint = rng.choice(seeds["touchpoints"])["touchpoint_id"]
    changes: tuple[SeedRow, ...] = (
        {"touchpoint_id": touchpoint},
        {"scale_id": scale},
        {"metric": rng.choice(("csat", "nps", "ces"))},
        {"metric": "nps", "scale_id": rng.choice(("nps", "nps_zero_is_blank"))},
        {"metric": "ces", "scale_id": scale, "touchpoint_id": touchpoint},
        {"question_text": rng.choice(COMMENTS)},
    )
    question.update(rng.choice(changes))


def _validity(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    question = _asked_question(rng, seeds, answers)
    column = rng.choice(("valid_from", "valid_to"))
    if question[column] and rng.random() < 0.7:
        days = rng.choice((-30, -2, -1, 1, 2, 30))
        moved = date.fromisoformat(question[column]) + timedelta(days=days)
        question[column] = moved.isoformat()
    else:
        question[column] = rng.choice(("", "2025-06-29", "2025-06-28", "2025-10-01"))


def _split_validity(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    question = _asked_question(rng, seeds, answers)
    day = (date(2025, 6, 25) + timedelta(days=rng.randrange(8))).isoformat()
    later = {
        **question,
        "valid_from": day,
        "scale_id": rng.choice(seeds["rating_scales"])["scale_id"],
    }
    question["valid_to"] = day
    seeds["survey_questions"].append(later)


def _lost_question(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    seeds["survey_questions"].remove(_asked_question(rng, seeds, answers))


def _new_question(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    names = ("source_system", "survey_id", "question_id")
    known = {tuple(row[name] for name in names) for row in seeds["survey_questions"]}
    unknown = {
        tuple(answer[name] or "" for name in names)
        for answer in answers
        if all(answer[name] for name in names)
    } - known
    ids = dict(zip(names, rng.choice(sorted(unknown)), strict=True))
    pattern = rng.choice(seeds["survey_questions"])
    validity = rng.choice(({}, {"valid_from": "", "valid_to": ""}))
    seeds["survey_questions"].append({**pattern, **ids, **validity})


def _exclude(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    for answer in rng.choices(answers, k=rng.choice((1, 3))):
        source, response = answer["source_system"], answer["response_id"]
        if not source or not response or rng.random() < 0.1:
            source = rng.choice(list(SOURCES))
            response = rng.choice(RESPONSE_FORMS).format(1)
        row = {"source_system": source, "response_id": response, "reason": "torture"}
        seeds["excluded_responses"].append(row)


def _include(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    for _number in range(rng.choice((1, 3))):
        excluded = seeds["excluded_responses"]
        excluded.remove(rng.choice(excluded))


def _other_reason(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    rng.choice(seeds["excluded_responses"])["reason"] = rng.choice(COMMENTS)


def _zone(rng: Random, seeds: Definitions, answers: Sequence[RawRow]) -> None:
    source = rng.choice(answers)["source_system"] or rng.choice(list(SOURCES))
    rows = [row for row in seeds["sources"] if row["source_system"] == source]
    zone = rng.choice((*REPORTING_ZONES, "Europe/Berlin"))
    if not rows:
        seeds["sources"].append({"source_system": source, "time_zone": zone})
    elif rng.random() < 0.3:
        seeds["sources"].remove(rows[0])
    else:
        rows[0]["time_zone"] = zone


def _touchpoint(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    touchpoint = rng.choice(seeds["touchpoints"])
    changes: tuple[SeedRow, ...] = (
        {"survey_kind": "relationship"},
        {"survey_kind": "transactional"},
        {"touchpoint_name": "Another name"},
        {"journey_stage": "another stage"},
        {"journey_order": str(rng.randrange(100))},
    )
    touchpoint.update(rng.choice(changes))


def _rename_touchpoint(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    old = rng.choice(seeds["touchpoints"])["touchpoint_id"]
    for seed in ("touchpoints", "survey_questions"):
        for row in seeds[seed]:
            if row["touchpoint_id"] == old:
                row["touchpoint_id"] = old.swapcase() + "."


def _shuffle(rng: Random, seeds: Definitions, _: Sequence[RawRow]) -> None:
    for rows in seeds.values():
        rng.shuffle(rows)


_CHANGES: tuple[tuple[str, Change], ...] = (
    ("bounds of a scale", _bounds),
    ("boxes of a scale", _boxes),
    ("direction of a scale", _direction),
    ("codes of a scale", _codes),
    ("codes of a scale", _codes),
    ("name of a scale", _rename_scale),
    ("a new label", _new_label),
    ("a label less", _lost_label),
    ("score of a label", _other_label_score),
    ("mapping of a question", _mapping),
    ("mapping of a question", _mapping),
    ("mapping of a question", _mapping),
    ("validity of a question", _validity),
    ("a question split in two validities", _split_validity),
    ("a question less", _lost_question),
    ("a new question", _new_question),
    ("more exclusions", _exclude),
    ("more exclusions", _exclude),
    ("fewer exclusions", _include),
    ("reason of an exclusion", _other_reason),
    ("zone of a source", _zone),
    ("zone of a source", _zone),
    ("a touchpoint", _touchpoint),
    ("name of a touchpoint", _rename_touchpoint),
    ("order of the rows", _shuffle),
)
