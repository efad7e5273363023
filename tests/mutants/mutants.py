"""Plant one bug at a time in a copy of the project and see whether a test catches it.

`python -m tests.mutants.mutants` plants all of `bugs.py` and prints, for each, the test
that failed, or SURVIVED; words behind it choose bugs by a part of their names. The exit
code is 1 when a bug survives, or when a bug's text is not found exactly once.

A bug in models or macros meets `dbt build` with all of its tests on the golden feed,
and if it gets through, the golden marts, then the golden feed delivered in steps, and a
history of restatements. A bug in Python, or in what data tests look at, meets pytests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.golden.golden import DEFINITIONS, VARIABLES, differing_marts, write_feed
from tests.golden.history import History
from tests.golden.steps import GoldenSteps
from tests.mutants.bugs import BUGS, READER_TESTS, Bug

PROJECT_ROOT = Path(__file__).parents[2]
WORKERS = 2

COPIED = (
    "analyses",
    "cx_warehouse",
    "dbt_project.yml",
    "macros",
    "models",
    "profiles.yml",
    "pyproject.toml",
    "seeds",
    "tests",
)
MODELS = ("build", "--exclude-resource-type", "unit_test")
FAILED_NODE = re.compile(
    r" of \d+ (?:FAIL \d+|FAIL|ERROR)(?: creating sql \w+ model)? (\S+)"
)


class Workshop:
    """A copy of the project in which bugs are planted, one after the other."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "project"
        self.root.mkdir(parents=True)
        for name in COPIED:
            source = PROJECT_ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source,
                    self.root / name,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
            else:
                shutil.copy(source, self.root / name)
        for path in DEFINITIONS.iterdir():
            shutil.copy(path, self.root / "seeds" / "definitions")
        self.feed = write_feed(directory / "feed")
        self.warehouse = directory / "mutant.duckdb"

    @contextmanager
    def planted(self, bug: Bug) -> Iterator[None]:
        """The project with a bug in it.

        Raises ValueError unless the bug's text stands in its file exactly once.
        """
        path = self.root / bug.path
        healthy = path.read_text(encoding="utf-8")
        if healthy.count(bug.old) != 1:
            raise ValueError(
                f"found {healthy.count(bug.old)} times in {bug.path}: {bug.old!r}"
            )
        path.write_text(healthy.replace(bug.old, bug.new), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(healthy, encoding="utf-8")

    def failing_test(self, bug: Bug) -> str | None:
        """What fails first with this bug in the project; None when all tests pass."""
        if bug.pytests:
            return self.failing_pytest(bug.pytests)
        return self.failing_dbt_test()

    def failing_dbt_test(self) -> str | None:
        """The first node of a build that fails, or the marts that are not golden."""
        self.warehouse.unlink(missing_ok=True)
        done = self._run("dbt", "build", "--fail-fast", "--vars", json.dumps(VARIABLES))
        if done.returncode == 0:
            return (
                self._differing_marts() or self.failing_step() or self.failing_history()
            )
        failed = FAILED_NODE.search(done.stdout)
        return failed[1] if failed else f"dbt: {' '.join(done.stdout.split())[-200:]}"

    def failing_step(self) -> str | None:
        """The step of a delivery in steps that fails, or how its marts differ."""
        self.warehouse.unlink()
        steps = GoldenSteps(self.root, self.feed)
        for number, variables in enumerate(steps.play(), start=1):
            # Another feed, the same warehouse: what changes is what lies in the folder.
            done = self._run(
                "dbt", *MODELS, "--vars", json.dumps(variables), feed=steps.feed
            )
            if done.returncode:
                return f"step {number}: {' '.join(done.stdout.split())[-200:]}"
        marts = self._differing_marts()
        return f"steps, {marts}" if marts else None

    def failing_history(self) -> str | None:
        """The run of a history that fails, or the restatements that are not told."""
        self.warehouse.unlink()
        history = History(self.root, self.warehouse, self.root.parent)
        try:
            for step, variables in history.play():
                more = MODELS[1:] if step.command[0] == "build" else ()
                arguments = (*step.command, *more, "--vars", json.dumps(variables))
                done = self._run("dbt", *arguments, feed=history.feed)
                if done.returncode:
                    return f"history, {step.happening}: {done.stdout[-200:]}"
            differences = history.differences()
            return f"history, {differences[0]}" if differences else None
        finally:
            history.forget()
            for path in DEFINITIONS.iterdir():
                shutil.copy(path, self.root / "seeds" / "definitions")

    def _differing_marts(self) -> str | None:
        marts = differing_marts(self.warehouse)
        return f"golden {', '.join(marts)}" if marts else None

    def failing_pytest(self, pytests: Sequence[str]) -> str | None:
        """The first of the pytests that fails."""
        done = self._run("pytest", "-x", "--no-header", *pytests)
        if done.returncode == 0:
            return None
        failed = [
            line for line in done.stdout.splitlines() if line.startswith("FAILED ")
        ]
        # FAILED tests/feed/test_feed.py::test_name[case] - AssertionError: ...
        return (
            failed[0].removeprefix("FAILED tests/").split(" - ")[0]
            if failed
            else "pytest"
        )

    def _run(
        self, program: str, *arguments: str, feed: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = {
            **os.environ,
            "CX_WAREHOUSE_PATH": str(self.warehouse),
            "CX_RAW_DIR": str(feed or self.feed),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=self.root,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )


def judge(workshop: Workshop, bug: Bug) -> tuple[bool, str]:
    """Whether a bug was caught, and by which test (or what is wrong with it)."""
    try:
        with workshop.planted(bug):
            failing_test = workshop.failing_test(bug)
    except ValueError as error:
        return False, f"NOT PLANTED: {error}"
    if failing_test is None:
        return False, "SURVIVED"
    return True, f"killed by {failing_test}"


def main(words: Sequence[str]) -> int:
    """Plant bugs (all, or those whose names hold one of the words) and print fates."""
    bugs = [bug for bug in BUGS if not words or any(word in bug.name for word in words)]
    started = time.monotonic()
    caught_count = 0
    with tempfile.TemporaryDirectory() as directory:
        workshops: SimpleQueue[Workshop] = SimpleQueue()
        for number in range(WORKERS):
            workshops.put(Workshop(Path(directory) / str(number)))

        def judge_in_a_free_workshop(bug: Bug) -> tuple[bool, str]:
            workshop = workshops.get()
            try:
                return judge(workshop, bug)
            finally:
                workshops.put(workshop)

        # A test that fails without a bug would catch every one.
        healthy = workshops.get()
        if test := healthy.failing_dbt_test() or healthy.failing_pytest(READER_TESTS):
            print(f"the project fails without a bug: {test}")
            return 1
        workshops.put(healthy)
        with ThreadPoolExecutor(WORKERS) as workers:
            fates = workers.map(judge_in_a_free_workshop, bugs)
            for bug, (is_caught, fate) in zip(bugs, fates, strict=True):
                caught_count += is_caught
                print(f"{bug.path}: {bug.name}: {fate}", flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"{caught_count} of {len(bugs)} bugs were caught in {minutes:.0f} minutes.")
    return 0 if caught_count == len(bugs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
