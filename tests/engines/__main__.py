"""Build the same feeds on every engine and compare every mart with DuckDB's.

    python -m tests.engines [postgres] [spark] [--feeds 1] [--seed 1] [--tests]

Starts the servers on loopback, builds the sample and random hostile feeds, each of
these in three incremental steps, and says what differs. Exit code 1 if anything does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from cx_warehouse.errors import UserError
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
    parser.add_argument(
        "--tests", action="store_true", help="the sample with every data test"
    )
    parser.add_argument("--no-sample", action="store_true")
    options = parser.parse_args(arguments)
    histories: list[tuple[str, History]] = [
        (f"feed {seed}", hostile_steps(seed, options.rows))
        for seed in range(options.seed, options.seed + options.feeds)
    ]
    if not options.no_sample:
        histories.insert(0, ("sample", partial(sample_step, with_tests=options.tests)))
    failures = 0
    start = time.monotonic()
    with ExitStack() as stack:
        try:
            servers = [
                stack.enter_context(SERVERS[engine]())
                for engine in options.engines or SERVERS
            ]
        except (UserError, RuntimeError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
        print(f"servers ready after {time.monotonic() - start:.0f} s", flush=True)
        for name, history in histories:
            with tempfile.TemporaryDirectory(prefix="cx_engines_") as directory:
                for result in Comparison(servers, Path(directory)).play(history):
                    print(f"{name}, {result.line()}", flush=True)
                    for line in result.differences:
                        print(f"  {line}", flush=True)
                    failures += bool(result.differences)
    print(
        f"{f'{failures} DIFFERENT' if failures else 'every mart is equal'}, "
        f"{time.monotonic() - start:.0f} s in all"
    )
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
