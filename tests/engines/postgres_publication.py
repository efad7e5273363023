"""On PostgreSQL readers see what is published, whole, and nothing else.

`python -m pytest tests/engines/postgres_publication.py` starts a server of its own on
loopback; without PostgreSQL every test fails with a sentence. The build role is no
superuser: it owns its database, and that is all.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from cx_warehouse.__main__ import main
from cx_warehouse.errors import UserError
from cx_warehouse.publication import PERSONAL_COLUMNS
from cx_warehouse.publish_postgres import publish
from tests.engines.postgres_server import postgres_server
from tests.harness import Project
from tests.publication.test_publication import listed_relations
from tests.publication.test_readers import DEFINITIONS, write_day

DATABASE = "survey_scores"
BUILDS = int(os.environ.get("CX_TEST_PUBLICATIONS") or 2)
READERS = 4

# What the public marts say about how many answers there are: each number is 100 for
# each day up to the clock.
COUNTS = {
    "counted": "select sum(answer_count) from published.fct_score_counts_by_day",
    "by question": "select sum(feed_count)"
    " from published.fct_answer_counts_by_question",
    "by day": "select sum(response_count) from published.fct_csat_by_period"
    " where period_grain = 'day'",
    "by touchpoint": "select sum(response_count)"
    " from published.fct_csat_by_touchpoint_period where period_grain = 'year'",
    "days": "select 100 * count(*) from published.dim_periods"
    " where period_grain = 'day'",
    "clock": "select 100 * (cast(as_of as date) - date '2026-01-01')"
    " from published.publication",
}


@dataclass
class Warehouse:
    """A database on the server, and the project that builds it."""

    project: Project
    feed: Path
    environment: dict[str, str]
    days: int = 0

    def connect(self, user: str) -> Any:
        """A connection of a user, each of whose statements is a transaction."""
        connection = psycopg2.connect(
            host=self.environment["CX_POSTGRES_HOST"],
            port=self.environment["CX_POSTGRES_PORT"],
            dbname=DATABASE,
            user=user,
        )
        connection.autocommit = True
        return connection

    def ask(self, sql: str, user: str = "builder") -> list[tuple[Any, ...]]:
        """The rows that a statement gives to a user; none of one without a result."""
        connection = self.connect(user)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def build_another_day(self) -> None:
        """A day more of answers, loaded, built and tested, not published."""
        day = date(2026, 1, 1) + timedelta(days=self.days)
        write_day(self.feed / "survey_answers", day)
        self.days += 1
        assert main(["load"]) == 0
        self.build()

    def build(self) -> None:
        """A whole build with its tests."""
        self.project.build(
            self.feed,
            variables={"as_of": str(date(2026, 1, 1) + timedelta(days=self.days))},
            environment=self.environment,
            tests=True,
        )

    def version(self) -> str:
        """What is published."""
        ((version,),) = self.ask("select version from published.publication")
        return str(version)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A database with the roles of docs/servers.md, and a day built and published."""
    directory = tmp_path_factory.mktemp("publication")
    feed = directory / "feed"
    (feed / "survey_answers").mkdir(parents=True)
    project = Project(directory)
    project.write_definitions(DEFINITIONS)
    server = postgres_server()
    try:
        environment = server.__enter__()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    with pytest.MonkeyPatch.context() as patch:
        try:
            administer(
                environment,
                "create role builder login",
                "create role reporter",
                "create role dashboard login in role reporter",
                f"create database {DATABASE} owner builder"
                " template template0 locale 'C' encoding 'UTF8'",
            )
            environment |= {
                "CX_POSTGRES_USER": "builder",
                "CX_POSTGRES_DATABASE": DATABASE,
            }
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setenv("CX_RAW_DIR", str(feed))
            patch.setenv("CX_WAREHOUSE_PATH", str(project.warehouse))
            patch.setattr(
                "cx_warehouse.load.DEFINITIONS_DIRECTORY",
                project.root / "seeds" / "definitions",
            )
            built = Warehouse(project, feed, environment)
            built.build_another_day()
            assert main(["publish"]) == 0
            yield built
        finally:
            server.__exit__(None, None, None)


