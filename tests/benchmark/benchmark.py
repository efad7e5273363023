"""Measure builds of a generated feed: the project, the limit, the usual way, Polars.

    python -m tests.benchmark --rows 1000000

generates the feed and prints, for each part, wall time, rows per second, peak memory of
all its processes and size on disk:

    b  the models without tests               a  `dbt build` with its tests
    i  those of the limit's tables alone      j  the same with their tests
    c  the limit: one hand-tuned script       d  the usual way, up to 10 million
    h  a Polars script, up to 10 million      g  ten dashboard queries
    e  one more day, with tests and without   f  30 more days one by one

Each part is a process of its own. What they built is compared row for row: (b), (d) and
(h) with (c), and at last the warehouse that grew day by day with the limit on all days.
dbt has read the project once before (its parse is cached), as it has on the second
build of every user.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from tests.benchmark import compare, dashboards, polars_way, usual_way
from tests.benchmark.feed import Plan, write_day, write_feed
from tests.harness import PROJECT_ROOT, Project
from tests.oracle.compare import MARTS, UNCERTAINTY_COLUMNS

PARTS = "ijbcdhagef"
LARGEST_USUAL_ROWS = 10_000_000
MORE_DAYS = 30
SECONDS_BETWEEN_SIGNS = 10.0
# Wall time is exact to this; a look costs 3 ms.
SECONDS_BETWEEN_LOOKS = 0.1
DBT = (str(Path(sys.executable).parent / "dbt"), "--no-use-colors")
# As `make build` runs it: unit tests judge the code, not the feed.
BUILD = ("build", "--exclude-resource-type", "unit_test")
MODELS = (*BUILD, "--exclude-resource-type", "test")
# The limit does not compute the marts of changes, windows, drill-down and tools' rules.
OF_THE_LIMIT = (
    *("--select", *(f"+{mart}" for mart in MARTS)),
    *("--indirect-selection", "buildable"),
)


@dataclass(frozen=True)
class Measurement:
    """What one part took."""

    part: str
    name: str
    rows: int
    seconds: float
    peak_bytes: int
    disk_bytes: int


class PartError(Exception):
    """A part did not finish; the message says which and how it ended."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


