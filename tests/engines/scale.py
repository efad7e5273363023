"""What so many answers take on each engine, and whether every mart is the same there.

    python -m tests.engines.scale 1000000 3000000 [--engines postgres spark]
    python -m tests.engines.scale 3000000 --engines spark --kill-worker

generates the benchmark's feed, builds it on DuckDB and on each server, one after the
other (models without data tests), and prints a table: seconds of the load and of the
build, bytes on disk. With --kill-worker one of Spark's two workers is killed with all
that it runs while the judged answers are written. Exit code 1 if a mart differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmark.benchmark import living, say
from tests.benchmark.feed import Plan, write_feed
from tests.engines.compare import marts_that_differ
from tests.engines.engines import SERVERS_AT_SCALE, Server
from tests.harness import Project

# The model that writes every judged answer; its work is under way some seconds later.
LONGEST_MODEL = "intermediate.int_survey_answers_stored"
SECONDS_UNTIL_KILLED = 5.0
MODELS = (
    *("build", "--exclude-resource-type", "unit_test"),
    *("--exclude-resource-type", "test"),
)


class Measurement(NamedTuple):
    """What one engine took for a feed."""

    engine: str
    answers: int
    load_seconds: float
    build_seconds: float
    disk_bytes: int
    outcome: str

    def line(self) -> str:
        """A row of the table."""
        seconds = (self.load_seconds + self.build_seconds) * 1e6 / self.answers
        return (
            f"| {self.engine} | {self.answers:,} | {self.load_seconds:,.0f} "
            f"| {self.build_seconds:,.0f} | {seconds:,.1f} "
            f"| {self.disk_bytes / self.answers:,.0f} | {self.outcome} |"
        )


HEADER = """\
| engine | answers | load, s | build, s | s per million | bytes an answer | marts |
|---|---:|---:|---:|---:|---:|---|"""


def run_followed(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    follow: Callable[[str], None] = lambda line: None,
) -> None:
    """Run a program and hand on each line that it prints.

    Raises RuntimeError with its last lines when it fails.
    """
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=directory,
        env=os.environ | environment | {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            follow(line)
    if process.returncode:
        raise RuntimeError("".join(lines[-60:]))


class Trial:
    """A feed of so many answers, in a folder of its own."""

    def __init__(self, directory: Path, answers: int) -> None:
        plan = Plan(answers)
        self.answers = answers
        self.directory = directory
        # No answer lies in the future.
        as_of = plan.date_of(plan.days + 365)
        self.variables = f'{{"as_of": "{as_of}T00:00:00Z"}}'
        with living(f"Generating {answers:,} answers"):
            self.feed = write_feed(directory, plan)
        self.reference = self._project("duckdb")

    def _project(self, engine: str) -> Project:
        project = Project(self.directory / engine)
        project.copy_definitions(self.directory / "definitions")
        return project

    def _build(
        self,
        project: Project,
        environment: Mapping[str, str],
        follow: Callable[[str], None] = lambda line: None,
    ) -> float:
        """Run the models; how many seconds that took."""
        start = time.monotonic()
        dbt = str(Path(sys.executable).parent / "dbt")
        settings = {
            "CX_RAW_DIR": str(self.feed),
            "CX_WAREHOUSE_PATH": str(project.warehouse),
            **environment,
        }
        run_followed(
            [dbt, *MODELS, "--vars", self.variables], project.root, settings, follow
        )
        return time.monotonic() - start

    def on_duckdb(self) -> Measurement:
        """Build on DuckDB, which reads the files itself."""
        with living("DuckDB builds"):
            seconds = self._build(self.reference, {"CX_TARGET": "duckdb"})
        size = self.reference.warehouse.stat().st_size
        return Measurement("DuckDB", self.answers, 0, seconds, size, "")

    def on(self, server: Server, *, kill_worker: bool = False) -> Measurement:
        """Load, build and compare on a server."""
        project = self._project(server.name)
        server.empty()
        start = time.monotonic()
        with living(f"{server.name} loads"):
            run_followed(
                [sys.executable, "-m", "cx_warehouse", "load"],
                project.root,
                server.environment
                | {
                    "CX_RAW_DIR": str(self.feed),
                    "CX_WAREHOUSE_PATH": str(project.warehouse),
                },
            )
        load_seconds = time.monotonic() - start
        killed: list[str] = []

        def kill(line: str) -> None:
            if not killed and f"START sql incremental model {LONGEST_MODEL}" in line:
                assert server.kill_worker
                time.sleep(SECONDS_UNTIL_KILLED)
                server.kill_worker()
                killed.append(LONGEST_MODEL)
                say(f"    a worker is killed while {LONGEST_MODEL} is built")

        with living(f"{server.name} builds"):
            build_seconds = self._build(
                project,
                server.environment,
                kill if kill_worker else lambda line: None,
            )
        if kill_worker and not killed:
            raise RuntimeError(f"{LONGEST_MODEL} was not built: no worker was killed")
        size = server.disk_bytes()
        with living(f"{server.name} is compared with DuckDB"):
            differences = marts_that_differ(self.reference.warehouse, server.query)
        for difference in differences:
            say(f"  {difference}")
        return Measurement(
            f"{server.name}, a worker killed" if killed else server.name,
            self.answers,
            load_seconds,
            build_seconds,
            size,
            f"{len(differences)} DIFFERENT" if differences else "equal",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and say by the exit code whether all was equal."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.engines.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("answers", type=int, nargs="+", help="sizes of the feed")
    parser.add_argument(
        "--engines", nargs="+", choices=list(SERVERS_AT_SCALE), metavar="ENGINE",
        default=list(SERVERS_AT_SCALE), help="postgres, spark; both",
    )  # fmt: skip
    parser.add_argument("--kill-worker", action="store_true", help="of Spark")
    given = parser.parse_args(arguments)
    measurements: list[Measurement] = []
    for answers in given.answers:
        with tempfile.TemporaryDirectory(prefix="cx_scale_") as name:
            trial = Trial(Path(name), answers)
            measurements.append(trial.on_duckdb())
            for engine in given.engines:
                with SERVERS_AT_SCALE[engine]() as server:
                    kill = given.kill_worker and server.kill_worker is not None
                    measurements.append(trial.on(server, kill_worker=kill))
                say(measurements[-1].line())
    print("\n".join((HEADER, *(measured.line() for measured in measurements))))
    return int(any("DIFFERENT" in measured.outcome for measured in measurements))


if __name__ == "__main__":
    sys.exit(main())
