"""Compare the marts that were built with the marts that the contract demands."""

from __future__ import annotations

import math
import struct
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from .reference import FEED_COLUMNS, STATUS_OF_REASON, Row

TEXT = ("VARCHAR",)
COUNT = ("BIGINT",)
SCORE = ("DOUBLE",)
DAY = ("DATE",)
INSTANT = ("TIMESTAMP",)
FLAG = ("BOOLEAN",)


@dataclass(frozen=True, slots=True)
class Mart:
    """What the contract says about one mart.

    ``types`` has every column but the hash id and the types it may have; ``key``
    names the columns that tell rows apart in the lines of a comparison.
    """

    hash_id: str | None
    key: tuple[str, ...]
    types: dict[str, tuple[str, ...]]
    may_have_more: bool = False


def _columns(types: tuple[str, ...], *names: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names, types)


def _uncertain(score: str) -> dict[str, tuple[str, ...]]:
    intervals = (
        column
        for name in (score, f"weighted_{score}")
        for column in (name, f"{name}_low", f"{name}_high")
        if column != score
    )
    return {
        **_columns(SCORE, *intervals, "n_eff"),
        **_changed(score, f"{score}_previous", ""),
        **_changed(score, f"{score}_year_before", "year_"),
    }


def _changed(score: str, before: str, year: str) -> dict[str, tuple[str, ...]]:
    change = f"{score}_{year}change"
    return {
        **_columns(SCORE, before, change, f"{change}_z", f"{change}_p_value"),
        f"is_significant_{year}change": FLAG,
        f"{score}_{year}minimum_detectable_change": SCORE,
    }


PERIOD = {
    **_columns(TEXT, "period_id", "period_grain"),
    **_columns(DAY, "period_start_date"),
}
SATISFACTION = {
    **_columns(SCORE, "mean_score_pct"),
    **_columns(FLAG, "is_mixed_scale", "is_reportable"),
}
CSAT = {
    **PERIOD,
    **_columns(
        COUNT,
        "response_count",
        "satisfied_count",
        "neutral_count",
        "dissatisfied_count",
    ),
    **_columns(SCORE, "csat_pct"),
    **SATISFACTION,
    **_uncertain("csat_pct"),
}
CES = {
    **PERIOD,
    **_columns(
        COUNT, "response_count", "easy_count", "neutral_count", "difficult_count"
    ),
    **_columns(SCORE, "ces_pct"),
    **SATISFACTION,
    **_uncertain("ces_pct"),
}
NPS = {
    **PERIOD,
    **_columns(
        COUNT, "response_count", "promoter_count", "passive_count", "detractor_count"
    ),
    **_columns(SCORE, "promoter_pct", "passive_pct", "detractor_pct", "nps"),
    **_columns(FLAG, "is_standard_scale", "is_reportable"),
    **_uncertain("nps"),
}
UNCERTAIN = {
    column: types
    for score in ("csat_pct", "ces_pct", "nps")
    for column, types in _uncertain(score).items()
}
# What comes of roots and of the normal distribution, which engines round in ways of
# their own: these columns may differ by 1e-9.
STATISTICS = frozenset(name for name, types in UNCERTAIN.items() if types == SCORE)
# All that was added to counts and scores to say how sure they are.
UNCERTAINTY_COLUMNS = UNCERTAIN.keys() | {
    "weight_square_sum",
    "large_weight_square_sum",
    "year_before_period_id",
}

TOUCHPOINT = _columns(TEXT, "touchpoint_id")
BY_TOUCHPOINT = ("touchpoint_id", "period_id")
QUESTION_KEY = ("source_system", "survey_id", "question_id")
SCORE_COUNT_KEY = (
    *QUESTION_KEY,
    "touchpoint_id",
    "metric",
    "scale_id",
    "channel",
    "segment",
)

