"""What is published is the public marts of a build that passed, and nothing else."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from cx_warehouse import publication
from cx_warehouse.__main__ import main
from cx_warehouse.errors import UserError
from cx_warehouse.expectations import check
from cx_warehouse.publication import UNPUBLISHED_COLUMNS, Folder, publish
from tests.harness import PROJECT_ROOT, Project

PAGE = (PROJECT_ROOT / "docs" / "publication.md").read_text(encoding="utf-8")


def listed_relations() -> list[str]:
    """The relations that the page on publication lists."""
    return re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)


@contextmanager
def serving(directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published DuckDB file, as a BI tool opens it."""
    link = Folder(directory).serving_link
    with duckdb.connect(link, read_only=True) as connection:
        yield connection


def relations_in(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?"
        " order by table_name",
        [schema],
    ).fetchall()
    return [name for (name,) in rows]


def targets(directory: Path) -> tuple[str, str]:
    """Where the two links lead."""
    folder = Folder(directory)
    return folder.serving_link.readlink().name, folder.snapshot_link.readlink().name


@pytest.fixture(scope="session")
def of_sample(
    passed_project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample, published; tests only read it."""
    directory = tmp_path_factory.mktemp("published")
    publish(passed_project.warehouse, directory)
    return directory


def test_published_relations_are_those_of_the_page(of_sample: Path) -> None:
    with serving(of_sample) as connection:
        assert relations_in(connection, "marts") == sorted(listed_relations())
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables"
        ).fetchall()
    assert {schema for (schema,) in schemas} == {"marts", "compact"}
    files = (of_sample / "current").iterdir()
    assert sorted(path.name for path in files) == [
        f"{name}.parquet" for name in sorted(listed_relations())
    ]


def test_public_marts_are_published_and_no_others(
    passed_project: Project, of_sample: Path
) -> None:
    manifest = json.loads(
        (passed_project.root / "target" / "manifest.json").read_text("utf-8")
    )
    public = {
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["access"] == "public"
        and node["schema"] == "marts"
    }
    assert {*public, "publication"} == set(listed_relations())
    assert not {"fct_survey_answers", "fct_unaccepted_answers"} & public


@pytest.mark.parametrize("name", listed_relations())
def test_rows_and_types_are_those_of_the_mart(
    name: str, passed_project: Project, of_sample: Path
) -> None:
    if name == "publication":
        return
    with duckdb.connect() as connection:
        for alias, path in (
            ("warehouse", passed_project.warehouse),
            ("serving", Folder(of_sample).serving_link),
        ):
            connection.execute(f"attach '{path}' as {alias} (read_only)")
        unpublished = UNPUBLISHED_COLUMNS.get(name, ())
        left_out = f"exclude ({', '.join(unpublished)})" if unpublished else ""
        mart, table, file = (
            connection.sql(f"select {columns} from {source}")
            for columns, source in (
                (f"* {left_out}", f"warehouse.marts.{name}"),
                ("*", f"serving.marts.{name}"),
                ("*", f"'{of_sample}/current/{name}.parquet'"),
            )
        )
        assert table.columns == file.columns == mart.columns
        assert table.types == file.types == mart.types
        rows = Counter(mart.fetchall())
        assert Counter(table.fetchall()) == rows
        assert Counter(file.fetchall()) == rows
        assert rows or name == "fct_erased_answer_counts_by_source"


def test_types_are_those_that_every_client_knows(of_sample: Path) -> None:
    """No HUGEINT, which reaches clients as a decimal; no enum, which some lack."""
    with serving(of_sample) as connection:
        rows = connection.execute(
            "select distinct data_type from information_schema.columns"
        ).fetchall()
    assert {data_type for (data_type,) in rows} <= {
        *("BIGINT", "BOOLEAN", "DATE", "DECIMAL(38,10)", "DECIMAL(38,20)", "DOUBLE"),
        *("INTEGER", "TIMESTAMP", "VARCHAR"),
    }


def test_version_says_what_it_is(passed_project: Project, of_sample: Path) -> None:
    ((as_of,),) = passed_project.query("select clock_at from intermediate.int_clock")
    ((build,),) = passed_project.query(
        "select distinct invocation_id from intermediate.int_builds_passed"
    )
    with serving(of_sample) as connection:
        found = connection.execute("from marts.publication").fetchall()
        file = of_sample / "current" / "publication.parquet"
        assert connection.execute(f"from '{file}'").fetchall() == found
    ((version, published_at, *others),) = found
    assert others == [as_of, build]
    assert targets(of_sample) == (f"cx_serving.{version}.duckdb", f"snapshot.{version}")
    assert published_at == datetime.strptime(version, "%Y%m%dT%H%M%S%fZ")


def test_file_holds_under_another_name(of_sample: Path, tmp_path: Path) -> None:
    """A copy that is attached under a name of its own, as older clients do."""
    copy = tmp_path / "mailed.duckdb"
    shutil.copy(of_sample / "cx_serving.duckdb", copy)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as scores (read_only)")
        connection.execute("use scores")
        ((count,),) = connection.execute(
            "select count(*) from marts.fct_score_counts_by_day"
        ).fetchall()
    assert count > 0


def test_files_are_only_to_be_read(of_sample: Path) -> None:
    for path in (*of_sample.glob("*.duckdb"), *of_sample.glob("current/*")):
        assert not path.stat().st_mode & 0o222, path


def test_three_versions_are_kept(passed_project: Project, published: Path) -> None:
    stamps = [publish(passed_project.warehouse, published).stamp for _ in range(5)]
    assert stamps == sorted(set(stamps))
    assert Folder(published).stamps() == stamps[-3:]
    assert {path.name for path in published.iterdir()} == {
        *(".lock", "cx_serving.duckdb", "current"),
        *(f"cx_serving.{stamp}.duckdb" for stamp in stamps[-3:]),
        *(f"snapshot.{stamp}" for stamp in stamps[-3:]),
    }
    assert targets(published)[0] == f"cx_serving.{stamps[-1]}.duckdb"


def test_version_is_newer_though_the_clock_went_back(
    passed_project: Project, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = []
    for year in (2030, 2020):
        clock = SimpleNamespace(
            now=lambda zone, year=year: datetime(year, 1, 1, tzinfo=zone),
            strptime=datetime.strptime,
        )
        monkeypatch.setattr(publication, "datetime", clock)
        stamps.append(publish(passed_project.warehouse, published).stamp)
    assert stamps == ["20300101T000000000000Z", "20300101T000000000001Z"]


def test_reader_keeps_the_version_that_it_opened(
    passed_project: Project, published: Path
) -> None:
    """In one process, too: the next connection reads the next version."""
    first = publish(passed_project.warehouse, published).stamp
    with serving(published) as old:
        for _ in range(4):
            newest = publish(passed_project.warehouse, published).stamp
            with serving(published) as new:
                for connection, stamp in ((old, first), (new, newest)):
                    assert connection.execute(
                        "select version from marts.publication"
                    ).fetchall() == [(stamp,)]
                    assert connection.execute(
                        "select count(*) > 0 from marts.fct_score_counts_by_day"
                    ).fetchall() == [(True,)]


def test_two_do_not_publish_at_a_time(
    passed_project: Project, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(passed_project.warehouse, published)
    before = sorted(published.rglob("*"))
    with (published / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert publish_by_command(passed_project.warehouse, published) == 2
    assert "another publication" in capsys.readouterr().err
    assert sorted(published.rglob("*")) == before


def test_folder_that_cannot_be_made_is_an_error(
    passed_project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert publish_by_command(passed_project.warehouse, tmp_path / "file" / "x") == 2
    assert "nothing is published to" in capsys.readouterr().err


def test_what_cannot_be_written_changes_nothing(
    passed_project: Project, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(passed_project.warehouse, published)
    before = targets(published)

    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(publication, "_write_parquet", fail)
    assert publish_by_command(passed_project.warehouse, published) == 2
    assert targets(published) == before
    monkeypatch.undo()
    publish(passed_project.warehouse, published)
    assert targets(published) > before
    assert not (published / ".new").exists()


def publish_by_command(warehouse: Path, directory: Path) -> int:
    return main(
        ["publish", "--warehouse", str(warehouse), "--directory", str(directory)]
    )


def copied(project: Project, directory: Path) -> Path:
    """A warehouse that passed and was checked, to change."""
    target = directory / project.warehouse.name
    shutil.copy(project.warehouse, target)
    shutil.copy(f"{project.warehouse}.checked", f"{target}.checked")
    return target


@pytest.mark.parametrize(
    "column", ["respondent_id", "response_id", "answer", "comment"]
)
def test_public_mart_about_persons_is_refused(
    column: str, passed_project: Project, tmp_path: Path, published: Path
) -> None:
    publish(passed_project.warehouse, published)
    before = targets(published)
    warehouse = copied(passed_project, tmp_path)
    with duckdb.connect(warehouse) as connection:
        connection.execute(f"alter table marts.dim_touchpoints add {column} varchar")
    with pytest.raises(UserError, match=f"dim_touchpoints .* column {column}"):
        publish(warehouse, published)
    assert targets(published) == before


def test_build_that_was_not_checked_is_checked_first(
    passed_project: Project,
    tmp_path: Path,
    published: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    warehouse = copied(passed_project, tmp_path)
    checked = Path(f"{warehouse}.checked")
    checked.write_text("another build")
    with pytest.raises(UserError, match="expectations were not checked"):
        publish(warehouse, published)
    assert publish_by_command(warehouse, published) == 0
    assert "all hold" in capsys.readouterr().out
    assert publish_by_command(warehouse, published) == 0
    assert "all hold" not in capsys.readouterr().out


def test_build_whose_expectations_fail_is_not_published(
    passed_project: Project,
    tmp_path: Path,
    published: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(passed_project.warehouse, published)
    before = targets(published)
    warehouse = copied(passed_project, tmp_path)
    with duckdb.connect(warehouse) as connection:
        connection.execute("update marts.fct_nps_by_period set nps = 101")
    assert not check(warehouse, tmp_path / "data_docs")
    assert not Path(f"{warehouse}.checked").exists()
    assert publish_by_command(warehouse, published) == 2
    error = capsys.readouterr().err
    assert "expectations failed. What was published stays." in error
    # A limit of one's own says nothing about what may be published.
    with duckdb.connect(warehouse) as connection:
        connection.execute("update marts.fct_nps_by_period set nps = 100")
    assert check(warehouse, tmp_path / "data_docs", 100)
    assert not Path(f"{warehouse}.checked").exists()
    assert targets(published) == before


def test_marts_without_rows_are_published(
    passed_project: Project, tmp_path: Path, published: Path
) -> None:
    warehouse = copied(passed_project, tmp_path)
    with duckdb.connect(warehouse) as connection:
        for name in relations_in(connection, "marts"):
            if name not in ("fct_survey_answers", "fct_unaccepted_answers"):
                connection.execute(f"delete from marts.{name}")
    assert publish(warehouse, published).row_count == 0
    with serving(published) as connection:
        for name in listed_relations():
            rows = connection.execute(f"from marts.{name}").fetchall()
            assert len(rows) == (name == "publication")


def test_only_a_whole_build_that_passed_is_published(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Red tests, parts of a build and builds without tests publish nothing."""
    project = Project(tmp_path)
    sample = PROJECT_ROOT / "sample"
    project.build(sample, tests=True)
    assert publish_by_command(project.warehouse, published) == 0
    first = targets(published)

    def is_remembered(*arguments: str, is_red: bool = False) -> bool:
        done = project.dbt(*arguments, feed=sample)
        assert bool(done.returncode) == is_red, done.stdout
        held = project.query("select count(*) from intermediate.int_builds_passed")
        return held != [(0,)]

    build = ("build", "--exclude-resource-type", "unit_test")
    assert is_remembered("test", "--select", "int_clock")
    red = project.root / "tests" / "singular" / "red.sql"
    red.write_text("select * from {{ ref('dim_touchpoints') }}")
    assert not is_remembered("test", "--select", "red", is_red=True)
    assert not is_remembered(*build, is_red=True)
    assert publish_by_command(project.warehouse, published) == 2
    error = capsys.readouterr().err
    assert "of which every test passed. What was published stays." in error
    red.unlink()
    assert not is_remembered(*build, "--exclude", "int_clock__has_one_row")
    assert not is_remembered(*build, "--exclude-resource-type", "test")
    assert targets(published) == first
    assert is_remembered(*build)
    assert publish_by_command(project.warehouse, published) == 0
    second = targets(published)
    assert second > first
    assert not is_remembered("run", "--select", "int_clock")
    assert publish_by_command(project.warehouse, published) == 2
    assert targets(published) == second


def test_on_spark_there_is_no_publication(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CX_TARGET", "spark")
    assert publish_by_command(published / "no.duckdb", published) == 2
    assert "nothing is published on Spark" in capsys.readouterr().err
    assert not published.exists()


def test_warehouse_of_an_older_version_is_refused(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "old.duckdb"
    duckdb.connect(warehouse).close()
    assert publish_by_command(warehouse, published) == 2
    assert "nothing is published" in capsys.readouterr().err
    assert publish_by_command(tmp_path / "no.duckdb", published) == 2
    assert "there is no warehouse" in capsys.readouterr().err
    assert not published.exists()
