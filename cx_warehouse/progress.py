"""Long work shows that it lives: which model, how far, for how long.

DuckDB knows how far each of its queries is. A thread looks every few seconds and writes
a line on standard error for each step that goes on for long.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

# Steps shorter than this are not worth a line.
SECONDS_BETWEEN_LINES = 10.0


@dataclass
class ProgressTeller:
    """Watches cursors of DuckDB and writes how far their queries are.

    `CX_PROGRESS_SECONDS` sets the time between two lines; 0 keeps it silent.
    """

    warehouse: Path
    seconds: float = field(
        default_factory=lambda: float(
            os.environ.get("CX_PROGRESS_SECONDS") or SECONDS_BETWEEN_LINES
        )
    )

    def __post_init__(self) -> None:
        self._watched: dict[int, tuple[weakref.ref[Any], str, float]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, cursor: Any, step: str) -> None:
        """Watch the cursor of a step, in place of the thread's former one."""
        if self.seconds <= 0:
            return
        cursor.execute("set enable_progress_bar = true")
        cursor.execute("set enable_progress_bar_print = false")
        with self._lock:
            thread = threading.get_ident()
            self._watched[thread] = (weakref.ref(cursor), step, time.monotonic())
        if self._thread is None:
            self._thread = threading.Thread(target=self._tell_for_ever, daemon=True)
            self._thread.start()

    def lines(self, now: float) -> list[str]:
        """A line for each watched step that has run for long at the moment `now`."""
        with self._lock:
            watched = list(self._watched.values())
        lines = []
        for reference, step, start in watched:
            cursor = reference()
            if cursor is None or now - start < self.seconds:
                continue
            try:
                percent = cursor.query_progress()
            except duckdb.Error:  # it is closed: the step is over
                continue
            # For some queries DuckDB cannot say; the file grows all the same.
            how_far = f"{percent:.0f} %" if percent > 0 else "at work"
            lines.append(
                f"  {step}: {how_far} after {now - start:.0f} s, "
                f"warehouse {self.warehouse.stat().st_size / 1e9:.2f} GB"
            )
        return lines

    def _tell_for_ever(self) -> None:
        while True:
            time.sleep(self.seconds)
            for line in self.lines(time.monotonic()):
                print(line, file=sys.stderr, flush=True)
