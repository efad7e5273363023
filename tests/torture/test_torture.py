"""The warehouse under torture, and the instruments of it.

`make torture` runs hundreds of histories; here are ten, three kills, and an erasure.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from tests.harness import PROJECT_ROOT, Project
from tests.oracle.feeds import write_random_feed
from tests.oracle.reference import (
    FEED_COLUMNS,
    DefinitionError,
    read_definitions,
    read_feed,
)
from tests.torture.builds import BuildServer
from tests.torture.histories import shrink
from tests.torture.marts import mart_differences
from tests.torture.redefinitions import (
    break_definitions,
    read_seeds,
    redefine,
    write_seeds,
)
from tests.torture.world import DifferenceError, Operation, World, as_text, play

SEED = 20260


# Ten histories and three kills ----------------------------------------------------


@pytest.fixture(scope="module")
def torture_output() -> str:
    """What the command says of ten histories and three kills."""
    options = ["--histories", "10", "--kills", "3", "--kill-rows", "20000"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", *options, "--seed", str(SEED)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_ten_histories_end_in_the_marts_of_one_full_build(torture_output: str) -> None:
    assert re.search(
        r"^10 histories, \d+ builds, 0 differences;", torture_output, re.MULTILINE
    ), torture_output[-6000:]


def test_three_killed_runs_do_too(torture_output: str) -> None:
    assert re.search(r"; 3 kills, 0 differences$", torture_output, re.MULTILINE), (
        torture_output[-6000:]
    )


# Erasure --------------------------------------------------------------------------

ERASED = "respondent-3f9c-zeta"
COMMENT = "comment 7b1d omega"
WORDS = "words 5e2c sigma"
SOURCE = "zeta-survey"
AS_OF = "2026-06-30T00:00:00Z"

DEFINITIONS: dict[str, list[dict[str, Any]]] = {
    "rating_scales": [
        {
            "scale_id": "five",
            "min_score": 1,
            "max_score": 5,
            "best_is_high": "true",
            "top_box_count": 2,
            "bottom_box_count": 2,
            "blank_codes": "0",
        }
    ],
    "touchpoints": [
        {
            "touchpoint_id": "checkout",
            "touchpoint_name": "Checkout",
            "journey_stage": "buy",
            "journey_order": 1,
            "survey_kind": "transactional",
        }
    ],
    "survey_questions": [
        {
            "source_system": source,
            "survey_id": "s",
            "question_id": "q",
            "question_text": "How was it?",
            "metric": "csat",
            "touchpoint_id": "checkout",
            "scale_id": "five",
        }
        for source in (SOURCE, "other-survey")
    ],
}


def answer(response_id: str, text: str, **columns: str) -> dict[str, str]:
    """A row of the feed, by the respondent who is erased, with a comment of theirs."""
    return {
        "source_system": SOURCE,
        "survey_id": "s",
        "question_id": "q",
        "response_id": response_id,
        "answer": text,
        "responded_at": "2026-06-01T12:00:00Z",
        "respondent_id": ERASED,
        "comment": COMMENT,
        **columns,
    }


def of_another(response_id: str, text: str, **columns: str) -> dict[str, str]:
    """A row by somebody else."""
    others = {"respondent_id": "somebody", "comment": "fine"}
    return answer(response_id, text, **{**others, **columns})


FIRST = [
    answer("1", "5"),
    # Somebody else's version of the same answer: it counts once theirs is gone.
    of_another("1", "2", updated_at="2026-06-01"),
    answer("2", "4", updated_at="2026-06-02"),
    answer("2", "3", updated_at="2026-06-01"),
    answer("3", "0"),
    # No label of the scale: what nobody else would answer.
    answer("4", WORDS),
    answer("", "1"),
    answer("5", "5", responded_at="yesterday"),
    answer("6", "5", responded_at="2026-07-30"),
    of_another("7", "5"),
    # The same id in another source is another person.
    answer("8", "1", source_system="other-survey", comment="of the other source"),
]
SECOND = [answer("9", "1"), of_another("10", "1"), answer("1", "4")]


def write_answers(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as a CSV file of the feed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FEED_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


class Erasure:
    """A warehouse from which a respondent is erased."""

    def __init__(self, directory: Path) -> None:
        self.project = Project(directory)
        self.project.write_definitions(DEFINITIONS)
        self.feed = directory / "feed"
        self.project.write_variable("as_of", AS_OF)

    def deliver(self, name: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Put a file into the feed's folder and build."""
        write_answers(self.feed / "survey_answers" / name, rows)
        self.project.build(self.feed)

    def erase(self, *respondents: str) -> str:
        """Give the command; what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "cx_warehouse", "erase", *respondents],
            cwd=self.project.root,
            env={
                **os.environ,
                "CX_WAREHOUSE_PATH": str(self.project.warehouse),
                "CX_RAW_DIR": str(self.feed),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def relations_with(self, text: str, source_system: str | None = None) -> set[str]:
        """The tables, and the marts, with a text in any column of a row.

        Other views are windows on the feed's own files, which are the user's.
        """
        found = set()
        with duckdb.connect(self.project.warehouse, read_only=True) as connection:
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables "
                "where table_type = 'BASE TABLE' or table_schema = 'marts'"
            ).fetchall():
                row = "cast(held as varchar)"
                if connection.execute(
                    f'select count(*) from "{schema}"."{name}" as held'
                    f" where contains({row}, ?) and contains({row}, ?)",
                    [text, source_system or ""],
                ).fetchone() != (0,):
                    found.add(f"{schema}.{name}")
        return found

    def files_with(self, text: str) -> set[str]:
        """The files beside the warehouse, and under target/ and logs/, with a text."""
        paths = list(
            self.project.warehouse.parent.glob(f"{self.project.warehouse.name}*")
        )
        for folder in ("target", "logs"):
            paths += (self.project.root / folder).rglob("*")
        return {
            path.name
            for path in paths
            if path.is_file() and text.encode() in path.read_bytes()
        }

    def counts(self) -> list[tuple[object, ...]]:
        """Feed, accepted, skipped and rejected answers by source."""
        return self.project.query(
            "select source_system, sum(feed_count), sum(accepted_count), "
            "sum(skipped_count), sum(rejected_count) "
            "from marts.fct_answer_counts_by_question group by all order by all"
        )

    def satisfaction(self) -> list[tuple[object, ...]]:
        """Answers and satisfied ones of the year."""
        return self.project.query(
            "select response_count, satisfied_count from marts.fct_csat_by_period "
            "where period_id = 'year:2026-01-01'"
        )

    def erased_counts(self) -> list[tuple[object, ...]]:
        """The mart that says how many rows were dropped."""
        return self.project.query(
            "from marts.fct_erased_answer_counts_by_source order by all"
        )


def test_the_erased_leave_nothing_and_stay_erased(tmp_path: Path) -> None:
    """No id, no comment, no byte; every count corrected; the next delivery too."""
    warehouse = Erasure(tmp_path)
    warehouse.deliver("first.csv", FIRST)
    marts = {"marts.fct_survey_answers", "marts.fct_unaccepted_answers"}
    assert marts <= warehouse.relations_with(ERASED, SOURCE)
    assert marts <= warehouse.relations_with(COMMENT)
    assert "intermediate.int_answer_kinds" in warehouse.relations_with(WORDS)
    assert warehouse.project.warehouse.name in warehouse.files_with(COMMENT)
    assert warehouse.counts() == [("other-survey", 1, 1, 0, 0), (SOURCE, 10, 3, 1, 6)]
    assert warehouse.satisfaction() == [(4, 2)]

    # Somebody of another source, who stays, bears the same id: the id alone remains.
    printed = warehouse.erase(SOURCE, ERASED)
    assert ERASED not in printed
    assert warehouse.relations_with(ERASED, SOURCE) == set()
    assert warehouse.relations_with(COMMENT) == set()
    assert warehouse.files_with(COMMENT) == set()
    assert warehouse.relations_with(WORDS) == set()
    assert warehouse.files_with(WORDS) == set()
    assert warehouse.counts() == [("other-survey", 1, 1, 0, 0), (SOURCE, 2, 2, 0, 0)]
    assert warehouse.satisfaction() == [(3, 1)]
    assert warehouse.erased_counts() == [(SOURCE, 8)]

    warehouse.deliver("second.csv", SECOND)
    warehouse.deliver("first again.csv", FIRST)
    assert warehouse.relations_with(ERASED, SOURCE) == set()
    assert warehouse.relations_with(COMMENT) == set()
    assert warehouse.files_with(COMMENT) == set()
    assert warehouse.relations_with(WORDS) == set()
    assert warehouse.erased_counts() == [(SOURCE, 8 + 2 + 8)]
    assert warehouse.satisfaction() == [(4, 1)]

    warehouse.erase("other-survey", ERASED)
    assert warehouse.relations_with(ERASED) == set()
    assert warehouse.files_with(ERASED) == set()
    assert warehouse.erased_counts() == [("other-survey", 2), (SOURCE, 18)]


# The instruments ------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuildServer]:
    """A parsed copy of the project, to build with."""
    with BuildServer(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def world(tmp_path: Path, server: BuildServer) -> Iterator[World]:
    """A history at its beginning: one file, not yet built."""
    made = World(tmp_path, server, seed=5, rows=60)
    made.apply({"name": "deliver", "seed": 1})
    yield made
    made.close()


def test_each_build_looks_at_the_files_anew(world: World) -> None:
    """A process a build: what one found out is not what the next one works with."""
    for number in range(3):
        world.apply({"name": "deliver", "seed": number})
        world.build(Random(number), "plain")
    held = world._query("select feed_file from intermediate.int_feed_files")
    assert {name for (name,) in held} == set(world.files)


def test_the_server_builds_what_dbt_builds(world: World, tmp_path: Path) -> None:
    """The command with the same vars makes the same marts."""
    world.build(Random(0), "plain")
    project = Project(tmp_path / "by_command")
    project.copy_definitions(world.server.definitions)
    project.build(world.feed, variables=world.variables)
    assert mart_differences(project.warehouse, world.warehouse) == []


def test_builds_are_killed_and_fail_where_they_are_told_to(world: World) -> None:
    feed, variables, warehouse = world.feed, world.variables, world.warehouse
    build = world.server.build
    assert build(warehouse, feed, variables, kill_at_statement=50).outcome == "killed"
    failed = build(warehouse, feed, variables, fail_at_statement=50)
    assert failed.outcome == "failed"
    assert "planted" in failed.message
    killed = build(warehouse, feed, variables, kill_after_seconds=0.3)
    assert killed.outcome == "killed"
    assert build(warehouse, feed, variables).is_done


def test_a_broken_file_or_definition_fails_the_build(world: World) -> None:
    for number in range(6):
        world.build(Random(number), "with a broken file")
        world.build(Random(number), "with a broken definition")
    world.end()


def test_a_spoilt_warehouse_is_told_from_a_full_build(world: World) -> None:
    """One stored value is enough."""
    world.build(Random(0), "plain")
    world.compare_with_full_build()
    with duckdb.connect(world.warehouse) as connection:
        connection.execute(
            "update marts.dim_touchpoints set touchpoint_name = 'another' "
            "where touchpoint_id = 'brand'"
        )
    with pytest.raises(DifferenceError, match="another"):
        world.compare_with_full_build()


TINY_MARTS = (
    "create schema marts",
    "create schema staging",
    "create table marts.counts as select 'a' as id, 1.0::double as pct, 3 as count",
    "insert into marts.counts values ('b', 0.0, 3), ('b', 0.0, 3), (null, null, null)",
    "create view marts.by_view as from marts.counts",
    "create table marts.fct_score_restatements as select 1 as number",
)


@pytest.mark.parametrize(
    ("change", "is_different"),
    [
        ("select 1", False),
        ("update marts.counts set count = 4 where id = 'a'", True),
        ("update marts.counts set id = '' where id is null", True),
        ("update marts.counts set pct = 1.0000000000000002 where id = 'a'", True),
        ("delete from marts.counts where id is null", True),
        ("delete from marts.counts where rowid = 1", True),
        ("insert into marts.counts values ('c', 1, 1)", True),
        ("alter table marts.counts alter count type bigint", True),
        ("alter table marts.counts rename count to number", True),
        ("drop view marts.by_view", True),
        ("create table marts.more as select 1 as number", True),
        ("create table staging.more as select 1 as number", False),
        ("update marts.fct_score_restatements set number = 2", False),
    ],
)
def test_marts_differ_in_a_row_a_value_or_a_name(
    change: str, is_different: bool, tmp_path: Path
) -> None:
    paths = [tmp_path / "wanted.duckdb", tmp_path / "got.duckdb"]
    for path in paths:
        with duckdb.connect(path) as connection:
            for statement in TINY_MARTS:
                connection.execute(statement)
    with duckdb.connect(paths[1]) as connection:
        if change.startswith("alter"):
            connection.execute("drop view marts.by_view")
        connection.execute(change)
        if change.startswith("alter"):
            connection.execute("create view marts.by_view as from marts.counts")
    wanted, got = paths
    assert bool(mart_differences(wanted, got)) == is_different
    assert bool(mart_differences(got, wanted)) == is_different


def test_a_failing_history_can_be_replayed_and_shrunk(
    tmp_path: Path, server: BuildServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its text alone, down to the operation that makes the difference."""

    def spoil(world: World) -> None:
        if any(note.startswith("swap") for note in world.notes):
            raise DifferenceError("planted")

    monkeypatch.setattr(World, "compare_with_full_build", spoil)
    begin = {"seed": 1, "rows": 40, "keeps_removed_files": False}
    names = ("deliver", "deliver", "touch", "swap", "redefine")
    operations: list[Operation] = [{"name": "begin", "arguments": begin}]
    operations += [{"name": name, "seed": 3} for name in names]
    told = json.loads(as_text(operations))
    assert told == operations
    difference, notes = play(told, tmp_path / "history", server)
    assert difference == "planted"
    assert sum(note.startswith("deliver") for note in notes) == 2
    shrunk = shrink(told, tmp_path / "history", server, lambda text: None)
    assert [operation["name"] for operation in shrunk] == ["begin", "swap"]


def test_redefinitions_change_something_and_stay_valid(tmp_path: Path) -> None:
    write_random_feed(tmp_path, seed=3, rows=200)
    answers = read_feed(tmp_path / "feed")
    definitions = tmp_path / "definitions"
    changes = set()
    for number in range(300):
        before = read_seeds(definitions)
        change = redefine(Random(number), definitions, tmp_path / "scratch", answers)
        changes.add(change)
        read_definitions(definitions)
        assert (read_seeds(definitions) != before) == (change != "nothing")
        if number % 20 == 0:
            write_random_feed(tmp_path, seed=3, rows=200)
    assert len(changes - {"nothing"}) >= 18


def test_broken_definitions_are_not_valid(tmp_path: Path) -> None:
    write_random_feed(tmp_path, seed=3, rows=200)
    definitions = tmp_path / "definitions"
    seeds = read_seeds(definitions)
    for number in range(30):
        break_definitions(Random(number), definitions)
        with pytest.raises(DefinitionError):
            read_definitions(definitions)
        write_seeds(definitions, seeds)
        read_definitions(definitions)