def administer(environment: dict[str, str], *statements: str) -> None:
    """What an administrator does once."""
    connection = psycopg2.connect(
        host=environment["CX_POSTGRES_HOST"],
        port=environment["CX_POSTGRES_PORT"],
        dbname="postgres",
        user="cx_build",
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def relations(warehouse: Warehouse) -> list[str]:
    """All tables and views of the database but PostgreSQL's own."""
    return [
        name
        for (name,) in warehouse.ask(
            "select format('%I.%I', nspname, relname) from pg_class"
            " join pg_namespace on pg_namespace.oid = relnamespace"
            " where relkind in ('r', 'v', 'm', 'p', 'f') and nspname !~ '^pg_'"
            " and nspname <> 'information_schema' order by 1"
        )
    ]


def refusal(warehouse: Warehouse, sql: str) -> str | None:
    """The class of the error with which a dashboard's statement fails, if it does."""
    try:
        warehouse.ask(sql, user="dashboard")
    except psycopg2.Error as error:
        return type(error).__name__
    return None


def check_what_the_reporter_may(warehouse: Warehouse) -> None:
    public = {f"published.{name}" for name in listed_relations()}
    everything = relations(warehouse)
    assert public < set(everything)
    # What holds persons is among those that are tried.
    assert {
        *("raw.survey_answers", "staging.stg_raw__survey_answers"),
        *("intermediate.int_survey_answers_stored", "marts.fct_survey_answers"),
        *("marts.fct_unaccepted_answers", "marts.fct_csat_by_period"),
    } < set(everything)
    for name in everything:
        refused = refusal(warehouse, f"select * from {name} limit 1")
        assert refused == (None if name in public else "InsufficientPrivilege"), name


def test_reporter_reads_what_is_published_and_nothing_else(
    warehouse: Warehouse,
) -> None:
    check_what_the_reporter_may(warehouse)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from published.fct_csat_by_period",
        "insert into published.dim_touchpoints select * from published.dim_touchpoints",
        "update published.publication set version = ''",
        "truncate published.dim_periods",
        "drop table published.dim_periods",
        "create table published.mine (id int)",
        "create table marts.mine (id int)",
        "create table public.mine (id int)",
    ],
)
def test_reporter_changes_nothing(warehouse: Warehouse, statement: str) -> None:
    assert refusal(warehouse, statement) == "InsufficientPrivilege"


def test_no_published_column_tells_persons(warehouse: Warehouse) -> None:
    columns = warehouse.ask(
        "select column_name from information_schema.columns"
        " where table_schema = 'published'"
    )
    assert columns
    assert not {name for (name,) in columns} & set(PERSONAL_COLUMNS)


def differences(warehouse: Warehouse) -> list[str]:
    """Published marts that have other rows than the built ones."""
    different = []
    for name in listed_relations():
        if name == "publication":
            continue
        built = Counter(warehouse.ask(f"select * from marts.{name}"))
        published = Counter(warehouse.ask(f"select * from published.{name}"))
        different += [name] if built != published else []
    return different


def test_published_marts_have_the_rows_of_the_built_ones(warehouse: Warehouse) -> None:
    assert not differences(warehouse)
    assert [count for (count,) in warehouse.ask(COUNTS["counted"])] == [
        100 * warehouse.days
    ]


def indexes(warehouse: Warehouse, table: str) -> set[str]:
    return {
        definition.partition(" USING ")[2]
        + (" unique" if "UNIQUE" in definition else "")
        for (definition,) in warehouse.ask(
            f"select pg_get_indexdef(indexrelid) from pg_index"
            f" where indrelid = '{table}'::regclass"
        )
    }