# All but fct_score_restatements, which no feed gives: it says what builds published.
MARTS = {
    "dim_touchpoints": Mart(
        hash_id=None,
        key=("touchpoint_id",),
        types={
            **_columns(
                TEXT, "touchpoint_id", "touchpoint_name", "journey_stage", "survey_kind"
            ),
            "journey_order": ("INTEGER", "BIGINT"),
        },
    ),
    "dim_periods": Mart(
        hash_id=None,
        key=("period_id",),
        types={
            **PERIOD,
            **_columns(DAY, "period_end_date"),
            **_columns(TEXT, "period_label", "previous_period_id"),
            **_columns(TEXT, "year_before_period_id"),
            **_columns(FLAG, "is_complete"),
        },
    ),
    # The contract describes this mart in words and names one column only.
    "dim_survey_questions": Mart(
        hash_id="survey_question_id",
        key=(*QUESTION_KEY, "valid_from"),
        types={
            **_columns(TEXT, *QUESTION_KEY, "question_text", "metric"),
            **_columns(TEXT, "touchpoint_id", "survey_kind", "scale_id"),
            **_columns(DAY, "valid_from", "valid_to"),
        },
        may_have_more=True,
    ),
    "fct_survey_answers": Mart(
        hash_id="answer_id",
        key=(*QUESTION_KEY, "response_id"),
        types={
            **_columns(TEXT, *QUESTION_KEY, "response_id", "respondent_id"),
            **_columns(TEXT, "touchpoint_id", "metric", "scale_id"),
            **_columns(TEXT, "channel", "segment", "comment"),
            **_columns(TEXT, "satisfaction_category", "nps_category"),
            "score": ("INTEGER",),
            "score_pct": SCORE,
            "weight": ("DECIMAL(18,10)",),
            "reporting_date": DAY,
            **_columns(INSTANT, "responded_at", "interaction_at", "invited_at"),
        },
    ),
    "fct_unaccepted_answers": Mart(
        hash_id="unaccepted_answer_id",
        key=FEED_COLUMNS,
        types=_columns(TEXT, *FEED_COLUMNS, "answer_status", "status_reason"),
    ),
    "fct_answer_counts_by_question": Mart(
        hash_id="question_count_id",
        key=QUESTION_KEY,
        types={
            **_columns(TEXT, *QUESTION_KEY),
            **_columns(
                COUNT,
                "feed_count",
                "accepted_count",
                "skipped_count",
                "rejected_count",
                *(f"{reason}_count" for reason in STATUS_OF_REASON),
            ),
        },
    ),
    "fct_score_counts_by_day": Mart(
        hash_id="score_count_id",
        key=("reporting_date", *SCORE_COUNT_KEY, "score"),
        types={
            "reporting_date": DAY,
            **_columns(TEXT, *SCORE_COUNT_KEY),
            "score": ("INTEGER",),
            "answer_count": COUNT,
            "weight_sum": ("DECIMAL(38,10)",),
            "weight_square_sum": ("DECIMAL(38,20)",),
            "large_weight_square_sum": ("DECIMAL(38,10)",),
        },
    ),
    "fct_csat_by_touchpoint_period": Mart(
        "touchpoint_period_id", BY_TOUCHPOINT, {**TOUCHPOINT, **CSAT}
    ),
    "fct_nps_by_touchpoint_period": Mart(
        "touchpoint_period_id", BY_TOUCHPOINT, {**TOUCHPOINT, **NPS}
    ),
    "fct_ces_by_touchpoint_period": Mart(
        "touchpoint_period_id", BY_TOUCHPOINT, {**TOUCHPOINT, **CES}
    ),
    "fct_csat_by_period": Mart(None, ("period_id",), CSAT),
    "fct_nps_by_period": Mart(
        "period_survey_kind_id",
        ("survey_kind", "period_id"),
        {**_columns(TEXT, "survey_kind"), **NPS},
    ),
    "fct_ces_by_period": Mart(None, ("period_id",), CES),
    "fct_erased_answer_counts_by_source": Mart(
        None,
        ("source_system",),
        {**_columns(TEXT, "source_system"), **_columns(COUNT, "erased_count")},
    ),
}


