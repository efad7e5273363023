"""Which files a run reads, reads again and withdraws."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import duckdb
import pytest

from cx_warehouse import feed_plan
from cx_warehouse.feed import FeedError
from cx_warehouse.feed_plan import (
    JUDGING_CODE,
    OTHER_CODE,
    FeedPlan,
    file_version,
    held_files,
    judging_code,
    plan_feed,
)

Held = dict[str, str]


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A feed of three files, written a while ago; to plan does not open them."""
    files = tmp_path / "survey_answers"
    files.mkdir()
    for name in ("a.csv", "b.csv.gz", "c.parquet"):
        (files / name).write_text(name)
    time.sleep(feed_plan._SETTLED_SECONDS)
    return tmp_path


def plan(feed: Path, held: Held | None) -> FeedPlan:
    """What a run does that does not rebuild."""
    return plan_feed(feed, held, rebuilds=False)


def differences(feed: Path, held: Held) -> tuple[list[str], list[str], list[str]]:
    """The names, without their folder, of new, changed and removed files."""
    found = plan(feed, held)
    new, changed, removed = (
        [name.removeprefix("survey_answers/") for name in names]
        for names in (found.new, found.changed, found.removed)
    )
    return new, changed, removed


def hold(feed: Path) -> Held:
    """What a warehouse holds that has read the feed as it is."""
    return dict(plan(feed, {}).versions)


# The files of a feed against those that are held.


def test_first_run_reads_everything(feed: Path) -> None:
    """A warehouse that is new starts from nothing; one that holds nothing does not."""
    names = ["survey_answers/a.csv", "survey_answers/b.csv.gz"]
    names.append("survey_answers/c.parquet")
    nothing_held: Held = {}
    for held, rebuilds in ((None, True), (nothing_held, False)):
        found = plan(feed, held)
        assert found.holds is not rebuilds
        assert found.rebuilds is rebuilds
        assert list(found.versions) == names
        assert found.new == found.to_read == names
        assert found.changed == found.removed == []


def test_run_without_changes_reads_nothing(feed: Path) -> None:
    """Looking at a file does not change it."""
    held = hold(feed)
    assert [path.read_bytes() for path in (feed / "survey_answers").iterdir()]
    assert differences(feed, held) == ([], [], [])
    assert plan(feed, held).to_read == []


def test_new_changed_and_removed_files(feed: Path) -> None:
    """Each is told apart; the file beside the folder is one of the feed, too."""
    held = hold(feed)
    files = feed / "survey_answers"
    (feed / "survey_answers.csv").write_text("new")
    (files / "0.csv").write_text("new")
    (files / "b.csv.gz").write_text("another text")
    (files / "c.parquet").unlink()
    assert differences(feed, held) == (
        ["0.csv", "survey_answers.csv"],
        ["b.csv.gz"],
        ["c.parquet"],
    )
    assert plan(feed, held).to_read == [
        "survey_answers.csv",
        "survey_answers/0.csv",
        "survey_answers/b.csv.gz",
    ]


def test_rebuild_reads_everything_and_still_sees_what_went(feed: Path) -> None:
    """A removed file may have to be kept; a changed one is as new as any."""
    held = hold(feed)
    (feed / "survey_answers" / "a.csv").unlink()
    (feed / "survey_answers" / "b.csv.gz").write_text("another text")
    found = plan_feed(feed, held, rebuilds=True)
    assert found.holds
    assert found.rebuilds
    assert found.new == ["survey_answers/b.csv.gz", "survey_answers/c.parquet"]
    assert found.changed == []
    assert found.removed == ["survey_answers/a.csv"]


def test_renamed_file_is_a_new_one(feed: Path) -> None:
    """Its rows are withdrawn under the old name and read under the new one."""
    held = hold(feed)
    files = feed / "survey_answers"
    (files / "a.csv").rename(files / "z.csv")
    assert differences(feed, held) == (["z.csv"], [], ["a.csv"])


def test_two_files_that_change_places(feed: Path) -> None:
    """Names that stay do not hide that the files are others."""
    held = hold(feed)
    files = feed / "survey_answers"
    (files / "a.csv").rename(files / "x")
    (files / "b.csv.gz").rename(files / "a.csv")
    (files / "x").rename(files / "b.csv.gz")
    assert differences(feed, held) == ([], ["a.csv", "b.csv.gz"], [])


