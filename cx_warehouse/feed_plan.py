"""What a run has to do about the files of the feed: read, read again, withdraw.

The truth is the files that lie in the feed's folder. The warehouse remembers each file
that it has read, with a version: its size, the times of its last change of content and
of name or rights, and its place on the disk. A file of another version is read again; a
file that went is withdrawn. Only new and changed files are opened.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from cx_warehouse.feed import find_feed_files

PROJECT_ROOT = Path(__file__).parent.parent

# What decides how a row is judged; another text of it judges every row again.
JUDGING_CODE = ("macros", "models/staging", "models/intermediate")
# What stands there too and judges no row: it works on what was judged.
OTHER_CODE = (
    "macros/engines",
    "macros/periods",
    "macros/restatements",
    "macros/tests",
    "models/intermediate/restatements",
    "models/intermediate/scores",
)

# A file written while it is looked at could change once more within the same tick of
# the file system's clock; so much older must its last change be.
_SETTLED_SECONDS = 0.05


@dataclass(frozen=True)
class FeedPlan:
    """The files of the feed against those that the warehouse holds, if it `holds` any.

    All are paths below the feed's folder. `versions` has every file that lies there;
    `new`, `changed` and `removed` are the differences. `rebuilds` says that the
    warehouse starts from nothing, so that every file counts as new.
    """

    holds: bool
    rebuilds: bool
    versions: dict[str, str]
    new: list[str]
    changed: list[str]
    removed: list[str]

    @property
    def to_read(self) -> list[str]:
        """The files that must be read."""
        return sorted([*self.new, *self.changed])

    def as_json(self) -> str:
        """The plan as text, for the macro `feed_plan`."""
        return json.dumps(asdict(self))


def plan_feed(
    directory: Path, held: Mapping[str, str] | None, *, rebuilds: bool
) -> FeedPlan:
    """Compare the feed's files with those that the warehouse holds.

    `held` maps a file to the version that was read; None without a warehouse. Raises
    FeedError for a folder without a feed.
    """
    versions = {
        path.relative_to(directory).as_posix(): file_version(path)
        for path in find_feed_files(directory)
    }
    holds = held is not None
    held = held or {}
    rebuilds = rebuilds or not holds
    if rebuilds:
        new, changed = list(versions), []
    else:
        new = [name for name in versions if name not in held]
        changed = [
            name
            for name, version in versions.items()
            if held.get(name, version) != version
        ]
    removed = [name for name in held if name not in versions]
    return FeedPlan(holds, rebuilds, versions, new, changed, removed)


def file_version(path: Path) -> str:
    """A text that is another one once the file is written, replaced or touched."""
    status = path.stat()
    while 0 <= time.time() - status.st_ctime < _SETTLED_SECONDS:
        time.sleep(_SETTLED_SECONDS)
        status = path.stat()
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


def held_files(connection: duckdb.DuckDBPyConnection) -> dict[str, str] | None:
    """The files that the warehouse holds, with their versions.

    None without a warehouse, and for one of before files were remembered.
    """
    columns = connection.execute(
        "select table_name from duckdb_columns() where (table_name, column_name) in ("
        "('int_survey_answers_stored', 'feed_file'), ('int_feed_files', 'feed_file'), "
        "('int_answer_kinds', 'answer_kind_id')) "
        "and schema_name = 'intermediate' and database_name = current_database()"
    ).fetchall()
    if len(columns) < 3:
        return None
    return dict(
        connection.execute(
            "select feed_file, file_version from intermediate.int_feed_files"
        ).fetchall()
    )


def judging_code() -> str:
    """A fingerprint of the code and the engine that judge an answer."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for folder in JUDGING_CODE:
        for path in sorted((PROJECT_ROOT / folder).rglob("*.sql")):
            name = path.relative_to(PROJECT_ROOT).as_posix()
            if not name.startswith(tuple(f"{other}/" for other in OTHER_CODE)):
                digest.update(name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
