"""The definition seeds as files: their columns, and a strict look at their grammar.

    python -m cx_warehouse definitions

says in one sentence what is wrong with a file, before dbt stumbles over it. What the
cells mean is judged in the warehouse.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from cx_warehouse.feed import FeedError, check_csv

DEFINITIONS_DIRECTORY = Path(__file__).parent.parent / "seeds" / "definitions"

DEFINITION_COLUMNS = {
    "rating_scales": (
        "scale_id",
        "min_score",
        "max_score",
        "best_is_high",
        "top_box_count",
        "bottom_box_count",
        "blank_codes",
        "not_applicable_codes",
    ),
    "answer_labels": ("scale_id", "label", "score"),
    "survey_questions": (
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
    "touchpoints": (
        "touchpoint_id",
        "touchpoint_name",
        "journey_stage",
        "journey_order",
        "survey_kind",
    ),
    "sources": ("source_system", "time_zone"),
    "excluded_responses": ("source_system", "response_id", "reason"),
}

# How survey tools score: no answer is judged by it.
RULE_COLUMNS = {
    "metric_rules": (
        "rule_id",
        "metric",
        "used_by",
        "score_unit",
        "answer_values",
        "value_divisor",
        "is_rounded",
        "source_page",
    ),
}
SEED_COLUMNS = {**DEFINITION_COLUMNS, **RULE_COLUMNS}


def check_definition_file(directory: Path, seed: str) -> None:
    """Hold a definition seed against the CSV grammar and its list of columns.

    What the cells say is judged in the warehouse (`int_definition_problems`).
    Raises FeedError, one sentence that names the file and the line or column.
    """
    path = directory / f"{seed}.csv"
    if not path.exists():
        raise FeedError(
            f"{path} is missing: a seed that is not needed keeps its header row, "
            f"{','.join(SEED_COLUMNS[seed])}."
        )
    header = check_csv(path)
    for number, name in enumerate(header, start=1):
        if not name:
            raise FeedError(f"{path}: column {number} has no name; name or remove it.")
        if name in header[: number - 1]:
            raise FeedError(f"{path} has the column {name} twice: remove one.")
    missing = [name for name in SEED_COLUMNS[seed] if name not in header]
    if missing:
        raise FeedError(
            f"{path} lacks the column {', '.join(missing)}: its header has "
            f"{', '.join(header)}; column names in seeds are written exactly so."
        )


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `definitions` to the program's."""
    parser = subparsers.add_parser(
        "definitions", help="say whether the definition seeds can be read"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check all seeds; raises FeedError for the first that cannot be read."""
    for seed in SEED_COLUMNS:
        check_definition_file(DEFINITIONS_DIRECTORY, seed)
    return 0
