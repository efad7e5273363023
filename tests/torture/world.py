"""A feed with its definitions and its warehouse, and all that may happen to them."""

from __future__ import annotations

import codecs
import gzip
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from cx_warehouse.erasure import (
    add_to_erasure_list,
    erasure_key_path,
    erasure_list_path,
)
from tests.oracle.compare import differences
from tests.oracle.feeds import REPORTING_ZONES, _FeedWriter, write_random_feed
from tests.oracle.reference import FEED_COLUMNS, RawRow, build_marts, read_feed
from tests.torture.builds import WAREHOUSE_NAME, BuildServer, Outcome
from tests.torture.marts import mart_differences
from tests.torture.redefinitions import (
    break_definitions,
    read_seeds,
    redefine,
    write_seeds,
)

# One operation, as JSON has it: its name, the seed of its choices, and what else it
# was told.
Operation = dict[str, Any]

_STEMS = (
    "2025 first",
    "a",
    "b",
    "c",
    "größe",
    "it's",
    "a[1]",
    "100%",
    "x;y",
    "--",
    "what?",
    "st*r",
    'quo"te',
    "Ж",
    "survey_answers",
    "null",
)
_SUFFIXES = (".csv", ".csv", ".csv.gz", ".parquet")
_SINGLE_FILES = (
    "survey_answers.csv",
    "survey_answers.csv.gz",
    "survey_answers.parquet",
    "survey_answers.2025.csv",
)
_MACHINE_ZONES = ("UTC", "Pacific/Kiritimati", "America/New_York")
_CLOCKS = (
    None,
    None,
    "2024-12-31T12:00Z",
    "2025-06-27",
    "2025-06-28T13:37:00Z",
    "2025-06-29 00:00",
    "2025-07-01T00:00:00+14:00",
    "2025-10-26T01:30:00Z",
    "2025-12-15",
    "2026-02-01T00:00Z",
    "9998-01-01",
)
_BROKEN_FILES = {
    "survey_answers/~broken.csv": b"source_system,survey_id\na,b\n",
    "survey_answers/~broken.csv.gz": b"\x1f\x8b\x08\x00\x00",
    "survey_answers/~broken.parquet": b"PAR1",
    "survey_answers/~broken.txt": b"",
}
# Any file of this folder is code that judges answers.
_JUDGING_CODE = "macros/text/trimmed.sql"


class DifferenceError(AssertionError):
    """The warehouse is not what a full build would have made of the same files."""


