"""Publish the marts on PostgreSQL: from the schema `marts` to the schema `published`.

Readers never see what a build writes. After one that passed, the tables of `published`
are brought to the same rows, in one transaction and by deletes and inserts alone: no
reader waits, and one statement, or one transaction that is `repeatable read`, sees the
old marts or the new ones. Tables stay the same ones, so that grants, and views that
somebody made on them, stay too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cx_warehouse.errors import UserError
from cx_warehouse.load import postgres_connection
from cx_warehouse.warehouse import print_lines

BUILT = "marts"
PUBLISHED = "published"
# The table that says what is published, beside the marts.
PUBLICATION = "publication"
REPORTER = "reporter"

_STAYS = "What was published stays."


@dataclass(frozen=True)
class Publication:
    """What was published: marts, how many rows they have, and how many are new."""

    marts: tuple[str, ...]
    row_count: int
    new_row_count: int
    # Who may read it; None when there is no such role.
    reporter: str | None


def run(personal_columns: Sequence[str]) -> int:
    """Publish, and say what was published.

    Raises UserError when nothing can be published.
    """
    started = time.perf_counter()
    publication = publish(personal_columns)
    lines = [
        f"Published {len(publication.marts)} marts, {publication.row_count:,} rows of "
        f"which {publication.new_row_count:,} are new or changed, in "
        f"{time.perf_counter() - started:.2f} s: schema {PUBLISHED}"
    ]
    if not publication.reporter:
        lines.append(
            f"Nobody but the owner can read them: there is no role {_reporter()} "
            "(docs/servers.md says how to make one)."
        )
    print_lines(lines)
    return 0


def publish(personal_columns: Sequence[str]) -> Publication:
    """Bring the published tables to the public marts of the last build.

    Raises UserError, and leaves what is published as it is, when that build was no
    whole one that passed, a public mart has one of the columns that tell persons, or
    somebody else's view stands on a mart whose columns changed.
    """
    import psycopg2

    with postgres_connection() as connection:
        cursor = connection.cursor()
        invocation_id, marts = _passed_build(cursor)
        _check_persons(cursor, marts, personal_columns)
        cursor.execute(f"create schema if not exists {PUBLISHED}")
        try:
            for table in _published_tables(cursor) - {*marts, PUBLICATION}:
                cursor.execute(f"drop table {PUBLISHED}.{_quoted(table)}")
            changes = [_refill(cursor, mart) for mart in marts]
        except psycopg2.errors.DependentObjectsStillExist as error:
            raise UserError(
                "nothing is published: a published mart changed its columns or is no "
                "longer public, and something else stands on it. "
                f"{str(error.diag.message_detail).splitlines()[0]}: drop it, publish, "
                f"and make it again. {_STAYS}"
            ) from error
        _describe(cursor, invocation_id)
        reporter = _grant(cursor, [*marts, PUBLICATION])
        connection.commit()
    return Publication(
        marts,
        sum(row_count for row_count, _ in changes),
        sum(new_count for _, new_count in changes),
        reporter,
    )


def _passed_build(cursor: Any) -> tuple[str, tuple[str, ...]]:
    """The id of the build that passed, and its public marts.

    No build begins to write, and nobody else publishes, until the transaction ends.
    Raises UserError when the last run was no whole build that passed.
    """
    passed = "intermediate.int_builds_passed"
    cursor.execute("select to_regclass(%s)", [passed])
    rows = []
    if cursor.fetchone() != (None,):
        # A run that writes empties this table first: it waits here.
        cursor.execute(f"lock table {passed} in share row exclusive mode")
        cursor.execute(
            f"select invocation_id, relation_name from {passed} order by relation_name"
        )
        rows = cursor.fetchall()
    if not rows:
        raise UserError(
            "nothing is published: the last run of dbt on this database was no whole "
            f"`dbt build` of which every test passed. {_STAYS}"
        )
    return rows[0][0], tuple(name for _, name in rows)


def _check_persons(
    cursor: Any, marts: Sequence[str], personal_columns: Sequence[str]
) -> None:
    cursor.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = %s and table_name = any(%s) and column_name = any(%s)"
        " order by table_name, column_name",
        [BUILT, [*marts], [*personal_columns]],
    )
    for mart, column in cursor.fetchall():
        raise UserError(
            f"nothing is published: {BUILT}.{mart} is public and has the column "
            f"{column}, which tells persons. Give the model `access: protected`, as "
            f"dbt_project.yml does for others. {_STAYS}"
        )


def _published_tables(cursor: Any) -> set[str]:
    cursor.execute("select tablename from pg_tables where schemaname = %s", [PUBLISHED])
    return {name for (name,) in cursor.fetchall()}


def _refill(cursor: Any, mart: str) -> tuple[int, int]:
    """Bring a published table to the rows of its mart: how many there are, and are new.

    Rows that are the same stay untouched, so that an hourly publication writes what
    changed. Only a mart whose columns or indexes are other ones is made anew.
    """
    built, published = f"{BUILT}.{_quoted(mart)}", f"{PUBLISHED}.{_quoted(mart)}"
    if mart in _published_tables(cursor) and (
        _shape(cursor, built) != _shape(cursor, published)
    ):
        cursor.execute(f"drop table {published}")
    cursor.execute(
        f"create table if not exists {published} (like {built} including all)"
    )
    cursor.execute(
        f"delete from {published} as held where not exists"
        f" (select from {built} as fresh where fresh::record = held::record)"
    )
    gone = cursor.rowcount
    cursor.execute(
        f"insert into {published} select fresh.* from {built} as fresh where not exists"
        f" (select from {published} as held where held::record = fresh::record)"
    )
    new = cursor.rowcount
    if gone or new:
        cursor.execute(f"analyze {published}")
    cursor.execute(
        f"select (select count(*) from {built}), (select count(*) from {published})"
    )
    built_count, published_count = cursor.fetchone()
    if built_count != published_count:
        raise RuntimeError(f"{mart} would be published with {published_count} rows")
    return published_count, new


def _shape(cursor: Any, table: str) -> list[tuple[str, ...]]:
    """The columns of a table in their order, with types, and its indexes."""
    cursor.execute(
        "select attname, format_type(atttypid, atttypmod), attnotnull::text"
        " from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " order by attnum",
        [table],
    )
    columns = cursor.fetchall()
    cursor.execute(
        "select regexp_replace(pg_get_indexdef(indexrelid), ' INDEX .* USING ', ' ')"
        " as definition from pg_index where indrelid = %s::regclass"
        " order by definition",
        [table],
    )
    return [*columns, *cursor.fetchall()]


def _describe(cursor: Any, invocation_id: str) -> None:
    """Say in the table `publication`, one row, what is published."""
    table = f"{PUBLISHED}.{PUBLICATION}"
    cursor.execute(
        f"create table if not exists {table} (version text, published_at timestamp,"
        " as_of timestamp, dbt_invocation_id text)"
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    cursor.execute(f"delete from {table}")
    cursor.execute(
        f"insert into {table} select %s, %s, clock_at, %s from intermediate.int_clock",
        [f"{now:%Y%m%dT%H%M%S%f}Z", now, invocation_id],
    )


def _grant(cursor: Any, tables: Sequence[str]) -> str | None:
    """Let the role of readers, if there is one, read the published tables; its name."""
    reporter = _reporter()
    cursor.execute("select from pg_roles where rolname = %s", [reporter])
    if not cursor.rowcount:
        return None
    listed = ", ".join(f"{PUBLISHED}.{_quoted(table)}" for table in tables)
    cursor.execute(f"grant usage on schema {PUBLISHED} to {_quoted(reporter)}")
    cursor.execute(f"grant select on {listed} to {_quoted(reporter)}")
    return reporter


def _reporter() -> str:
    return os.environ.get("CX_POSTGRES_REPORTER") or REPORTER


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