class Signs:
    """Lines that show that a long step lives: what, how far, how long."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.started = time.monotonic()
        self.next_sign = self.started + SECONDS_BETWEEN_SIGNS
        say(f"{name} ...")

    @property
    def seconds(self) -> float:
        """How long the step has run."""
        return time.monotonic() - self.started

    def sign(self, progress: str) -> None:
        """Say how far the step is, if the last word was long ago."""
        if time.monotonic() >= self.next_sign:
            self.next_sign = time.monotonic() + SECONDS_BETWEEN_SIGNS
            say(f"    {self.seconds:6.0f} s  {self.name}: {progress}")


@contextmanager
def living(name: str) -> Iterator[Signs]:
    """A step of this process, with signs of life while it runs."""
    signs = Signs(name)
    over = threading.Event()

    def tick() -> None:
        while not over.wait(1):
            signs.sign("at work")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield signs
    finally:
        over.set()
        thread.join()
    say(f"    {signs.seconds:6.1f} s")


def _tree_bytes(root: int) -> int:
    """Memory of a process and its descendants now; 0 where /proc is not there."""
    children: dict[int, list[int]] = {}
    resident: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(process)
        resident[process] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    total = 0
    waiting = [root]
    while waiting:
        process = waiting.pop()
        total += resident.get(process, 0)
        waiting += children.get(process, [])
    return total


def _follow(stream: IO[str], lines: deque[str]) -> None:
    for line in stream:
        if line.strip():
            lines.append(line.rstrip())


def run_measured(
    name: str,
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str] | None = None,
) -> tuple[float, int]:
    """Run a program; its wall time and the peak memory of all its processes.

    Raises PartError with its last lines when it fails.
    """
    signs = Signs(name)
    lines: deque[str] = deque(maxlen=60)
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**os.environ, **(environment or {}), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    reader = threading.Thread(target=_follow, args=(process.stdout, lines), daemon=True)
    reader.start()
    peak = 0
    try:
        while True:
            finished, status, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = signs.seconds
            if finished:
                break
            peak = max(peak, _tree_bytes(process.pid))
            last_line = lines[-1].strip() if lines else "at work"
            signs.sign(f"{peak / 1e9:.1f} GB at most, {last_line}")
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    unit = 1 if platform.system() == "Darwin" else 1024
    peak = max(peak, usage.ru_maxrss * unit)
    if process.returncode:
        raise PartError(
            f"{name} ended with code {process.returncode}:\n" + "\n".join(lines)
        )
    say(f"    {seconds:6.1f} s, {peak / 1e9:.2f} GB")
    return seconds, peak


def _disk_bytes(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


class Benchmark:
    """The parts, in the order in which they need one another."""

    def __init__(
        self, directory: Path, plan: Plan, parts: str, memory_limit: str
    ) -> None:
        self.directory = directory
        self.plan = plan
        self.parts = parts
        self.memory_limit = memory_limit
        self.results: list[Measurement] = []
        self.timings: list[dashboards.Timing] = []
        self.checks: list[str] = []
        self.feed = directory / "feed"
        self.definitions = directory / "definitions"
        self.limit_warehouse = directory / "limit.duckdb"
        self.models_warehouse = directory / "models.duckdb"
        self.days_written = plan.days

    def run(self) -> None:
        """All parts that were asked for."""
        self._generate()
        if set(self.parts) & set("ijbagef"):
            self._prepare_project()
        for part in PARTS:
            if part in self.parts:
                getattr(self, f"_part_{part}")()
        if {"e", "f", "c"} <= set(self.parts):
            self._check_growth()

    # Steps before -------------------------------------------------------------

    def _generate(self) -> None:
        mark = self.directory / "plan.json"
        wanted = json.dumps(asdict(self.plan), default=str)
        if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
            for path in (self.feed / "survey_answers").iterdir():
                if path.stem >= str(self.plan.date_of(self.plan.days)):
                    path.unlink()
            say("The feed is there already.")
        else:
            shutil.rmtree(self.feed, ignore_errors=True)
            with living(f"Generating {self.plan.rows:,} answers") as signs:
                write_feed(
                    self.directory,
                    self.plan,
                    lambda day: signs.sign(f"day {day:,} of {self.plan.days:,}"),
                )
            mark.write_text(wanted, encoding="utf-8")
        say(f"    {_disk_bytes(self.feed) / 1e9:.2f} GB of Parquet")

    def _prepare_project(self) -> None:
        shutil.rmtree(self.directory / "built", ignore_errors=True)
        self.project = Project(self.directory / "built")
        self.project.copy_definitions(self.definitions)
        self._dbt("dbt reads the project", "parse")

    def _dbt(self, name: str, *arguments: str) -> tuple[float, int]:
        return run_measured(
            name,
            [*DBT, *arguments],
            directory=self.project.root,
            environment={
                "CX_RAW_DIR": str(self.feed),
                "CX_WAREHOUSE_PATH": str(self.project.warehouse),
                "CX_MEMORY_LIMIT": self.memory_limit,
                "DO_NOT_TRACK": "1",
                "NO_COLOR": "1",
            },
        )

    def _python(self, name: str, *arguments: str) -> tuple[float, int]:
        return run_measured(
            name, [sys.executable, "-m", *arguments], directory=PROJECT_ROOT
        )

    def _add(
        self, part: str, name: str, rows: int, took: tuple[float, int], built: Path
    ) -> None:
        self.results.append(
            Measurement(part, name, rows, *took, disk_bytes=_disk_bytes(built))
        )

    def _check(self, name: str, differences: list[str]) -> None:
        self.checks.append(f"{name}: {'; '.join(differences) or 'equal'}")
        say(f"    {self.checks[-1]}")

    # Parts --------------------------------------------------------------------

    def _build(self, part: str, name: str, *arguments: str) -> None:
        """Build a new warehouse."""
        self.project.warehouse.unlink(missing_ok=True)
        took = self._dbt(f"({part}) {name}", *arguments)
        self._add(part, name, self.plan.rows, took, self.project.warehouse)

    def _part_i(self) -> None:
        self._build("i", "the models of the limit's tables", *MODELS, *OF_THE_LIMIT)

    def _part_j(self) -> None:
        self._build("j", "the same with their tests", *BUILD, *OF_THE_LIMIT)

    def _part_b(self) -> None:
        self._build("b", "the models without tests", *MODELS)
        self.project.warehouse.replace(self.models_warehouse)

    def _part_c(self) -> None:
        took = self._python(
            "(c) the limit",
            "tests.benchmark.limit",
            *map(str, (self.feed, self.definitions, self.limit_warehouse)),
            *("--memory-limit", self.memory_limit),
        )
        self._add("c", "the limit", self.plan.rows, took, self.limit_warehouse)
        if "b" in self.parts:
            with living("Comparing (b) with (c)"):
                found = compare.differences(
                    self.limit_warehouse,
                    self.models_warehouse,
                    # The limit does not say how sure its scores are.
                    ignored=UNCERTAINTY_COLUMNS,
                    memory=self.memory_limit,
                )
            self._check("(b) and (c)", found)
        if "a" in self.parts:
            self.models_warehouse.unlink(missing_ok=True)

    def _part_d(self) -> None:
        if self.plan.rows > LARGEST_USUAL_ROWS:
            return
        directory = self.directory / "usual_way"
        shutil.rmtree(directory, ignore_errors=True)
        usual_way.write_project(directory, self.definitions)
        warehouse = self.directory / "usual_way.duckdb"
        warehouse.unlink(missing_ok=True)
        took = run_measured(
            "(d) the usual way",
            [*DBT, "build"],
            directory=directory,
            environment={
                "CX_RAW_DIR": str(self.feed),
                "CX_WAREHOUSE_PATH": str(warehouse),
                "CX_MEMORY_LIMIT": self.memory_limit,
                "DO_NOT_TRACK": "1",
                "NO_COLOR": "1",
            },
        )
        self._add("d", "the usual way", self.plan.rows, took, warehouse)
        if "c" in self.parts:
            with living("Comparing (d) with (c)"):
                found = compare.differences(
                    self.limit_warehouse,
                    warehouse,
                    usual_way.MARTS,
                    approximate=usual_way.APPROXIMATE_COLUMNS,
                    memory=self.memory_limit,
                )
            self._check("(d) and (c)", found)
        warehouse.unlink()

    def _part_h(self) -> None:
        if self.plan.rows > LARGEST_USUAL_ROWS:
            return
        output = self.directory / "polars"
        shutil.rmtree(output, ignore_errors=True)
        took = self._python(
            "(h) Polars",
            "tests.benchmark.polars_way",
            *map(str, (self.feed, self.definitions, output)),
        )
        self._add("h", "Polars", self.plan.rows, took, output)
        if "c" in self.parts:
            warehouse = self.directory / "polars.duckdb"
            polars_way.as_warehouse(output, warehouse, self.limit_warehouse)
            with living("Comparing (h) with (c)"):
                found = compare.differences(
                    self.limit_warehouse,
                    warehouse,
                    polars_way.MARTS,
                    approximate=("mean_score_pct",),
                    ignored={mart.hash_id for mart in MARTS.values() if mart.hash_id},
                    memory=self.memory_limit,
                )
            self._check("(h) and (c), but for hash ids", found)
            warehouse.unlink()
        shutil.rmtree(output)

    def _part_a(self) -> None:
        self.limit_warehouse.unlink(missing_ok=True)
        self._build("a", "`dbt build` with tests", *BUILD)

    def _need_warehouse(self) -> None:
        """The warehouse that (a) left, or that of (b), or a new one."""
        if self.project.warehouse.exists():
            return
        if self.models_warehouse.exists():
            self.models_warehouse.replace(self.project.warehouse)
        else:
            self._dbt("a warehouse to go on with", *MODELS)

    def _part_g(self) -> None:
        self._need_warehouse()
        with living("(g) ten dashboard queries"):
            self.timings = dashboards.measure(self.project.warehouse)

    def _one_more_day(self, part: str, name: str, arguments: Sequence[str]) -> None:
        day = self.days_written
        write_day(self.directory, self.plan, day)
        self.days_written += 1
        took = self._dbt(f"({part}) {name}", *arguments)
        self._add(part, name, self.plan.rows_on(day), took, self.project.warehouse)

    def _part_e(self) -> None:
        self._need_warehouse()
        self._one_more_day("e", "one more day, `dbt build` with tests", BUILD)
        self._one_more_day("e", "one more day, without tests", MODELS)

    def _part_f(self) -> None:
        self._need_warehouse()
        for number in range(1, MORE_DAYS + 1):
            self._one_more_day(
                "f", f"day {number} of {MORE_DAYS} more, with tests", BUILD
            )

    def _check_growth(self) -> None:
        self._python(
            "The limit on all days",
            "tests.benchmark.limit",
            *map(str, (self.feed, self.definitions, self.limit_warehouse)),
            *("--memory-limit", self.memory_limit),
        )
        with living("Comparing the grown warehouse with it"):
            found = compare.differences(
                self.limit_warehouse,
                self.project.warehouse,
                ignored=UNCERTAINTY_COLUMNS,
                memory=self.memory_limit,
            )
        self._check("the grown warehouse and the limit on all days", found)

    # Report -------------------------------------------------------------------

    def report(self) -> str:
        """The results as Markdown."""
        lines = [f"### {self.plan.rows:,} answers", ""]
        lines += [
            "| part | what | rows | wall time, s | rows/s | memory, GB | on disk, GB |",
            "|---|---|---:|---:|---:|---:|---:|",
        ]
        for result in self._condensed():
            lines.append(
                f"| ({result.part}) | {result.name} | {result.rows:,} "
                f"| {result.seconds:,.1f} | {result.rows / result.seconds:,.0f} "
                f"| {result.peak_bytes / 1e9:.2f} | {result.disk_bytes / 1e9:.2f} |"
            )
        lines += ["", *self._ratio_lines(), *self._dashboard_lines()]
        lines += [f"- compared: {check}" for check in self.checks]
        return "\n".join(lines)

    def _condensed(self) -> list[Measurement]:
        """The measurements, the many days as their sum."""
        days = [result for result in self.results if result.part == "f"]
        others = [result for result in self.results if result.part != "f"]
        others.sort(key=lambda result: result.part)
        if not days:
            return others
        total = Measurement(
            "f",
            f"{len(days)} more days one by one, with tests",
            sum(day.rows for day in days),
            sum(day.seconds for day in days),
            max(day.peak_bytes for day in days),
            days[-1].disk_bytes,
        )
        before_h = [result for result in others if result.part < "f"]
        return [*before_h, total, *(result for result in others if result.part > "f")]

    def _seconds(self, part: str) -> float | None:
        found = [result.seconds for result in self.results if result.part == part]
        return found[0] if found else None

    def _ratio_lines(self) -> Iterator[str]:
        for upper, lower, text in (
            ("i", "c", "models of the same tables / limit"),
            ("j", "c", "the same with their tests / limit"),
            ("b", "c", "all models / limit"),
            ("a", "c", "`dbt build` with tests / limit"),
            ("b", "i", "all models / models of the limit's tables"),
            ("a", "j", "the same, both with tests"),
            ("d", "i", "usual way / models of the same tables"),
            ("d", "b", "usual way / all models"),
            ("h", "i", "Polars / models of the same tables"),
            ("h", "b", "Polars / all models"),
            ("e", "a", "one more day / full build, both with tests"),
        ):
            over, under = self._seconds(upper), self._seconds(lower)
            if over and under:
                yield f"- {text}: ({upper}) / ({lower}) = {over / under:.3g}"
        days = [result.seconds for result in self.results if result.part == "f"]
        if days:
            yield (
                f"- {len(days)} more days: the first {days[0]:.1f} s, the last "
                f"{days[-1]:.1f} s, the slowest {max(days):.1f} s"
            )

    def _dashboard_lines(self) -> Iterator[str]:
        if not self.timings:
            return
        yield ""
        yield "| (g) dashboard query | p50, ms | p95, ms |"
        yield "|---|---:|---:|"
        for timing in (*self.timings, dashboards.overall(self.timings)):
            yield f"| {timing.name} | {timing.p50:.1f} | {timing.p95:.1f} |"
        yield ""


def machine() -> str:
    """Processor, cores, memory, system."""
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpu.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}"
    )


def versions() -> str:
    """What was measured with."""
    packages = ("duckdb", "dbt-core", "dbt-duckdb", "polars")
    found = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"Python {platform.python_version()}, {found}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all was equal."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmark",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--memory-limit",
        default=os.environ.get("CX_MEMORY_LIMIT") or "8GB",
        help="of DuckDB (CX_MEMORY_LIMIT, or 8GB)",
    )
    parser.add_argument("--directory", type=Path, help="where to work, and stay")
    parser.add_argument("--only", default=PARTS, help="parts, as in b,c (all)")
    parser.add_argument("--keep", action="store_true", help="leave what was built")
    parser.add_argument("--output", type=Path, help="add the report to this file")
    given = parser.parse_args(arguments)
    parts = given.only.replace(",", "")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    directory = given.directory or Path(tempfile.mkdtemp(prefix="cx_benchmark_"))
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(directory, Plan(given.rows), parts, given.memory_limit)
    command = ["python", "-m", "tests.benchmark", "--rows", str(given.rows)]
    if parts != PARTS:
        command += ["--only", given.only]
    command += ["--memory-limit", given.memory_limit]
    try:
        benchmark.run()
        report = (
            f"{benchmark.report()}\n\n"
            f"Machine: {machine()}.\nVersions: {versions()}.\n"
            f"Command: `{shlex.join(command)}`, {time.strftime('%Y-%m-%d')}.\n"
        )
        say(f"\n{report}")
        if given.output:
            with given.output.open("a", encoding="utf-8") as stream:
                stream.write(f"{report}\n")
    except PartError as error:
        say(str(error))
        return 1
    finally:
        if not (given.keep or given.directory):
            shutil.rmtree(directory, ignore_errors=True)
    return 1 if any(not check.endswith(": equal") for check in benchmark.checks) else 0
