"""What holds for every feed: the reference agrees, and what cannot matter does not.

Builds cost seconds each; the tests share them.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from tests.harness import Project
from tests.oracle.compare import MARTS, differences
from tests.oracle.derived import derived_differences
from tests.oracle.feeds import write_random_feed
from tests.oracle.reference import (
    FEED_COLUMNS,
    STATUS_OF_REASON,
    RawRow,
    build_marts,
    read_feed,
)

# Between them: four reporting zones from Honolulu to Kiritimati, five beginnings of the
# fiscal year, CSV, gzip and Parquet (text and typed), one file and many.
SEEDS = (8, 1, 5, 6, 7, 9)
ROWS = 1500

Marts = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Case:
    """A random feed with its definitions, as `write_random_feed` leaves them."""

    directory: Path
    variables: dict[str, Any]

    @property
    def feed(self) -> Path:
        """The folder that CX_RAW_DIR names."""
        return self.directory / "feed"

    @property
    def definitions(self) -> Path:
        """The folder with the six seeds."""
        return self.directory / "definitions"


def random_case(directory: Path, seed: int) -> Case:
    """Write the feed and the definitions of a seed."""
    variables = write_random_feed(directory, seed=seed, rows=ROWS)
    return Case(directory, variables)


def build(directory: Path, case: Case, feed: Path, **environment: str) -> Project:
    """The warehouse of a feed under the definitions of a case."""
    project = Project(directory)
    project.copy_definitions(case.definitions)
    project.build(feed, variables=case.variables, environment=environment)
    return project


def all_marts(project: Project) -> Marts:
    """Every mart with every column, hash ids included, rows sorted."""
    with duckdb.connect(project.warehouse, read_only=True) as connection:
        return {
            mart: sorted(
                connection.execute(f"select * from marts.{mart}").fetchall(), key=repr
            )
            for mart in MARTS
        }


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[RawRow]) -> None:
    """Write rows as CSV, gzipped when the name says so."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([row[name] or "" for name in columns] for row in rows)
    content = text.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write_parquet(path: Path, rows: Sequence[RawRow]) -> None:
    """Write rows as Parquet, every column text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unnested = ", ".join(f"unnest(?::varchar[]) as {name}" for name in FEED_COLUMNS)
    values = [[row[name] for row in rows] for name in FEED_COLUMNS]
    with duckdb.connect() as connection:
        connection.execute(f"create table feed as select {unnested}", values)
        connection.table("feed").write_parquet(str(path))


@pytest.fixture(scope="module")
def base_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The random feed that is built in several ways."""
    return random_case(tmp_path_factory.mktemp("base"), SEEDS[0])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, base_case: Case) -> Project:
    """That feed, built as it is."""
    return build(tmp_path_factory.mktemp("built"), base_case, base_case.feed)


def test_base_equals_the_reference(base: Project, base_case: Case) -> None:
    """All marts, before anything is compared with them."""
    expected = build_marts(base_case.feed, base_case.definitions, **base_case.variables)
    assert differences(expected, base.warehouse) == []
    assert derived_differences(base.warehouse, base_case.variables) == []


@pytest.mark.parametrize("seed", SEEDS[1:])
def test_random_feed_equals_the_reference(seed: int, tmp_path: Path) -> None:
    """What dbt builds is what the contract in plain Python demands, mart by mart."""
    case = random_case(tmp_path, seed)
    expected = build_marts(case.feed, case.definitions, **case.variables)
    built = build(tmp_path / "built", case, case.feed)
    assert differences(expected, built.warehouse) == []
    assert derived_differences(built.warehouse, case.variables) == []


def test_order_of_rows_and_files_never_matters(
    base: Project, base_case: Case, tmp_path: Path
) -> None:
    """The same rows, shuffled, in one file or in many of any kind: the same marts."""
    rows = read_feed(base_case.feed)
    rng = Random(7)
    for name in ("one", "many"):
        rng.shuffle(rows)
        feed = tmp_path / name
        if name == "one":
            write_csv(feed / "survey_answers.csv", FEED_COLUMNS[::-1], rows)
        else:
            parts = [rows[start::5] for start in range(5)]
            files = feed / "survey_answers"
            write_csv(files / "a.csv", FEED_COLUMNS, parts[0])
            write_csv(files / "b.csv", FEED_COLUMNS[::-1], parts[1])
            write_csv(files / "c.csv.gz", FEED_COLUMNS, parts[2])
            write_csv(files / "d.csv.gz", FEED_COLUMNS[::-1], parts[3])
            write_parquet(files / "e.parquet", parts[4])
        built = build(tmp_path / f"built_{name}", base_case, feed)
        assert all_marts(built) == all_marts(base), name


def test_time_zone_of_the_machine_never_matters(
    base: Project, base_case: Case, tmp_path: Path
) -> None:
    """A machine on the other side of the world builds the same marts."""
    built = build(tmp_path, base_case, base_case.feed, TZ="Pacific/Kiritimati")
    assert all_marts(built) == all_marts(base)


def test_redelivery_changes_no_answer_and_no_score(
    base: Project, base_case: Case, tmp_path: Path
) -> None:
    """Every row a second time: only feed and rejected counts grow, and reconcile."""
    rows = read_feed(base_case.feed)
    files = tmp_path / "feed" / "survey_answers"
    write_csv(files / "first.csv", FEED_COLUMNS, rows)
    write_csv(files / "again.csv.gz", FEED_COLUMNS, rows)
    built = build(tmp_path / "built", base_case, tmp_path / "feed")
    once, twice = all_marts(base), all_marts(built)
    changed = {mart for mart in MARTS if once[mart] != twice[mart]}
    assert changed == {"fct_unaccepted_answers", "fct_answer_counts_by_question"}

    # A skipped answer is still skipped once; its copy is a duplicate.
    key = "source_system, survey_id, question_id"
    counts = "feed_count, accepted_count, skipped_count, rejected_count"
    reasons = " + ".join(f"{reason}_count" for reason in STATUS_OF_REASON)
    query = (
        f"select {key}, {counts}, {reasons} from marts.fct_answer_counts_by_question"
    )
    before = {row[:3]: row[3:] for row in base.query(query)}
    after = {row[:3]: row[3:] for row in built.query(query)}
    assert before.keys() == after.keys()
    for question, (feed_once, accepted, skipped, _, _) in before.items():
        feed_twice, *statuses, with_reason = after[question]
        assert feed_twice == 2 * feed_once
        assert statuses == [accepted, skipped, feed_twice - accepted - skipped]
        assert with_reason == feed_twice - accepted