def differences(
    expected: dict[str, list[Row]],
    warehouse: Path,
    limit: int = 20,
    ignored: Collection[str] = (),
) -> list[str]:
    """Return one line per difference between expected marts and a DuckDB file.

    ``expected`` is what ``reference.build_marts`` returns. Rows are compared as
    multisets, doubles bit by bit; only the mean score over mixed scales and the columns
    of STATISTICS may differ by 1e-9. Hash ids must be there, not null and unique; their
    values are free. Columns in ``ignored`` are not asked for. At most ``limit`` lines;
    an empty list means that all is as it should be.
    Raises duckdb.Error where the file cannot be opened.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        lines = (
            f"{name}: {line}"
            for name, mart in MARTS.items()
            for line in _mart_differences(
                name, _without(mart, ignored), expected[name], connection
            )
        )
        return list(islice(lines, limit))


def _without(mart: Mart, ignored: Collection[str]) -> Mart:
    types = {name: types for name, types in mart.types.items() if name not in ignored}
    return replace(mart, types=types)


def _mart_differences(
    name: str, mart: Mart, expected: list[Row], connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    found_types: dict[str, str] = dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'marts' and table_name = ?",
            [name],
        ).fetchall()
    )
    if not found_types:
        yield "the mart is missing"
        return
    yield from _column_differences(mart, found_types)
    if mart.hash_id in found_types:
        yield from _hash_id_differences(name, mart.hash_id, connection)
    columns = [column for column in mart.types if column in found_types]
    if set(mart.key) <= found_types.keys():
        selected = ", ".join(columns)
        rows = connection.execute(f"select {selected} from marts.{name}").fetchall()
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        yield from _row_differences(mart.key, columns, expected, found)


def _column_differences(mart: Mart, found_types: dict[str, str]) -> Iterator[str]:
    types = dict(mart.types)
    if mart.hash_id is not None:
        types[mart.hash_id] = TEXT
    for column, allowed in types.items():
        if column not in found_types:
            yield f"column {column} is missing"
        elif found_types[column] not in allowed:
            yield (
                f"column {column}: expected type {' or '.join(allowed)}, "
                f"found {found_types[column]}"
            )
    if not mart.may_have_more:
        for column in found_types.keys() - types.keys():
            yield f"column {column} is not in the contract"


def _hash_id_differences(
    name: str, hash_id: str, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    counts = connection.execute(
        f"select count(*), count({hash_id}), count(distinct {hash_id})"
        f" from marts.{name}"
    ).fetchone()
    assert counts is not None
    rows, ids, distinct_ids = counts
    if ids < rows:
        yield f"{hash_id} is null in {rows - ids} rows"
    if distinct_ids < ids:
        yield f"{hash_id} is not unique: {distinct_ids} ids in {ids} rows"


def _row_differences(
    key: tuple[str, ...], columns: list[str], expected: list[Row], found: list[Row]
) -> Iterator[str]:
    expected_groups, found_groups = _groups(key, expected), _groups(key, found)
    for values in expected_groups | found_groups:
        expected_rows = expected_groups.get(values, [])
        found_rows = found_groups.get(values, [])
        where = ", ".join(
            f"{column}={value!r}" for column, value in zip(key, values, strict=True)
        )
        if len(expected_rows) != len(found_rows):
            yield (
                f"[{where}] rows: expected {len(expected_rows)}, "
                f"found {len(found_rows)}"
            )
            continue
        for wanted, got in zip(
            sorted(expected_rows, key=_text), sorted(found_rows, key=_text), strict=True
        ):
            for column in columns:
                if not _same(column, wanted, got):
                    yield (
                        f"[{where}] {column}: expected {wanted[column]!r}, "
                        f"found {got[column]!r}"
                    )


def _groups(key: tuple[str, ...], rows: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in key)].append(row)
    return groups


def _text(row: Row) -> str:
    return str(sorted(row.items()))


def _same(column: str, wanted: Row, got: Row) -> bool:
    expected, found = wanted[column], got[column]
    if not (isinstance(expected, float) and isinstance(found, float)):
        return bool(expected == found)
    if column in STATISTICS:
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    if column == "mean_score_pct" and wanted["is_mixed_scale"]:
        return math.isclose(expected, found, rel_tol=1e-9)
    return struct.pack("<d", expected) == struct.pack("<d", found)