def test_file_that_moves_beside_its_folder(feed: Path) -> None:
    """A path tells a file, not its name alone."""
    held = hold(feed)
    (feed / "survey_answers" / "a.csv").rename(feed / "survey_answers.csv")
    found = plan(feed, held)
    assert found.new == ["survey_answers.csv"]
    assert found.removed == ["survey_answers/a.csv"]


def test_feed_that_moves_as_a_whole_stays_what_it_is(feed: Path) -> None:
    """The folder's own path is no part of a file's name or version."""
    held = hold(feed)
    moved = feed.rename(feed.with_name("elsewhere"))
    assert differences(moved, held) == ([], [], [])


def test_last_file_of_a_feed_may_not_go(feed: Path) -> None:
    """An empty folder is a fault: a feed without rows has a header."""
    held = hold(feed)
    for path in (feed / "survey_answers").iterdir():
        path.unlink()
    with pytest.raises(FeedError, match="holds no feed"):
        plan(feed, held)


def test_plan_is_json_for_the_macro(feed: Path) -> None:
    """All of it, whatever a file is called."""
    (feed / "survey_answers" / 'it\'s "ü"\n.csv').write_text("new")
    found = plan_feed(feed, {"gone.csv": "1"}, rebuilds=True)
    assert json.loads(found.as_json()) == {
        "holds": True,
        "rebuilds": True,
        "versions": found.versions,
        "new": list(found.versions),
        "changed": [],
        "removed": ["gone.csv"],
    }


# Versions.


@pytest.fixture
def file(feed: Path) -> Path:
    """A file that was written a while ago."""
    return feed / "survey_answers" / "a.csv"


def test_version_stays(file: Path) -> None:
    """While nobody writes."""
    assert file_version(file) == file_version(file)


def test_written_file_has_another_version(file: Path) -> None:
    """Also when as many bytes are written, and the time of the change is put back."""
    before = file_version(file)
    status = file.stat()
    file.write_text("z.csv")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert file.stat().st_mtime_ns == status.st_mtime_ns
    assert file_version(file) != before


def test_longer_file_has_another_version(file: Path) -> None:
    """One that was appended to."""
    before = file_version(file)
    with file.open("a") as stream:
        stream.write("more")
    assert file_version(file) != before


def test_touched_file_has_another_version(file: Path) -> None:
    """Nobody can know that its content stayed without reading it."""
    before = file_version(file)
    file.touch()
    assert file_version(file) != before


def test_replaced_file_has_another_version(file: Path) -> None:
    """One that was moved into its place, with its size and times."""
    before = file_version(file)
    status = file.stat()
    other = file.with_name("other.csv")
    other.write_text("z.csv")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    assert file_version(file) != before


def test_link_has_the_version_of_its_file(file: Path, tmp_path: Path) -> None:
    """What a link points to is what is read."""
    target = tmp_path / "elsewhere.csv"
    target.write_text("one")
    link = file.with_name("link.csv")
    link.symlink_to(target)
    before = file_version(link)
    target.write_text("two")
    assert file_version(link) != before


def test_version_waits_for_a_file_that_was_just_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one tick of its clock the file system tells no two changes apart."""
    monkeypatch.setattr(feed_plan, "_SETTLED_SECONDS", 0.3)
    file.write_text("just now")
    before = time.time()
    file_version(file)
    assert time.time() - before > 0.25
    before = time.time()
    file_version(file)
    assert time.time() - before < 0.2


def test_version_does_not_wait_for_the_future(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that was put back, or a file server's own, must not stop a run."""
    now = file.stat().st_ctime
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))
    file_version(file)


# What a warehouse holds.


