"""Share histories and kills among processes, and tell how it goes."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty
from time import monotonic

from tests.harness import PROJECT_ROOT
from tests.torture.builds import BuildServer, scratch_directory
from tests.torture.histories import Journal, run_histories
from tests.torture.kills import Kill, run_kills

FAILURES = PROJECT_ROOT / "target" / "torture"


@dataclass(frozen=True)
class Message:
    """What a worker tells: a history or a kill is over, or the worker is."""

    kind: str
    worker: int
    builds: int = 0
    text: str = ""
    difference: str = ""


@dataclass
class Totals:
    """What all workers came to."""

    histories: int
    kills: int
    started: float = field(default_factory=monotonic)
    builds: int = 0
    done: dict[str, int] = field(default_factory=lambda: {"history": 0, "kill": 0})
    failed: dict[str, int] = field(default_factory=lambda: {"history": 0, "kill": 0})
    crashes: int = 0

    def add(self, message: Message) -> None:
        """Count a message and print a line."""
        if message.kind == "crash":
            self.crashes += 1
            print(f"worker {message.worker} gave up:\n{message.text}", flush=True)
            return
        self.done[message.kind] += 1
        self.builds += message.builds
        self.failed[message.kind] += bool(message.difference)
        elapsed = timedelta(seconds=int(monotonic() - self.started))
        print(
            f"[{elapsed}] {self.done['history']}/{self.histories} histories, "
            f"{self.builds} builds, {self.failed['history']} differences; "
            f"{self.done['kill']}/{self.kills} kills, {self.failed['kill']} differences"
            f" ({message.text})",
            flush=True,
        )
        if message.difference:
            print(f"DIFFERENCE {message.difference}", flush=True)

    @property
    def is_clean(self) -> bool:
        """Whether everything ran and nothing differed."""
        return (
            not (self.crashes or any(self.failed.values()))
            and self.done["history"] >= self.histories
            and self.done["kill"] >= self.kills
        )


def work(
    worker: int,
    seed: int,
    histories: int,
    kills: int,
    kill_rows: int,
    queue: multiprocessing.Queue[Message],
) -> None:
    """Run a worker's share; everything goes to the queue."""
    signal.signal(signal.SIGTERM, _leave)
    scratch = scratch_directory()
    try:
        with BuildServer(scratch) as server:
            journal = Journal(FAILURES, prefix=f"{seed}_")
            journal.report = lambda world, difference: queue.put(
                Message(
                    "history",
                    worker,
                    world.build_count,
                    f"worker {worker}: {len(world.notes)} steps",
                    difference,
                )
            )
            run_histories(
                histories,
                first_seed=seed,
                directory=scratch / "history",
                server=server,
                journal=journal,
            )

            def report_kill(kill: Kill) -> None:
                text = f"worker {worker}: {kill.text}"
                queue.put(Message("kill", worker, 0, text, kill.difference))

            if kills:
                run_kills(
                    kills,
                    seed=seed,
                    directory=scratch / "kills",
                    server=server,
                    report=report_kill,
                    rows=kill_rows,
                )
    except Exception:
        queue.put(Message("crash", worker, text=traceback.format_exc()))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _leave(*_: object) -> None:
    """End in good order when told to: what was started ends too."""
    raise SystemExit(1)


def torture(
    *, histories: int, kills: int, workers: int, seed: int, kill_rows: int
) -> int:
    """Share the work among processes and print how it goes; returns the exit code."""
    print(f"seed {seed}, {workers} workers", flush=True)
    signal.signal(signal.SIGTERM, _leave)
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Message] = context.Queue()
    processes = [
        context.Process(
            target=work,
            args=(
                worker,
                seed + 1_000_000 * worker,
                len(range(worker, histories, workers)),
                len(range(worker, kills, workers)),
                kill_rows,
                queue,
            ),
        )
        for worker in range(workers)
    ]
    totals = Totals(histories, kills)
    try:
        for process in processes:
            process.start()
        while any(process.is_alive() for process in processes) or not queue.empty():
            with suppress(Empty):
                totals.add(queue.get(timeout=1))
    finally:
        for process in processes:
            process.terminate()
    print(
        f"{totals.done['history']} histories, {totals.builds} builds, "
        f"{totals.failed['history']} differences; {totals.done['kill']} kills, "
        f"{totals.failed['kill']} differences"
    )
    return int(not totals.is_clean)
