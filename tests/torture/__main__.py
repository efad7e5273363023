"""Torture the warehouse: histories and kills, each held to one full build.

    python -m tests.torture [--histories 500] [--kills 50] [--workers 2] [--seed N]
    python -m tests.torture --replay target/torture/history_1.json [--shrink]

Ends with the numbers, and with exit code 1 when there was a difference. What failed is
written to target/torture: the operations as JSON and what happened as text.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.torture.builds import BuildServer, scratch_directory
from tests.torture.histories import shrink
from tests.torture.workers import torture
from tests.torture.world import as_text, play


def replay(path: Path, *, shrinks: bool) -> int:
    """Play a history from its file; returns the exit code."""
    operations: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    scratch = scratch_directory()
    try:
        with BuildServer(scratch) as server:
            difference, notes = play(operations, scratch / "history", server)
            if difference and shrinks:
                operations = shrink(operations, scratch / "history", server, print)
                difference, notes = play(operations, scratch / "history", server)
                path.with_suffix(".shrunk.json").write_text(
                    as_text(operations), "utf-8"
                )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("\n".join(notes))
    print(f"DIFFERENCE {difference}" if difference else "no difference")
    return int(bool(difference))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, run, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture", description=__doc__
    )
    parser.add_argument("--histories", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--kill-rows", type=int, default=200_000)
    parser.add_argument("--replay", type=Path, metavar="FILE")
    parser.add_argument("--shrink", action="store_true")
    options = parser.parse_args(arguments)
    if options.replay:
        return replay(options.replay, shrinks=options.shrink)
    return torture(
        histories=options.histories,
        kills=options.kills,
        workers=options.workers,
        seed=options.seed,
        kill_rows=options.kill_rows,
    )


if __name__ == "__main__":
    sys.exit(main())