@pytest.fixture
def warehouse(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A new warehouse."""
    connection = duckdb.connect(tmp_path / "test_plan.duckdb")
    connection.execute("create schema intermediate")
    return connection


STORED = "create table {}.int_survey_answers_stored (feed_file varchar, weight varchar)"
OLD_STORED = "create table {}.int_survey_answers_stored (weight varchar)"
KINDS = "create table {}.int_answer_kinds (answer_kind_id integer)"
LEDGER = "create table {}.int_feed_files (feed_file varchar, file_version varchar)"


def test_warehouse_with_all_tables_holds_files(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The ledger says which."""
    warehouse.execute(STORED.format("intermediate"))
    warehouse.execute(KINDS.format("intermediate"))
    warehouse.execute(LEDGER.format("intermediate"))
    assert held_files(warehouse) == {}
    warehouse.execute("insert into intermediate.int_feed_files values ('a.csv', '1')")
    warehouse.execute("insert into intermediate.int_feed_files values ('b.csv', '2')")
    assert held_files(warehouse) == {"a.csv": "1", "b.csv": "2"}


@pytest.mark.parametrize(
    "tables",
    [
        [],
        [(STORED, "intermediate"), (KINDS, "intermediate")],
        [(KINDS, "intermediate"), (LEDGER, "intermediate")],
        [(STORED, "intermediate"), (LEDGER, "intermediate")],
        [
            (OLD_STORED, "intermediate"),
            (KINDS, "intermediate"),
            (LEDGER, "intermediate"),
        ],
        [(STORED, "main"), (KINDS, "intermediate"), (LEDGER, "intermediate")],
        [(STORED, "intermediate"), (KINDS, "main"), (LEDGER, "intermediate")],
        [(STORED, "intermediate"), (KINDS, "intermediate"), (LEDGER, "main")],
    ],
)
def test_warehouse_without_one_of_them_is_rebuilt(
    tables: list[tuple[str, str]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """One without the others says nothing, nor do tables of that name elsewhere.

    And a store of before files were remembered cannot say what it holds.
    """
    for statement, schema in tables:
        warehouse.execute(statement.format(schema))
    assert held_files(warehouse) is None


def test_tables_of_another_file_are_not_the_warehouse(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """One that is attached beside it."""
    warehouse.execute(f"attach '{tmp_path / 'other.duckdb'}' as other")
    warehouse.execute("create schema other.intermediate")
    warehouse.execute(STORED.format("other.intermediate"))
    warehouse.execute(KINDS.format("other.intermediate"))
    warehouse.execute(LEDGER.format("other.intermediate"))
    assert held_files(warehouse) is None


# The code that judges.


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one file in each folder that judges."""
    for folder in JUDGING_CODE:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "one.sql").write_text("select 1")
    (tmp_path / "models" / "marts").mkdir()
    monkeypatch.setattr(feed_plan, "PROJECT_ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("folder", JUDGING_CODE)
def test_other_code_has_another_fingerprint(folder: str, code: Path) -> None:
    """A changed text, a renamed file, one more, in any folder below."""
    fingerprints = [judging_code()]
    path = code / folder / "one.sql"
    path.write_text("select 2")
    fingerprints.append(judging_code())
    path.rename(path.with_name("two.sql"))
    fingerprints.append(judging_code())
    (code / folder / "deep" / "er").mkdir(parents=True)
    (code / folder / "deep" / "er" / "one.sql").write_text("")
    fingerprints.append(judging_code())
    assert len(set(fingerprints)) == 4


def test_other_engine_has_another_fingerprint(
    code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version of DuckDB may judge otherwise."""
    before = judging_code()
    monkeypatch.setattr(duckdb, "__version__", "another")
    assert judging_code() != before


@pytest.mark.parametrize("folder", OTHER_CODE)
def test_code_that_works_on_what_was_judged_has_no_part(
    folder: str, code: Path
) -> None:
    """And is still where it was when it was left out."""
    assert list((Path(feed_plan.__file__).parents[1] / folder).rglob("*.sql"))
    before = judging_code()
    (code / folder).mkdir(parents=True)
    (code / folder / "one.sql").write_text("select 1")
    assert judging_code() == before
    (code / f"{folder}_of_more.sql").write_text("select 1")
    assert judging_code() != before


def test_what_judges_nothing_has_no_part_in_it(code: Path) -> None:
    """Marts are built anew in every run, and descriptions judge nobody."""
    before = judging_code()
    (code / "models" / "marts" / "one.sql").write_text("select 1")
    (code / "macros" / "_macros.yml").write_text("macros: []")
    os.utime(code / "macros" / "one.sql")
    assert judging_code() == before