class World:
    """One history: a folder of files, definitions, vars, and the warehouse of them.

    Every operation draws its choices from a seed of its own and from what there is,
    so that a history goes on making sense when operations before it are left out.
    """

    def __init__(
        self,
        directory: Path,
        server: BuildServer,
        *,
        seed: int,
        rows: int,
        keeps_removed_files: bool = False,
    ) -> None:
        self.directory = directory
        self.server = server
        self.keeps_removed_files = keeps_removed_files
        case = directory / "case"
        self.variables = write_random_feed(case, seed=seed, rows=rows)
        self.variables["keep_removed_files"] = keeps_removed_files
        self.feed = directory / "feed"
        self.scratch = directory / "scratch"
        self.warehouse = directory / WAREHOUSE_NAME
        self.scratch.mkdir()
        (self.feed / "survey_answers").mkdir(parents=True)
        write_seeds(server.definitions, read_seeds(case / "definitions"))
        self._judging_code = (server.root / _JUDGING_CODE).read_text("utf-8")
        self._code_changes = 0
        self.moves = 0

        self.undelivered = read_feed(case / "feed")
        self.files: dict[str, list[RawRow]] = {}
        self.erased: set[tuple[str, str]] = set()
        # What the warehouse holds while removed files are kept: name and content.
        self.held: dict[str, bytes] = {}
        self.statements = 500
        # Whether the last build came to its end, and whether anything changed since.
        self.is_whole = True
        self.is_pending = True
        self.build_count = 0
        self.notes: list[str] = []

    def close(self) -> None:
        """Put the shared copy of the project back as it was, and tidy up."""
        path = self.server.root / _JUDGING_CODE
        path.write_text(self._judging_code, "utf-8")
        shutil.rmtree(self.directory)

    # What happens

    def apply(self, operation: Operation) -> None:
        """Do what an operation says. Raises DifferenceError where a check fails."""
        rng = Random(operation["seed"])
        if operation["name"] == "build":
            self.build(rng, operation["how"])
            return
        if not self.is_whole and self.keeps_removed_files and self.files:
            # Whether an unfinished build had read a file decides what is kept of it.
            self.build(rng, "plain")
        self.is_pending = True
        act = _OPERATIONS[operation["name"]]
        # Only a history of which deliveries were left out has no files.
        done = act(self, rng) if self.files or act is World.deliver else "no files"
        self._note(f"{operation['name']}: {done}")

    def build(self, rng: Random, how: str) -> None:
        """Build, in one of the ways of BUILDS; one that ends is held to the reference.

        Raises DifferenceError.
        """
        zone = rng.choice(_MACHINE_ZONES)
        statement = rng.randint(1, self.statements)
        if how in ("killed", "failing"):
            name = "kill_at_statement" if how == "killed" else "fail_at_statement"
            outcome = self._run(zone, **{name: statement})
            self._note(f"build {how} at statement {statement}: {outcome.outcome}")
        elif how == "during a delivery":
            self._build_during_a_delivery(rng, zone, statement)
        elif how == "with a broken file":
            name, content = rng.choice(list(_BROKEN_FILES.items()))
            broken = self.feed / name
            broken.write_bytes(content)
            self._must_fail(self._run(zone), name)
            broken.unlink()
        elif how == "with a broken definition":
            seeds = read_seeds(self.server.definitions)
            break_definitions(rng, self.server.definitions)
            self._must_fail(self._run(zone), "a broken definition")
            write_seeds(self.server.definitions, seeds)
        else:
            options = ["--full-refresh"] if how == "full refresh" else []
            outcome = self._run(zone, options=options)
            self._note(f"build {how}: {outcome.outcome} ({outcome.seconds:.1f} s)")
            if not outcome.is_done:
                raise DifferenceError(f"a build {how} failed: {outcome.message}")
            self.statements = max(outcome.statements, 1)
            self._finish_build()

    def _build_during_a_delivery(self, rng: Random, zone: str, statement: int) -> None:
        """A file comes, or is written anew, while the build runs: the next one sees it.

        What this one makes of it is anybody's guess.
        """
        is_new = not self.files or rng.random() < 0.4
        name = self._new_name(rng) if is_new else self._any_file(rng)
        rows = [*self.files.get(name, []), *self._some_rows(rng, 10)]
        for row in rng.sample(rows, min(len(rows), 5)):
            _edit_row(rng, row)
        rng.shuffle(rows)
        fresh = self._write_fresh(rng, name, rows)
        outcome = self._run(
            zone,
            deliver_at_statement=statement,
            delivery=(str(fresh), str(self._path(name))),
        )
        if fresh.exists():
            fresh.replace(self._path(name))
        self.files[name] = rows
        self._note(f"build while {name} came at {statement}: {outcome.outcome}")

    def end(self) -> None:
        """Bring the warehouse up to date and hold it to one full build.

        Raises DifferenceError.
        """
        if self.is_pending or not self.is_whole:
            self.build(Random(0), "plain")
        self.compare_with_full_build()

    # What must hold

    def compare_with_full_build(self) -> None:
        """Build everything anew elsewhere; raise DifferenceError if it differs."""
        full = self.directory / "full"
        shutil.rmtree(full, ignore_errors=True)
        full.mkdir()
        warehouse = full / WAREHOUSE_NAME
        for path_of in (erasure_list_path, erasure_key_path):
            if path_of(self.warehouse).exists():
                shutil.copy(path_of(self.warehouse), path_of(warehouse))
        built = self.server.build(warehouse, self._truth(), self.variables)
        self.build_count += 1
        if not built.is_done:
            raise DifferenceError(f"the full build failed: {built.message}")
        lines = mart_differences(warehouse, self.warehouse)
        lines += self._traces_of_the_erased()
        if lines:
            raise DifferenceError("against a full build:\n" + "\n".join(lines))

    def compare_with_reference(self) -> None:
        """Raise DifferenceError unless the marts are those of the reference."""
        variables = dict(self.variables)
        del variables["keep_removed_files"]
        if variables["as_of"] is None:
            ((clock,),) = self._query("select clock_at from intermediate.int_clock")
            variables["as_of"] = clock.isoformat()
        expected = build_marts(
            self._truth(), self.server.definitions, erased=self.erased, **variables
        )
        if lines := differences(expected, self.warehouse):
            raise DifferenceError("against the reference:\n" + "\n".join(lines))

    def _traces_of_the_erased(self) -> list[str]:
        lines = []
        tables = self._query(
            "select schema_name, table_name from duckdb_tables() "
            "natural join duckdb_columns() "
            "where column_name in ('source_system', 'respondent_id') "
            "group by all having count(*) = 2"
        )
        for schema, table in tables if self.erased else []:
            respondents = self._query(
                f'select distinct source_system, respondent_id from {schema}."{table}"'
            )
            if still := self.erased & set(respondents):
                lines.append(f"{schema}.{table} has rows of the erased {still}")
        return lines

    def _finish_build(self) -> None:
        self.is_whole = True
        self.is_pending = False
        if self.keeps_removed_files:
            self.held |= {name: self._path(name).read_bytes() for name in self.files}
        self.compare_with_reference()

    def _truth(self) -> Path:
        """The folder that a full build must read to come to the same marts."""
        if not self.keeps_removed_files:
            return self.feed
        folder = self.scratch / "kept"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "survey_answers").mkdir(parents=True)
        for name, content in self.held.items():
            (folder / name).write_bytes(content)
        return folder

    def _must_fail(self, outcome: Outcome, what: str) -> None:
        self._note(f"build with {what}: {outcome.outcome}")
        if outcome.outcome != "failed":
            raise DifferenceError(f"a build with {what} was {outcome.outcome}")

    def _run(self, zone: str, **how: Any) -> Outcome:
        self.is_whole = False
        self.build_count += 1
        return self.server.build(
            self.warehouse, self.feed, self.variables, time_zone=zone, **how
        )

    def _query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def _note(self, text: str) -> None:
        self.notes.append(text)

    # Files

    def _path(self, name: str) -> Path:
        return self.feed / name

    def _new_name(self, rng: Random, suffix: str = "") -> str:
        """A name that no file of the feed has, nor had while removed ones are kept."""
        names = [f"survey_answers/{stem}" for stem in _STEMS]
        suffix = suffix or rng.choice(_SUFFIXES)
        candidates = [f"{name}{suffix}" for name in names]
        candidates += [name for name in _SINGLE_FILES if name.endswith(suffix)]
        free = [name for name in candidates if name not in self.files]
        return rng.choice(free or [f"survey_answers/{rng.randrange(1 << 30)}{suffix}"])

    def _write(self, rng: Random, name: str, rows: list[RawRow]) -> None:
        """Write rows as a file, in place or as a new one that takes the name."""
        fresh = self._write_fresh(rng, name, rows)
        if rng.random() < 0.5:
            self._path(name).write_bytes(fresh.read_bytes())
        else:
            fresh.replace(self._path(name))
        self.files[name] = [dict(row) for row in rows]

    def _write_fresh(self, rng: Random, name: str, rows: list[RawRow]) -> Path:
        """Write rows as a file that does not lie in the feed's folder yet."""
        typed = rng.random() < 0.3
        fresh = self.scratch / f"{'typed' if typed else 'fresh'}{file_suffix(name)}"
        writer = _FeedWriter(rng, self.scratch)
        while True:
            writer._write_file(fresh, rows, alone=rng.random() < 0.6)
            if not _is_refused(fresh):
                return fresh

    def _any_file(self, rng: Random) -> str:
        return rng.choice(sorted(self.files))

    def _delivered(self) -> list[RawRow]:
        return [row for name in sorted(self.files) for row in self.files[name]]

    def _some_rows(self, rng: Random, most: int) -> list[RawRow]:
        rows = self._delivered()
        return [dict(row) for row in rng.sample(rows, min(len(rows), most))]

    # Operations on files; each returns what it did, in a few words

    def deliver(self, rng: Random) -> str:
        """A new file with rows that were not there before, or no more of them."""
        share = rng.choice((0.1, 0.3, 0.6))
        count = max(5, int(len(self.undelivered) * share))
        rng.shuffle(self.undelivered)
        rows, self.undelivered = self.undelivered[:count], self.undelivered[count:]
        name = self._new_name(rng)
        self._write(rng, name, rows or self._some_rows(rng, 20))
        return f"{len(self.files[name])} rows in {name}"

    def redeliver(self, rng: Random) -> str:
        """A file again under another name: byte for byte, or written anew."""
        old = self._any_file(rng)
        if rng.random() < 0.5:
            new = self._new_name(rng, file_suffix(old))
            shutil.copy2(self._path(old), self._path(new))
            self.files[new] = [dict(row) for row in self.files[old]]
        else:
            new = self._new_name(rng)
            self._write(rng, new, rng.sample(self.files[old], len(self.files[old])))
        return f"{old} as {new}"

    def edit(self, rng: Random) -> str:
        """A file written anew with some rows changed, lost or added."""
        name = self._any_file(rng)
        rows = [dict(row) for row in self.files[name]]
        for row in rng.sample(rows, min(len(rows), rng.choice((1, 3, 20)))):
            _edit_row(rng, row)
        if rng.random() < 0.3:
            rows = rows[rng.randrange(4) :]
        if rng.random() < 0.3:
            rows += self._some_rows(rng, 3)
        if rng.random() < 0.5:
            rng.shuffle(rows)
        self._write(rng, name, rows)
        return f"{name}, now {len(rows)} rows"

    def edit_unseen(self, rng: Random) -> str:
        """A file that keeps its size and its time of change, and not its content."""
        plain = [
            name
            for name in sorted(self.files)
            if name.endswith(".csv") and self.files[name]
        ]
        if not plain:
            return "no plain file"
        name = rng.choice(plain)
        path = self._path(name)
        before = path.stat()
        content = path.read_bytes()
        head, end, body = content.partition(b"\n")
        path.write_bytes(head + end + body.translate(bytes.maketrans(b"45", b"54")))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.files[name] = _read_file(self.scratch, path)
        return name

    def remove(self, rng: Random) -> str:
        """A file less; the last one stays, for a folder without a feed cannot build."""
        if len(self.files) < 2:
            return "nothing, it is the last"
        name = self._any_file(rng)
        self._path(name).unlink()
        del self.files[name]
        return name

    def rename(self, rng: Random) -> str:
        """A file under another name, which may be that of a file that was there."""
        old = self._any_file(rng)
        new = self._new_name(rng, file_suffix(old))
        self._path(old).rename(self._path(new))
        self.files[new] = self.files.pop(old)
        return f"{old} to {new}"

    def swap(self, rng: Random) -> str:
        """Two files change names, without a byte being written."""
        old = self._any_file(rng)
        others = [
            name
            for name in sorted(self.files)
            if name != old and file_suffix(name) == file_suffix(old)
        ]
        if not others:
            return "no two alike"
        other = rng.choice(others)
        between = self.scratch / "between"
        self._path(old).rename(between)
        self._path(other).rename(self._path(old))
        between.rename(self._path(other))
        self.files[old], self.files[other] = self.files[other], self.files[old]
        return f"{old} and {other}"

    def touch(self, rng: Random) -> str:
        """A file with another time of change and the same content."""
        name = self._any_file(rng)
        os.utime(self._path(name), ns=(0, rng.randrange(1 << 60)))
        return name

    def empty(self, rng: Random) -> str:
        """A file with a header and no rows: a new one, or instead of what it had."""
        name = self._new_name(rng) if rng.random() < 0.6 else self._any_file(rng)
        self._write(rng, name, [])
        return name

    def scatter(self, rng: Random) -> str:
        """Versions of some answers, each in another file, new ones and old ones."""
        rows = self._some_rows(rng, rng.choice((1, 4)))
        count = rng.choice((2, 3))
        for _ in range(count):
            versions = [dict(row) for row in rows]
            for row in versions:
                _edit_row(rng, row)
            if rng.random() < 0.5:
                self._write(rng, self._new_name(rng), versions)
            else:
                name = self._any_file(rng)
                self._write(rng, name, [*self.files[name], *versions])
        return f"{len(rows)} answers over {count} files"

    def deliver_older(self, rng: Random) -> str:
        """A file with earlier versions of answers that are there."""
        rows = self._some_rows(rng, rng.choice((1, 10)))
        for row in rows:
            row["updated_at"] = rng.choice(("2000-01-01", "2025-01-01T00:00Z", None))
            row["answer"] = rng.choice(("1", "5", "", row["answer"]))
        name = self._new_name(rng)
        self._write(rng, name, rows)
        return f"{len(rows)} rows in {name}"

    def move_folder(self, rng: Random) -> str:
        """The feed lies in another folder, moved there or copied."""
        self.moves += 1
        new = self.directory / f"feed {self.moves}"
        if rng.random() < 0.5:
            self.feed.rename(new)
        else:
            shutil.copytree(self.feed, new)
            shutil.rmtree(self.feed)
        self.feed = new
        return new.name

    # Operations on everything else

    def redefine(self, rng: Random) -> str:
        """One of the definitions changes, or several."""
        answers = self._delivered() or self.undelivered
        return ", ".join(
            redefine(rng, self.server.definitions, self.scratch / "seeds", answers)
            for _ in range(rng.choice((1, 1, 1, 3)))
        )

    def revise_variables(self, rng: Random) -> str:
        """A var changes: the clock more often than others."""
        name, value = rng.choice(
            (
                ("as_of", rng.choice(_CLOCKS)),
                ("as_of", self._clock_at_an_answer(rng)),
                ("as_of", self._clock_at_an_answer(rng)),
                ("reporting_time_zone", rng.choice(REPORTING_ZONES)),
                ("fiscal_year_start_month", rng.randint(1, 12)),
                ("minimum_reportable_responses", rng.choice((1, 2, 30))),
                ("confidence_level", rng.choice((0.5, 0.95, 0.999))),
            )
        )
        self.variables[name] = value
        return f"{name} {value}"

    def erase(self, rng: Random) -> str:
        """Respondents who occur, or do not yet, are put on the list of the erased."""
        erased = []
        for row in self._some_rows(rng, 40) or [{}]:
            source, respondent = row.get("source_system"), row.get("respondent_id")
            if source and respondent:
                erased.append((source, respondent))
        erased = erased[: rng.choice((1, 1, 2))]
        if not erased or rng.random() < 0.1:
            erased.append((rng.choice(("qualtrics", "src|pipe")), "42"))
        for source, respondent in erased:
            add_to_erasure_list(self.warehouse, source, [respondent])
            self.erased.add((source, respondent))
        return repr(erased)

    def change_code(self, rng: Random) -> str:
        """The code that judges is another text, with the same meaning."""
        self._code_changes += 1
        text = f"{self._judging_code}{{# {self._code_changes} {rng.random()} #}}\n"
        (self.server.root / _JUDGING_CODE).write_text(text, "utf-8")
        return _JUDGING_CODE

    def lose_warehouse(self, rng: Random) -> str:
        """The warehouse's file is gone; the list of the erased is not."""
        if self.keeps_removed_files and rng.random() < 0.7:
            return "not this time"
        for path in self.directory.glob(f"{self.warehouse.name}*"):
            if path.suffix in (".duckdb", ".wal"):
                path.unlink()
        self.held = {}
        return self.warehouse.name

    def _clock_at_an_answer(self, rng: Random) -> str:
        """A clock at an answer's time, or a moment before or behind it."""
        times = []
        for row in self._some_rows(rng, 20):
            try:
                times.append(
                    datetime.fromisoformat((row["responded_at"] or "").strip())
                )
            except ValueError:
                continue
        time = rng.choice(times or [datetime(2025, 7, 1)])
        if not 1950 < time.year < 9000:
            time = datetime(2025, 6, 28, 12)
        time += timedelta(microseconds=rng.choice((-1, 0, 1)))
        return time.isoformat()


