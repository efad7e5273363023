"""Builds that are killed (kill -9) at a random moment, on a feed that takes a while.

Each run that follows must end in the marts of one full build. The warehouse of one kill
is where the next one starts, so that what a kill left behind would pile up.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import duckdb

from cx_warehouse.erasure import erasure_key_path, erasure_list_path
from tests.oracle.feeds import REPORTING_ZONES, write_random_feed
from tests.oracle.reference import FEED_COLUMNS, RawRow, read_feed
from tests.torture.builds import (
    BUILD,
    WAREHOUSE_NAME,
    BuildServer,
    Outcome,
    build_environment,
)
from tests.torture.marts import mart_differences
from tests.torture.redefinitions import read_seeds, redefine, write_seeds
from tests.torture.world import DifferenceError, file_suffix

PATTERN_ROWS = 2000
PARTS = 4

# How long a run takes until one was seen to end, by kind.
_FIRST_GUESSES = {"incremental": 3.0, "full": 5.0, "dbt": 8.0, "erase": 10.0}
_CSV = "(format csv, header, force_quote *, quote '\"')"
_GZIP = "(format csv, header, force_quote *, quote '\"', compression gzip)"
_PARQUET = "(format parquet)"
_FORMATS = {".csv": _CSV, ".csv.gz": _GZIP, ".parquet": _PARQUET}


@dataclass(frozen=True)
class Kill:
    """One kill: how it went, in a few words, and the difference, empty if none."""

    text: str
    difference: str


class BigFeed:
    """A feed of many rows in a few files, its definitions, vars and warehouse."""

    def __init__(
        self, directory: Path, server: BuildServer, *, seed: int, rows: int
    ) -> None:
        self.rng = Random(seed)
        self.directory = directory
        self.server = server
        self.copies = max(1, rows // PATTERN_ROWS // PARTS)
        directory.mkdir(parents=True)
        case = directory / "case"
        self.variables = write_random_feed(case, seed=seed, rows=PATTERN_ROWS)
        self.variables["as_of"] = "2026-01-01"
        write_seeds(server.definitions, read_seeds(case / "definitions"))
        self.pattern: list[RawRow] = read_feed(case / "feed")
        self.feed = directory / "feed"
        self.files = self.feed / "survey_answers"
        self.files.mkdir(parents=True)
        self.warehouse = directory / WAREHOUSE_NAME
        self.connection = duckdb.connect()
        self._load_pattern()
        self.part_count = 0
        self.durations = dict(_FIRST_GUESSES)
        for _ in range(PARTS):
            self.add_part()

    def close(self) -> None:
        """Tidy up."""
        self.connection.close()
        shutil.rmtree(self.directory)

    def kill_once(self, *, with_commands: bool = True) -> Kill | None:
        """Change something, kill the run, perhaps change more, run, compare.

        None when the run had ended before the moment that was chosen. `with_commands`
        lets some runs be commands in a process group of their own.
        """
        rng = self.rng
        change = self.change()
        ways = ["incremental"] * 5 + ["full"] * 2
        ways += ["dbt", "erase"] if with_commands else []
        way = rng.choice(ways) if self.warehouse.exists() else "full"
        if way == "erase":
            source, respondent = self.respondent()
            change += f", erased {source!r} {respondent!r}"
            command = ["erase", source, respondent]
        else:
            command = []
        times = rng.choice((1, 1, 1, 2))
        moments = []
        for _ in range(times):
            moment = rng.uniform(0, self.durations[way])
            outcome = self.run(way, command, kill_after_seconds=moment)
            if outcome.outcome == "killed":
                moments.append(f"{moment:.2f} s")
            elif not outcome.is_done:
                return Kill(change, f"the run failed: {outcome.message}")
        after = ""
        if way != "erase" and rng.random() < 0.5:
            after = f", then {self.change(calmly=True)}"
        text = f"{change}; {way} killed at {' and '.join(moments)}{after}"
        difference = self.finish(way, command)
        if difference:
            # The next kill starts from a warehouse that is right.
            for path in self.directory.glob(f"{WAREHOUSE_NAME}*"):
                path.unlink()
        elif not moments:
            return None
        return Kill(text, difference)

    def finish(self, way: str, command: Sequence[str]) -> str:
        """Run to the end; the difference from a full build, empty if there is none."""
        done = self.run(way, command)
        if not done.is_done:
            return f"the run after the kill failed: {done.message}"
        self.durations[way] = done.seconds
        full = self.directory / "full"
        shutil.rmtree(full, ignore_errors=True)
        full.mkdir()
        warehouse = full / WAREHOUSE_NAME
        for path_of in (erasure_list_path, erasure_key_path):
            if path_of(self.warehouse).exists():
                shutil.copy(path_of(self.warehouse), path_of(warehouse))
        built = self.server.build(warehouse, self.feed, self.variables)
        if not built.is_done:
            return f"the full build failed: {built.message}"
        self.durations["full"] = built.seconds
        return "\n".join(mart_differences(warehouse, self.warehouse))

    def run(
        self, way: str, command: Sequence[str], kill_after_seconds: float | None = None
    ) -> Outcome:
        """One run: in the build server, or a command in a process group of its own."""
        if way in ("incremental", "full"):
            return self.server.build(
                self.warehouse,
                self.feed,
                self.variables,
                options=["--full-refresh"] if way == "full" else [],
                kill_after_seconds=kill_after_seconds,
            )
        if way == "erase":
            # The command takes no vars: it builds with those of the project.
            arguments = [sys.executable, "-m", "cx_warehouse", *command]
            self.write_variables()
        else:
            dbt = str(Path(sys.executable).parent / "dbt")
            variables = json.dumps(self.variables)
            arguments = [dbt, "--quiet", *BUILD, "--vars", variables]
        environment = build_environment(self.warehouse, self.feed)
        return run_group(arguments, self.server.root, environment, kill_after_seconds)

    def write_variables(self) -> None:
        """Put the vars into the project, for a command that takes none."""
        path = self.server.root / "dbt_project.yml"
        lines = []
        for line in path.read_text("utf-8").split("\n"):
            name = line.strip().partition(":")[0]
            is_variable = line.startswith("  ") and name in self.variables
            value = json.dumps(self.variables.get(name))
            lines.append(f"  {name}: {value}" if is_variable else line)
        path.write_text("\n".join(lines), "utf-8")

    # Changes

    def change(self, *, calmly: bool = False) -> str:
        """Change a file, a definition or a var; returns what."""
        changes: list[Callable[[], str]] = [
            self.add_part,
            self.add_versions,
            self.edit_part,
            self.remove_part,
            self.redefine,
            self.other_zone,
            lambda: "no change",
        ]
        if not calmly:
            changes += [self.add_part, self.add_versions, self.lose_warehouse]
        return self.rng.choice(changes)()

    def add_part(self) -> str:
        """A file more, its answers not among the others."""
        self.part_count += 1
        name = f"part {self.part_count}{self.rng.choice(list(_FORMATS))}"
        self.write(
            name,
            f"select * replace (response_id || '~{self.part_count}~' || copy "
            f"as response_id) from pattern, range({self.copies}) as copies(copy)",
        )
        return f"added {name}"

    def add_versions(self) -> str:
        """A file more, with later versions of a tenth of another's answers."""
        self.part_count += 1
        number = self.rng.randint(1, self.part_count)
        name = f"versions {self.part_count}{self.rng.choice(list(_FORMATS))}"
        self.write(
            name,
            "select * replace ('2026-01-01' as updated_at, '5' as answer, "
            f"response_id || '~{number}~' || copy as response_id) "
            f"from pattern, range({self.copies}) as copies(copy) "
            f"where hash(response_id, copy) % 10 = {self.rng.randrange(10)}",
        )
        return f"added {name} of part {number}"

    def edit_part(self) -> str:
        """A file of other rows under the name of one that was there."""
        path = self.any_part()
        suffix = file_suffix(path.name)
        number = self.rng.randint(1, self.part_count)
        self.write(
            path.name,
            "select * replace (if(copy % 2 = 0, '1', answer) as answer, "
            f"response_id || '~{number}~' || copy as response_id) "
            f"from pattern, range({self.copies}) as copies(copy)",
            suffix,
        )
        return f"wrote {path.name} anew with edits of part {number}"

    def remove_part(self) -> str:
        """A file less, unless it is the last but one."""
        if len(list(self.files.iterdir())) < 3:
            return self.add_part()
        path = self.any_part()
        path.unlink()
        return f"removed {path.name}"

    def redefine(self) -> str:
        """A definition changes."""
        scratch = self.directory / "seeds"
        change = redefine(self.rng, self.server.definitions, scratch, self.pattern)
        return f"changed {change}"

    def other_zone(self) -> str:
        """Every answer may have another reporting date."""
        self.variables["reporting_time_zone"] = self.rng.choice(REPORTING_ZONES)
        return f"zone {self.variables['reporting_time_zone']}"

    def lose_warehouse(self) -> str:
        """The next build starts from nothing."""
        for path in self.directory.glob(f"{WAREHOUSE_NAME}*"):
            if path.suffix in (".duckdb", ".wal"):
                path.unlink()
        return "no warehouse"

    def respondent(self) -> tuple[str, str]:
        """A respondent with many answers."""
        row = self.rng.choice(
            [
                row
                for row in self.pattern
                if row["respondent_id"] and (row["source_system"] or "").strip()
            ]
        )
        return row["source_system"] or "", row["respondent_id"] or ""

    def any_part(self) -> Path:
        """One of the files."""
        return self.rng.choice(sorted(self.files.iterdir()))

    def write(self, name: str, sql: str, suffix: str = "") -> None:
        """Write the rows of a query as a file of the feed, at once."""
        suffix = suffix or file_suffix(name)
        fresh = self.directory / f"fresh{suffix}"
        self.connection.execute(f"copy ({sql}) to '{fresh}' {_FORMATS[suffix]}")
        fresh.replace(self.files / name)

    def _load_pattern(self) -> None:
        unnested = ", ".join(f"unnest(?::varchar[]) as {name}" for name in FEED_COLUMNS)
        values = [[row[name] for row in self.pattern] for name in FEED_COLUMNS]
        self.connection.execute(f"create table pattern as select {unnested}", values)


def run_group(
    arguments: Sequence[str],
    directory: Path,
    environment: dict[str, str],
    kill_after_seconds: float | None,
) -> Outcome:
    """Run a command; kill its process group after some seconds, when asked to."""
    started = monotonic()
    process = subprocess.Popen(
        arguments,
        cwd=directory,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=kill_after_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Outcome("killed", "", monotonic() - started, 0)
    outcome = "failed" if process.returncode else "done"
    return Outcome(outcome, output[-3000:], monotonic() - started, 0)


def run_kills(
    count: int,
    *,
    seed: int,
    directory: Path,
    server: BuildServer,
    report: Callable[[Kill], None],
    rows: int = 200_000,
    with_commands: bool = True,
) -> None:
    """Kill so many runs; each is reported once the run after it has been compared."""
    feed = BigFeed(directory, server, seed=seed, rows=rows)
    try:
        killed = 0
        while killed < count:
            try:
                kill = feed.kill_once(with_commands=with_commands)
            except DifferenceError as error:
                kill = Kill("", str(error))
            if kill is not None:
                killed += 1
                report(kill)
    finally:
        feed.close()
