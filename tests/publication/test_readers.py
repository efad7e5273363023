"""Readers of what is published are not disturbed by builds, nor by publications.

Three builds here; `CX_TEST_PUBLICATIONS=50` makes as many. `CX_TEST_READERS` adds
interpreters, separated by colons, that have other versions of DuckDB.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cx_warehouse.expectations import check
from cx_warehouse.publication import publish
from tests.harness import Project

PUBLICATIONS = int(os.environ.get("CX_TEST_PUBLICATIONS") or 3)
READERS = 4
OTHER_PYTHONS = [
    name for name in os.environ.get("CX_TEST_READERS", "").split(":") if name
]

COLUMNS = (
    *("source_system", "survey_id", "question_id", "response_id", "answer"),
    "responded_at",
)
DEFINITIONS: dict[str, list[dict[str, Any]]] = {
    "rating_scales": [
        {
            "scale_id": "five",
            "min_score": 1,
            "max_score": 5,
            "best_is_high": "true",
            "top_box_count": 2,
            "bottom_box_count": 2,
        }
    ],
    "survey_questions": [
        {
            "source_system": "tool",
            "survey_id": "survey",
            "question_id": "csat",
            "metric": "csat",
            "scale_id": "five",
            "touchpoint_id": "shop",
        }
    ],
    "touchpoints": [{"touchpoint_id": "shop", "survey_kind": "transactional"}],
}


def write_day(feed: Path, day: date) -> None:
    """A file with the hundred answers of a day."""
    with (feed / f"{day}.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(
            ("tool", "survey", "csat", f"{day}-{number}", 1 + number % 5, day)
            for number in range(100)
        )


def test_readers_see_whole_versions_and_never_an_older_one(
    tmp_path: Path, published: Path
) -> None:
    project = Project(tmp_path)
    project.write_definitions(DEFINITIONS)
    feed = tmp_path / "feed" / "survey_answers"
    feed.mkdir(parents=True)
    stop = tmp_path / "stop"
    versions: list[str] = []
    readers: list[subprocess.Popen[str]] = []
    try:
        for number in range(PUBLICATIONS + 1):
            day = date(2026, 1, 1) + timedelta(days=number)
            write_day(feed, day)
            as_of = str(day + timedelta(days=1))
            project.build(feed.parent, variables={"as_of": as_of}, tests=True)
            assert check(project.warehouse, tmp_path / "data_docs")
            versions.append(publish(project.warehouse, published).stamp)
            if not readers:
                pythons = [*OTHER_PYTHONS, *[sys.executable] * READERS][:READERS]
                script = Path(__file__).with_name("reader.py")
                readers += [
                    subprocess.Popen(
                        [python, script, published, stop],
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                    for python in pythons
                ]
    finally:
        stop.touch()
        told = [json.loads(reader.communicate()[0]) for reader in readers]
    print(
        f"{sum(found['reads'] for found in told):,} reads by {len(told)} readers "
        f"through {PUBLICATIONS} builds and publications:",
        ", ".join(
            f"{sum(len(found[kind]) for found in told)} {kind}"
            for kind in ("errors", "torn", "stale")
        ),
    )
    for found in told:
        assert not found["errors"] + found["torn"] + found["stale"], found
        assert found["reads"] > PUBLICATIONS
        assert set(found["versions"]) <= set(versions)
        assert found["versions"][-1] == versions[-1]
    # Builds take seconds: whoever reads all the time misses none.
    assert all(found["versions"] == versions for found in told)