_Operation = Callable[[World, Random], str]
_OPERATIONS: dict[str, _Operation] = {
    operation.__name__: operation
    for operation in (
        World.deliver,
        World.redeliver,
        World.edit,
        World.edit_unseen,
        World.remove,
        World.rename,
        World.swap,
        World.touch,
        World.empty,
        World.scatter,
        World.deliver_older,
        World.move_folder,
        World.redefine,
        World.revise_variables,
        World.erase,
        World.change_code,
        World.lose_warehouse,
    )
}
OPERATIONS = tuple(_OPERATIONS)
BUILDS = (
    "plain",
    "full refresh",
    "killed",
    "failing",
    "during a delivery",
    "with a broken file",
    "with a broken definition",
)


def play(
    operations: list[Operation], directory: Path, server: BuildServer
) -> tuple[str, list[str]]:
    """Play a history from its beginning.

    The first operation is the `begin` of histories.py. Returns the difference, empty
    when there is none, and what happened.
    """
    begin, *others = operations
    directory.mkdir(parents=True)
    world = World(directory, server, **begin["arguments"])
    try:
        for operation in others:
            world.apply(operation)
        world.end()
    except DifferenceError as difference:
        return str(difference), world.notes
    finally:
        world.close()
    return "", world.notes


def as_text(operations: list[Operation]) -> str:
    """A history as JSON, an operation a line."""
    lines = ",\n ".join(json.dumps(operation) for operation in operations)
    return f"[{lines}]\n"


