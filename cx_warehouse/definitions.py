"""The definition seeds as files: their columns, and a strict look at their grammar."""

from __future__ import annotations

from pathlib import Path

from cx_warehouse.feed import FeedError, check_csv

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


def check_definition_file(directory: Path, seed: str) -> None:
    """Hold a definition seed against the CSV grammar and its list of columns.

    What the cells say is judged in the warehouse (`int_definition_problems`).
    Raises FeedError, one sentence that names the file and the line or column.
    """
    path = directory / f"{seed}.csv"
    header = check_csv(path)
    for number, name in enumerate(header, start=1):
        if not name:
            raise FeedError(f"{path}: column {number} has no name; name or remove it.")
        if name in header[: number - 1]:
            raise FeedError(f"{path} has the column {name} twice: remove one.")
    missing = [name for name in DEFINITION_COLUMNS[seed] if name not in header]
    if missing:
        raise FeedError(
            f"{path} lacks the column {', '.join(missing)}: its header has "
            f"{', '.join(header)}; column names in seeds are written exactly so."
        )