@pytest.mark.parametrize("schema", ["marts", "published"])
def test_marts_have_indexes_by_which_dashboards_ask(
    warehouse: Warehouse, schema: str
) -> None:
    assert indexes(warehouse, f"{schema}.fct_nps_by_touchpoint_period") == {
        "btree (touchpoint_period_id) unique",
        "btree (touchpoint_id, period_id) unique",
        "btree (period_id)",
        "btree (period_grain, period_start_date)",
        "btree (touchpoint_id, period_grain, period_start_date)",
    }
    assert "btree (period_id) unique" in indexes(warehouse, f"{schema}.dim_periods")
    assert indexes(warehouse, f"{schema}.fct_score_counts_by_day") == {
        "btree (score_count_id) unique",
        "btree (reporting_date)",
        "btree (touchpoint_id, reporting_date)",
    }


def test_store_has_indexes_for_what_runs_look_up(warehouse: Warehouse) -> None:
    assert indexes(warehouse, "intermediate.int_survey_answers_stored") == {
        "btree (key_hash)",
        "btree (judged_batch)",
        "btree (reporting_date)",
        "btree (responded_at_utc)",
    }


@dataclass
class Reader:
    """A dashboard that reads all the time, and keeps account."""

    look: Callable[[Any], dict[str, Any]]
    warehouse: Warehouse
    stop: threading.Event
    reads: int = 0
    wrong: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Look until told to stop, and once more."""
        connection = self.warehouse.connect("dashboard")
        try:
            while True:
                is_last = self.stop.is_set()
                self.read_once(connection)
                if is_last:
                    return
        finally:
            connection.close()

    def read_once(self, connection: Any) -> None:
        """All numbers must be of one version, which is none older than the last."""
        try:
            found = self.look(connection)
        except psycopg2.Error as error:
            self.wrong.append(f"error: {error}")
            return
        self.reads += 1
        version = found.pop("version")
        if len(set(found.values())) != 1:
            self.wrong.append(f"torn: {found}")
        if not self.versions or version > self.versions[-1]:
            self.versions.append(version)
        elif version < self.versions[-1]:
            self.wrong.append(f"stale: {version} after {self.versions[-1]}")


def look_in_one_statement(connection: Any) -> dict[str, Any]:
    numbers = ", ".join(f'({sql}) as "{name}"' for name, sql in COUNTS.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {numbers}, (select version from published.publication) as version"
        )
        (row,) = cursor.fetchall()
        time.sleep(0.01)
        return dict(zip([*COUNTS, "version"], row, strict=True))


def look_in_one_transaction(connection: Any) -> dict[str, Any]:
    """Statement after statement, with pauses between them."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("begin isolation level repeatable read read only")
        try:
            for name, sql in random.sample(sorted(COUNTS.items()), len(COUNTS)):
                cursor.execute(sql)
                ((found[name],),) = cursor.fetchall()
                time.sleep(random.random() / 20)
            cursor.execute("select version from published.publication")
            ((found["version"],),) = cursor.fetchall()
        finally:
            cursor.execute("rollback")
    return found


def test_readers_see_the_old_marts_or_the_new(warehouse: Warehouse) -> None:
    stop = threading.Event()
    looks = [look_in_one_statement, look_in_one_transaction]
    readers = [
        Reader(looks[number % len(looks)], warehouse, stop) for number in range(READERS)
    ]
    threads = [threading.Thread(target=reader.read) for reader in readers]
    versions = [warehouse.version()]
    for thread in threads:
        thread.start()
    try:
        for _ in range(BUILDS):
            warehouse.build_another_day()
            assert warehouse.version() == versions[-1]
            publication = publish(PERSONAL_COLUMNS)
            assert 0 < publication.new_row_count < publication.row_count
            versions.append(warehouse.version())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    print(
        f"{sum(reader.reads for reader in readers):,} reads by {READERS} readers"
        f" through {BUILDS} builds and publications:",
        f"{sum(len(reader.wrong) for reader in readers)} torn, stale or failed",
    )
    for reader in readers:
        assert not reader.wrong
        assert reader.reads > BUILDS
        assert reader.versions == versions
    assert not differences(warehouse)
    check_what_the_reporter_may(warehouse)


