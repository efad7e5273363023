"""The commands: `python -m cx_warehouse COMMAND ...`."""

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from cx_warehouse import (
    definitions,
    erasure,
    expectations,
    load,
    page,
    publication,
    report,
    sample,
    spark_cluster,
    unpivot,
)
from cx_warehouse.errors import UserError

# Each module has `add_parser(subparsers)`, which sets `run`: (arguments) -> exit code.
COMMANDS: tuple[ModuleType, ...] = (
    definitions,
    sample,
    unpivot,
    load,
    spark_cluster,
    expectations,
    publication,
    report,
    page,
    erasure,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    `arguments` are the words after the program's name, by default those of the
    process. A `UserError` becomes one sentence on stderr and exit code 2.
    """
    parser = argparse.ArgumentParser(
        prog="python -m cx_warehouse",
        description="Command-line companions of the cx_warehouse dbt project.",
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    options = parser.parse_args(arguments)
    try:
        exit_code: int = options.run(options)
        sys.stdout.flush()
        return exit_code
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (`| head`) has gone; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
