"""A reader of what is published, as a BI tool is one: it reads again and again.

    python reader.py FOLDER STOP_FILE

reads until there is a stop file, then once more, and prints as JSON how often it read,
what it found wrong, and the versions that it saw. It needs nothing but duckdb, of any
version from 1.4 on, and is run as a script.

Whoever publishes sees to it that the day of `as_of` tells how many answers there are:
100 for each day since 2026-01-01.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

LOOKS_OF_A_HELD_CONNECTION = 25


class Reader:
    """Reads through the links, and keeps account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reads = 0
        self.errors: list[str] = []
        self.torn: list[str] = []
        self.stale: list[str] = []
        self.versions: list[str] = []
        self.held: Any = None
        self.held_version = ""

    def look(self) -> None:
        """One read of the file and of the snapshot, and one through an old connection.

        All that is read of a version belongs to it, and none is older than the last.
        """
        try:
            link = str(self.folder / "cx_serving.duckdb")
            connection = duckdb.connect(link, read_only=True)
            version = self.read(connection, "marts.{}")
            self.follow(version)
            if self.held is None or self.reads % LOOKS_OF_A_HELD_CONNECTION == 0:
                if self.held is not None:
                    self.held.close()
                self.held, self.held_version = connection, version
            else:
                connection.close()
            if self.read(self.held, "marts.{}") != self.held_version:
                self.torn.append(f"a connection on {self.held_version} went on")
            snapshot = (self.folder / "current").resolve(strict=True)
            with duckdb.connect() as memory:
                found = self.read(memory, f"'{snapshot}/{{}}.parquet'")
            if found != snapshot.name.split(".")[1]:
                self.torn.append(f"{found} in {snapshot.name}")
        except Exception as error:
            self.errors.append(repr(error))
        self.reads += 1

    def follow(self, version: str) -> None:
        """Remember a version; it is not older than the last."""
        if self.versions and version < self.versions[-1]:
            self.stale.append(f"{version} after {self.versions[-1]}")
        if version not in self.versions[-1:]:
            self.versions.append(version)

    def read(self, connection: Any, relation: str) -> str:
        """The version; its counts and scores are those of its day."""
        rows = connection.execute(
            f"select version, as_of from {relation.format('publication')}"
        ).fetchall()
        ((version, as_of),) = rows
        expected = 100 * (as_of - datetime(2026, 1, 1)).days
        for query in (
            "select sum(answer_count) from {}".format(
                relation.format("fct_score_counts_by_day")
            ),
            "select sum(response_count) from {} where period_grain = 'year'".format(
                relation.format("fct_csat_by_period")
            ),
        ):
            ((found,),) = connection.execute(query).fetchall()
            if found != expected:
                self.torn.append(f"{found} answers in {version}, not {expected}")
        return str(version)

    def report(self) -> str:
        """All that was found, as JSON."""
        return json.dumps(
            {
                "reads": self.reads,
                "errors": self.errors,
                "torn": self.torn,
                "stale": self.stale,
                "versions": self.versions,
            }
        )


def main(folder: Path, stop: Path) -> None:
    """Read until told to stop, and once more; whoever builds goes before."""
    os.nice(19)
    reader = Reader(folder)
    is_last = False
    while not is_last:
        is_last = stop.exists()
        reader.look()
        time.sleep(0.01)
    print(reader.report())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
