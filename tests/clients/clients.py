"""Read what is published with the clients that BI tools have, and compare.

    python -m tests.clients --oldest PYTHON --newer PYTHON

compares all that each client reads of the published files, value for value and type for
type, with the marts of the warehouse that they were published from. `make clients`
makes the two environments: the oldest DuckDB that reads the files, and a newer one with
SQLAlchemy and Arrow.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.publication import UNPUBLISHED_COLUMNS, published_directory
from cx_warehouse.warehouse import warehouse_path
from tests.clients.client import digest

SCRIPT = Path(__file__).with_name("client.py")
DUCKDB = ("duckdb", "attached_duckdb", "duckdb_on_parquet")
NEWER = (*DUCKDB, "sqlalchemy", "pyarrow")

Digests = dict[str, list[Any]]


class ClientError(Exception):
    """A client could not read, or there is nothing to compare with."""


def expected(warehouse: Path, directory: Path) -> Digests:
    """What is to be read of each mart, from the warehouse.

    Raises ClientError when something else than its last build is published.
    """
    link = directory / "cx_serving.duckdb"
    with duckdb.connect(link, read_only=True) as connection:
        ((published,),) = connection.execute(
            "select dbt_invocation_id from marts.publication"
        ).fetchall()
    with duckdb.connect(warehouse, read_only=True) as connection:
        relations = connection.execute(
            "select relation_name from intermediate.int_builds_passed"
            " where invocation_id = ? order by relation_name",
            [published],
        ).fetchall()
        if not relations:
            raise ClientError(
                f"what is published in {directory} is not the last build of "
                f"{warehouse}: `make build` first."
            )
        return {
            name: digest(connection.execute(_mart_query(name)).fetchall())
            for (name,) in relations
        }


def _mart_query(name: str) -> str:
    unpublished = UNPUBLISHED_COLUMNS.get(name)
    left_out = f" exclude ({', '.join(unpublished)})" if unpublished else ""
    return f"select *{left_out} from marts.{name}"


def read_by(
    client: str, python: str, directory: Path, relations: Sequence[str]
) -> Digests:
    """What a client reads, in its own environment. Raises ClientError if it cannot."""
    done = subprocess.run(
        [python, SCRIPT, client, directory, *relations],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ClientError(f"{client} of {python} failed:\n{done.stderr[-2000:]}")
    found: Digests = json.loads(done.stdout)
    return found


def differences(found: Digests, wanted: Digests) -> Iterator[str]:
    """The relations of which a client reads something else."""
    for name, value in wanted.items():
        if found[name] != value:
            yield f"{name} ({found[name][0]:,} rows instead of {value[0]:,})"


def version_of(python: str) -> str:
    """The version of DuckDB in an environment."""
    code = "import duckdb; print(duckdb.__version__)"
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Let every client read and print what came of it; 1 when one reads otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.clients",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--oldest", required=True, help="Python with the oldest DuckDB")
    parser.add_argument("--newer", required=True, help="Python with the other clients")
    given = parser.parse_args(arguments)
    directory = published_directory(None)
    failed = False
    try:
        wanted = expected(warehouse_path(None), directory)
        for python, clients in ((given.oldest, DUCKDB), (given.newer, NEWER)):
            version = version_of(python)
            for client in clients:
                found = read_by(client, python, directory, list(wanted))
                differing = list(differences(found, wanted))
                failed = failed or bool(differing)
                print(
                    f"DuckDB {version}, {client}:",
                    ", ".join(differing) or f"all {len(wanted)} marts are the same",
                )
    except (ClientError, duckdb.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return int(failed)
