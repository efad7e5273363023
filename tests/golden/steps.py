"""The golden feed delivered in steps: files come, change and go, rules and clock move.

Whatever happened on the way, the marts at the end are the golden ones.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.golden.golden import DEFINITIONS, VARIABLES

# Before most of the feed's answers, and after the one that is from the future.
EARLY_CLOCK = {"as_of": "2025-06-01T00:00Z"}
LATE_CLOCK = {"as_of": "2199-01-01T00:00Z"}


class GoldenSteps:
    """A history of the golden feed in a copy of the project.

    `root` is the copy, whose definition seeds are changed and put back, `golden_feed`
    the folder with the feed as it is at the end.
    """

    def __init__(self, root: Path, golden_feed: Path) -> None:
        self.seeds = root / "seeds" / "definitions"
        self.golden = golden_feed / "survey_answers"
        self.feed = golden_feed.with_name(f"{golden_feed.name}_in_steps")
        shutil.rmtree(self.feed, ignore_errors=True)
        self.files = self.feed / "survey_answers"
        self.files.mkdir(parents=True)

    def play(self) -> Iterator[dict[str, Any]]:
        """Prepare one step after the other; each gives the vars of its build."""
        self._deliver("helpdesk.csv.gz", "nothing.csv")
        self._change_definitions()
        yield VARIABLES | EARLY_CLOCK

        # Other definitions, a file twice, a file with half of its rows.
        self._restore_definitions()
        self._deliver("app.csv")
        shutil.copy(self.golden / "store.parquet", self.files / "again.parquet")
        lines = (self.files / "app.csv").read_bytes().splitlines(keepends=True)
        (self.files / "app.csv").write_bytes(lines[0])
        yield VARIABLES | LATE_CLOCK

        # The rest comes, the second copy goes, and the clock stands where it should.
        self._deliver("app.csv", "store.parquet")
        (self.files / "again.parquet").unlink()
        yield VARIABLES

        # Nothing new: nothing may move.
        yield VARIABLES

    def _deliver(self, *names: str) -> None:
        for name in names:
            shutil.copy(self.golden / name, self.files)

    def _change_definitions(self) -> None:
        """Judge by other rules: no exclusion, a label less, a blank code less."""
        self._rewrite("excluded_responses.csv", lambda rows: [])
        self._rewrite("answer_labels.csv", lambda rows: rows[1:])
        self._rewrite(
            "rating_scales.csv",
            lambda rows: [row | {"blank_codes": ""} for row in rows],
        )

    def _rewrite(self, name: str, change: Any) -> None:
        with (self.seeds / name).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = change(list(reader))
        with (self.seeds / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, reader.fieldnames or [])
            writer.writeheader()
            writer.writerows(rows)

    def _restore_definitions(self) -> None:
        for path in DEFINITIONS.iterdir():
            shutil.copy(path, self.seeds)
