"""What is built on every engine: the sample, and hostile feeds in steps."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS
from cx_warehouse.feed import SAMPLE_DIRECTORY, feed_sql
from tests.harness import PROJECT_ROOT
from tests.oracle.feeds import write_random_feed


@dataclass(frozen=True)
class Step:
    """A state of feed, definitions and vars that every engine builds."""

    happening: str
    feed: Path
    definitions: Path
    variables: Mapping[str, Any] = field(default_factory=dict)
    # Source and id of those who are erased before the build.
    erased: tuple[tuple[str, str], ...] = ()
    with_tests: bool = False


# How many characters of a view Derby's metastore takes.
_METASTORE_LIMIT = 32_700

History = Callable[[Path], Iterator[Step]]


def sample_step(directory: Path, *, with_tests: bool) -> Iterator[Step]:
    """The project's sample, in one build."""
    yield Step(
        "all at once",
        SAMPLE_DIRECTORY,
        PROJECT_ROOT / "seeds" / "definitions",
        {"as_of": "2026-01-20T00:00:00Z"},
        with_tests=with_tests,
    )


def hostile_steps(seed: int, rows: int) -> History:
    """A random hostile feed: half of it; the rest, a file cut; all but a file.

    In the first half many files are small.
    """

    def play(directory: Path) -> Iterator[Step]:
        variables = write_random_feed(directory, seed=seed, rows=rows)
        definitions = directory / "definitions"
        rng = random.Random(seed)
        sources = _as_files(directory / "feed", directory / "whole", rng)
        feed = directory / "delivered"
        target = feed / "survey_answers"
        target.mkdir(parents=True)
        late = sources[1::2]
        for path in sources[:4:2]:
            shutil.copy(path, target)
        _deal_out(sources[4], target)
        earlier = variables | {"as_of": "2025-11-20T00:00:00Z"}
        yield Step("the first files", feed, definitions, earlier)

        for path in late:
            shutil.copy(path, target)
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (from '{sources[0]}' limit 40) to '{target / sources[0].name}'"
                " (format parquet)"
            )
        labels = definitions / "answer_labels.csv"
        kept = labels.read_text("utf-8")
        labels.write_text("".join(kept.splitlines(keepends=True)[:-1]), "utf-8")
        yield Step(
            "late files, one cut short, a label less, a later clock",
            feed,
            definitions,
            variables,
        )

        labels.write_text(kept, "utf-8")
        shutil.copy(sources[0], target)
        (target / late[0].name).unlink()
        yield Step(
            "a file whole again, one removed, the label back, some erased",
            feed,
            definitions,
            variables,
            erased=_some_respondents(feed, rng),
        )

    return play


def _as_files(feed: Path, target: Path, rng: random.Random) -> list[Path]:
    """The feed dealt out to six files of Parquet, whatever it was written as."""
    target.mkdir()
    paths = []
    salt = rng.randrange(1_000_000)
    with duckdb.connect() as connection:
        connection.execute(
            "create table answers as select * exclude (feed_file),"
            f" row_number() over () as position from ({feed_sql(feed)})"
        )
        for number in range(6):
            path = target / f"part_{number}.parquet"
            connection.execute(
                "copy (select * exclude (position) from answers"
                f" where hash(position + {salt}) % 6 = {number})"
                f" to '{path}' (format parquet)"
            )
            paths.append(path)
    return paths


def _deal_out(source: Path, target: Path) -> None:
    """A file as one for each of its rows, under names that no view could hold."""
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(source))
        count = len(rows)
        for number in range(count):
            name = f"{'a_name_too_long_for_a_metastore_' * 6}{number:05}.parquet"
            rows.limit(1, number).write_parquet(str(target / name))
    assert count * len(name) > _METASTORE_LIMIT


def _some_respondents(feed: Path, rng: random.Random) -> tuple[tuple[str, str], ...]:
    with duckdb.connect() as connection:
        found = connection.execute(
            "select distinct source_system, respondent_id from"
            f" ({feed_sql(feed)}) where respondent_id is not null"
            " and source_system is not null order by all"
        ).fetchall()
    return tuple(
        (str(source), str(respondent))
        for source, respondent in rng.sample(found, min(3, len(found)))
    )


def copy_definitions(source: Path, target: Path) -> None:
    """Bring the six seeds to a copy of the project."""
    for seed in DEFINITION_COLUMNS:
        shutil.copy(source / f"{seed}.csv", target)
