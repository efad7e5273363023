"""Render the models for a warehouse that cannot be reached, and hold them to account.

    python -m tests.renders [WAREHOUSE ...]

compiles the project offline with an invented login, parses every model in the dialect
of the warehouse, looks for functions that it has not and for words that it reserves,
translates the model to DuckDB (sqlglot), runs it there on the sample, and compares the
marts with those of the project's own build. The macros' tables of cases (tests/macros)
are run in the same way. Exit code 1 if anything differs. Nothing of it says that the
warehouse itself was asked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from cx_warehouse.definitions import DEFINITIONS_DIRECTORY, SEED_COLUMNS
from cx_warehouse.feed import SAMPLE_DIRECTORY, feed_sql
from cx_warehouse.load import definition_sql
from tests.engines.compare import mart_differences, mart_row_counts
from tests.harness import Project
from tests.renders.dialects import faults, translated
from tests.renders.warehouses import WAREHOUSES

SCHEMAS = ("raw", "definitions", "staging", "intermediate", "marts", "reports")
CASES = "tests/macros"
# A CTE of cases: its name, its columns, its values.
CASE_VALUES = re.compile(
    r"^(\w+) \(([^()]*)\) as \(\s+values\s(.*?)\n\n\),?\s*", re.MULTILINE | re.DOTALL
)
VARIABLES = {"as_of": "2026-01-20T00:00:00Z"}

# It is made from a ledger that the hooks of other models fill: no query of its own says
# what is in it, and compiling renders queries.
NOT_COMPARED = "fct_score_restatements"


def compile_models(project: Project, warehouse: str) -> Path:
    """Render the project for a warehouse, without a connection; where it lies.

    Raises RuntimeError with what dbt says when it fails.
    """
    target = project.root / f"target_{warehouse}"
    # JSON is YAML, too.
    target.mkdir()
    (target / "profiles.yml").write_text(
        json.dumps(
            {
                "cx_warehouse": {
                    "target": warehouse,
                    "outputs": {warehouse: WAREHOUSES[warehouse].login},
                }
            }
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "dbt"), "--quiet", "compile"),
            *("--no-introspect", "--no-populate-cache", "--target", warehouse),
            *("--profiles-dir", str(target), "--target-path", str(target)),
            *("--vars", json.dumps(VARIABLES)),
        ],
        cwd=project.root,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-1000:])
    return target


def models_in_order(target: Path) -> Iterator[dict[str, Any]]:
    """The models of a compiled project, each behind those that it reads."""
    nodes = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"]
    graph = {
        name: node["depends_on"]["nodes"]
        for name, node in nodes.items()
        if node["resource_type"] == "model"
    }
    for name in TopologicalSorter(graph).static_order():
        if name in graph:
            yield nodes[name]


def build(connection: duckdb.DuckDBPyConnection, target: Path, warehouse: str) -> int:
    """Make the raw tables, the definitions and every model; how many models."""
    connection.execute("set TimeZone = 'UTC'")
    for statement in WAREHOUSES[warehouse].stand_ins:
        connection.execute(statement)
    for schema in SCHEMAS:
        connection.execute(f"create schema {schema}")
    connection.execute(
        f"create table raw.survey_answers as from ({feed_sql(SAMPLE_DIRECTORY)})"
    )
    for seed in SEED_COLUMNS:
        connection.execute(
            f"create table definitions.{seed} as"
            f" {definition_sql(DEFINITIONS_DIRECTORY, seed)}"
        )
    count = 0
    for node in models_in_order(target):
        path = target / "compiled" / "cx_warehouse" / node["original_file_path"]
        rendered = path.read_text("utf-8")
        if found := sorted(set(faults(rendered, warehouse))):
            raise RuntimeError(f"{node['name']}: {', '.join(found)}")
        sql = translated(rendered, warehouse)
        try:
            connection.execute(
                f"create table {node['schema']}.{node['alias']} as {sql}"
            )
        except duckdb.Error as error:
            raise RuntimeError(f"{node['name']}: {error}\n{sql[:20000]}") from error
        count += 1
    return count


def failed_cases(
    connection: duckdb.DuckDBPyConnection, target: Path, warehouse: str
) -> tuple[int, list[str]]:
    """How many tables of cases there are for macros, and which of them do not hold.

    The cases are values in the words of DuckDB: it keeps them, and what is made of them
    is translated.
    """
    paths = sorted((target / "compiled" / "cx_warehouse" / CASES).glob("*.sql"))
    failed = []
    for path in paths:
        sql = path.read_text("utf-8")
        for name, columns, values in CASE_VALUES.findall(sql):
            connection.execute(
                f"create or replace temp table {name} as"
                f" select * from (values {values}) as given ({columns})"
            )
        sql = re.sub(r"\bwith\s+(?=select)", "", CASE_VALUES.sub("", sql))
        if rows_of(connection, translated(sql, warehouse)):
            failed.append(path.name)
    return len(paths), failed


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return connection.execute(sql).fetchall()


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, build, compare, for each warehouse."""
    parser = argparse.ArgumentParser(prog="python -m tests.renders")
    parser.add_argument("warehouses", nargs="*", default=sorted(WAREHOUSES))
    given = parser.parse_args(arguments)
    failed = False
    with tempfile.TemporaryDirectory(prefix="cx_renders_") as name:
        project = Project(Path(name))
        project.build(SAMPLE_DIRECTORY, variables=VARIABLES)
        for warehouse in given.warehouses:
            target = compile_models(project, warehouse)
            with duckdb.connect() as connection:
                count = build(connection, target, warehouse)
                case_count, wrong = failed_cases(connection, target, warehouse)
                differences = [
                    line
                    for line in mart_differences(
                        project.warehouse,
                        partial(rows_of, connection),
                        limit=10_000_000,
                    )
                    if not line.startswith(f"marts.{NOT_COMPARED}:")
                ]
            rows = mart_row_counts(project.warehouse)
            del rows[NOT_COMPARED]
            print(
                f"{warehouse}: {count} models rendered, parsed, and run as DuckDB's; "
                f"{len(rows)} marts with {sum(rows.values()):,} rows "
                f"{'DIFFERENT' if differences else 'equal'}, "
                f"{NOT_COMPARED} not compared; "
                f"{case_count - len(wrong)} of {case_count} tables of cases hold"
            )
            for line in [*wrong, *differences[:20]]:
                print(f"  {line}")
            failed = failed or bool(differences or wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