def test_publisher_that_dies_leaves_what_was_published(warehouse: Warehouse) -> None:
    version = warehouse.version()
    warehouse.ask(
        "update marts.fct_csat_by_period set response_count = -response_count"
    )
    # It waits for the last table, with all others done.
    holder = warehouse.connect("builder")
    holder.autocommit = False
    holder.cursor().execute("lock table published.publication in exclusive mode")
    died: list[BaseException] = []

    def publish_and_die() -> None:
        try:
            publish(PERSONAL_COLUMNS)
        except psycopg2.Error as error:
            died.append(error)

    thread = threading.Thread(target=publish_and_die)
    thread.start()
    killed: list[tuple[Any, ...]] = []
    while not killed and thread.is_alive():
        killed = warehouse.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where wait_event_type = 'Lock' and usename = 'builder'"
        )
    thread.join()
    holder.close()
    assert died
    assert warehouse.version() == version
    ((count,),) = warehouse.ask(COUNTS["by day"])
    assert count == 100 * warehouse.days

    warehouse.ask(
        "update marts.fct_csat_by_period set response_count = -response_count"
    )
    publish(PERSONAL_COLUMNS)
    assert not differences(warehouse)


def test_public_mart_with_persons_is_refused(warehouse: Warehouse) -> None:
    version = warehouse.version()
    warehouse.ask("alter table marts.dim_touchpoints add column comment text")
    with pytest.raises(UserError, match=r"dim_touchpoints .* column comment"):
        publish(PERSONAL_COLUMNS)
    assert warehouse.version() == version
    warehouse.ask("alter table marts.dim_touchpoints drop column comment")


def test_mart_whose_columns_changed_is_made_anew(warehouse: Warehouse) -> None:
    publish(PERSONAL_COLUMNS)
    version = warehouse.version()
    warehouse.ask("create view public.mine as select * from published.dim_touchpoints")
    warehouse.ask("alter table marts.dim_touchpoints add column colour text")
    with pytest.raises(UserError, match=r"something else stands on it.*mine"):
        publish(PERSONAL_COLUMNS)
    assert warehouse.version() == version
    warehouse.ask("drop view public.mine")
    publish(PERSONAL_COLUMNS)
    assert warehouse.ask("select colour from published.dim_touchpoints", "dashboard")


def test_mart_that_is_public_no_more_goes(warehouse: Warehouse) -> None:
    warehouse.ask(
        "delete from intermediate.int_builds_passed where relation_name = 'dim_periods'"
    )
    publish(PERSONAL_COLUMNS)
    assert "published.dim_periods" not in relations(warehouse)


def test_without_the_role_nobody_else_reads(
    warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CX_POSTGRES_REPORTER", "nobody_yet")
    assert main(["publish"]) == 0
    assert "there is no role nobody_yet" in capsys.readouterr().out


def test_failed_and_partial_builds_publish_nothing(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    version = warehouse.version()
    failing = warehouse.project.root / "tests" / "singular" / "fails.sql"
    failing.write_text("select * from {{ ref('dim_touchpoints') }}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="fails"):
        warehouse.build()
    failing.unlink()
    assert main(["publish"]) == 2
    assert "of which every test passed. What was published stays." in (
        capsys.readouterr().err
    )
    done = warehouse.project.dbt(
        *("build", "--select", "dim_touchpoints", "--exclude-resource-type"),
        "unit_test",
        feed=warehouse.feed,
        environment=warehouse.environment,
    )
    assert done.returncode == 0, done.stdout
    assert main(["publish"]) == 2
    assert warehouse.version() == version
