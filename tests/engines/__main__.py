"""Build the same feeds on every engine and compare every mart with DuckDB's.

    python -m tests.engines [postgres] [spark] [--feeds 1] [--seed 1]

Starts the servers on loopback, builds the sample with all data tests, random hostile
feeds in three incremental steps each, and says what differs. Exit code 1 if anything
does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.engines.engines import SERVERS, Comparison
from tests.engines.feeds import History, hostile_steps, sample_step


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, compare, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.engines", description=__doc__
    )
    parser.add_argument("engines", nargs="*", metavar="engine", help="postgres, spark")
    parser.add_argument("--feeds", type=int, default=1, help="hostile feeds, default 1")
    parser.add_argument("--seed", type=int, default=1, help="of the first feed")
    parser.add_argument("--rows", type=int, default=1500, help="of a hostile feed")
    parser.add_argument("--no-sample", action="store_true")
    options = parser.parse_args(arguments)
    failures = 0
    for engine in options.engines or list(SERVERS):
        start = time.monotonic()
        with SERVERS[engine]() as server:
            print(f"{engine}: ready after {time.monotonic() - start:.0f} s", flush=True)
            histories: list[tuple[str, History]] = []
            if not options.no_sample:
                histories.append(("sample", sample_step))
            histories += [
                (f"feed {seed}", hostile_steps(seed, options.rows))
                for seed in range(options.seed, options.seed + options.feeds)
            ]
            for name, history in histories:
                with tempfile.TemporaryDirectory(prefix="cx_engines_") as directory:
                    comparison = Comparison(server, Path(directory))
                    for result in comparison.play(history):
                        print(f"{engine}: {name}, {result.line()}", flush=True)
                        for line in result.differences:
                            print(f"  {line}", flush=True)
                        failures += bool(result.differences)
    print(f"{failures} difference(s)" if failures else "every mart is equal")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