def file_suffix(name: str) -> str:
    """The ending of a feed file's name."""
    return next(
        suffix for suffix in (".csv.gz", ".csv", ".parquet") if name.endswith(suffix)
    )


def _is_refused(path: Path) -> bool:
    """Whether a file begins with a mark and, in quotes, a name that has a comma."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return content.startswith(codecs.BOM_UTF8) and b"free" in content[:12].lower()


def _read_file(scratch: Path, path: Path) -> list[RawRow]:
    """The rows of one file, read as the reference reads a feed."""
    folder = scratch / "one_file"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(path, folder / f"survey_answers{file_suffix(path.name)}")
    return read_feed(folder)


def _edit_row(rng: Random, row: RawRow) -> None:
    """Another version of a row: newer, older, blank, corrected, or of another key."""
    changes: tuple[RawRow, ...] = (
        {"updated_at": "2026-01-01T00:00Z", "answer": rng.choice(("1", "4", "10"))},
        {"updated_at": "2026-01-01T00:00Z", "answer": None},
        {"updated_at": "1999-01-01", "answer": "5"},
        {"updated_at": None},
        {"answer": rng.choice(("0", "1", "2", "3", "9", "10", "99", "Good", "6.5"))},
        {"answer": ""},
        {"channel": rng.choice(("email", "web", "sms", None))},
        {"segment": rng.choice(("gold", "b|c", None))},
        {"comment": "edited"},
        {"weight": rng.choice(("2", "0.5", "0", None))},
        {"responded_at": f"2025-06-2{rng.randrange(5, 10)}T12:00:00Z"},
        {"responded_at": rng.choice(("2025-12-31", "2030-01-01", "never"))},
        {"interaction_at": "2025-06-01", "invited_at": None},
        {"response_status": rng.choice(("partial", "spam", None))},
        {"respondent_id": rng.choice(("42", "c@example.com", None))},
        {"response_id": rng.choice(("R_1", "0", None))},
        {"source_system": rng.choice(("src", "qualtrics"))},
        {"question_id": rng.choice(("q1", "Q1"))},
    )
    row.update(rng.choice(changes))
    assert list(row) == list(FEED_COLUMNS)
