"""What the plugin refuses before dbt opens the warehouse, and what it hands on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt_common.exceptions import DbtRuntimeError

from cx_warehouse import dbt_plugin, definitions
from cx_warehouse.__main__ import main
from cx_warehouse.definitions import SEED_COLUMNS
from cx_warehouse.erasure import (
    add_to_erasure_list,
    erased_hashes,
    erasure_key,
    erasure_key_path,
    erasure_list_path,
    hash_pads,
)
from cx_warehouse.feed_plan import file_version


def credentials_of(path: Path) -> DuckDBCredentials:
    """What dbt knows of a warehouse file."""
    return DuckDBCredentials(path=str(path), database=path.stem, schema="main")


def refusal(path: Path) -> str:
    """The sentence with which the plugin refuses a warehouse file."""
    plugin = dbt_plugin.Plugin("dbt_plugin", {})
    with pytest.raises(DbtRuntimeError) as caught:
        plugin.update_connection_config(credentials_of(path), {})
    return str(caught.value)


def findings(warehouse: Path, *variables: str) -> dict[str, Any]:
    """What the plugin tells a cursor."""
    plugin = dbt_plugin.Plugin("dbt_plugin", {}, credentials_of(warehouse))
    with duckdb.connect(warehouse) as connection:
        plugin.configure_connection(connection)
        cursor = connection.cursor()
        plugin.configure_cursor(cursor)
        return {
            name: cursor.execute(
                f"select getvariable('cx_warehouse').{name}"
            ).fetchall()[0][0]
            for name in variables
        }


@pytest.mark.parametrize("name", ["main", "temp", "MARTS", "staging", "definitions"])
def test_name_of_a_schema_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.duckdb"
    assert f"{path}, but {name} is a schema's name" in refusal(path)


def test_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "warehouse.duckdb"
    assert f"{path.parent} is no folder: make it first" in refusal(path)


def test_link_to_another_name_is_refused(tmp_path: Path) -> None:
    """DuckDB calls the file by the name behind the link; one of the same is fine."""
    link = tmp_path / "warehouse.duckdb"
    link.symlink_to(tmp_path / "real.duckdb")
    sentence = f"{link}, a link to a file of another name: name {tmp_path}/real.duckdb"
    assert sentence in refusal(link)
    (tmp_path / "elsewhere").mkdir()
    link.unlink()
    link.symlink_to(tmp_path / "elsewhere" / "warehouse.duckdb")
    plugin = dbt_plugin.Plugin("dbt_plugin", {})
    plugin.update_connection_config(credentials_of(link), {})


def test_warehouse_that_is_open_elsewhere_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    duckdb.connect(path).close()
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; held = duckdb.connect(sys.argv[1], read_only=True); "
            "print('open', flush=True); sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout and reader.stdout.readline() == "open\n"
    sentence = refusal(path)
    reader.communicate()
    assert f"The warehouse {path} cannot be written: close whatever has it" in sentence
    assert "read-only" not in sentence


def test_each_seed_has_a_verdict_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed, columns in SEED_COLUMNS.items():
        (tmp_path / f"{seed}.csv").write_text(f"{','.join(columns)}\n")
    (tmp_path / "sources.csv").write_text("source_system;time_zone\n")
    monkeypatch.setattr(dbt_plugin, "DEFINITIONS_DIRECTORY", tmp_path)
    verdicts = findings(
        tmp_path / "test_plugin.duckdb",
        *(f"seed_{seed}" for seed in SEED_COLUMNS),
    )
    assert verdicts.pop("seed_sources").endswith(
        "sources.csv is separated by ';': save it with commas."
    )
    assert set(verdicts.values()) == {""}


PLAIN = "source_system,survey_id,question_id,response_id,answer,responded_at\n"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse that holds a.csv; a feed that has a.csv, changed, and b.csv."""
    files = tmp_path / "feed" / "survey_answers"
    files.mkdir(parents=True)
    for name in ("a", "b"):
        (files / f"{name}.csv").write_text(f"{PLAIN}app,s,q,{name},5,2026-01-05\n")
    path = tmp_path / "test_plugin.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_survey_answers_stored (feed_file varchar)"
        )
        connection.execute(
            "create table intermediate.int_answer_kinds (answer_kind_id integer)"
        )
        connection.execute(
            "create table intermediate.int_feed_files as"
            " select 'survey_answers/a.csv' as feed_file, 'old' as file_version"
        )
    monkeypatch.setenv("CX_RAW_DIR", str(tmp_path / "feed"))
    monkeypatch.delenv("CX_ERASURE_KEY", raising=False)
    return path


@pytest.mark.parametrize("full_refresh", [False, True])
def test_plan_and_feed_are_of_the_same_files(
    full_refresh: bool, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are new or changed; in a full refresh all are new."""
    flags = SimpleNamespace(FULL_REFRESH=full_refresh)
    monkeypatch.setattr(dbt_plugin, "get_flags", lambda: flags)
    found = findings(warehouse, "feed_plan", "survey_answers_feed")
    plan = json.loads(found["feed_plan"])
    names = ["survey_answers/a.csv", "survey_answers/b.csv"]
    assert plan["rebuilds"] is full_refresh
    assert plan["new"] == (names if full_refresh else names[1:])
    assert plan["changed"] == ([] if full_refresh else names[:1])
    with duckdb.connect() as connection:
        rows = connection.execute(found["survey_answers_feed"]).fetchall()
    assert sorted(row[0] for row in rows) == names


def test_file_that_is_held_is_not_opened(warehouse: Path, tmp_path: Path) -> None:
    """What was read once is not checked again, be it as it may."""
    broken = tmp_path / "feed" / "survey_answers" / "c.csv"
    broken.write_text("no feed at all")
    with duckdb.connect(warehouse) as connection:
        connection.execute(
            "insert into intermediate.int_feed_files values (?, ?)",
            ["survey_answers/c.csv", file_version(broken)],
        )
    found = findings(warehouse, "feed_plan", "survey_answers_feed")
    assert json.loads(found["feed_plan"])["changed"] == ["survey_answers/a.csv"]
    assert "c.csv" not in found["survey_answers_feed"]


def test_faults_travel_to_where_the_feed_is_used(
    warehouse: Path, tmp_path: Path
) -> None:
    """A missing folder stops whoever asks for the plan or the feed, and nobody else."""
    shutil.rmtree(tmp_path / "feed")
    found = findings(warehouse, "feed_plan", "survey_answers_feed", "seed_sources")
    for name in ("feed_plan", "survey_answers_feed"):
        assert found[name].startswith(f"fault: {tmp_path / 'feed'} is not a folder")
    assert found["seed_sources"] == ""


def test_erased_respondents_come_with_their_key(warehouse: Path) -> None:
    """And nobody without a list, without a key."""
    variables = ("erased_respondents", "erasure_inner_pad", "erasure_outer_pad")
    nobody = dict(zip(variables, ("", b"", b""), strict=True))
    assert findings(warehouse, *variables) == nobody
    add_to_erasure_list(warehouse, "app", ["1", "2"])
    hashes = "\n".join(erased_hashes(warehouse))
    expected = (hashes, *hash_pads(erasure_key(warehouse)))
    assert tuple(findings(warehouse, *variables).values()) == expected


@pytest.mark.parametrize("missing", ["the key", "a digit"])
def test_fault_of_the_erasure_list_stops_a_build(missing: str, warehouse: Path) -> None:
    """Nobody comes back because a file was lost."""
    add_to_erasure_list(warehouse, "app", ["1"])
    if missing == "the key":
        erasure_key_path(warehouse).unlink()
        sentence = "lists erased respondents, but their key is missing"
    else:
        path = erasure_list_path(warehouse)
        path.write_text(path.read_text()[1:])
        sentence = "has a line that is no keyed hash"
    found = findings(warehouse, "erased_respondents", "erasure_inner_pad")
    assert found["erased_respondents"].startswith("fault: ")
    assert sentence in found["erased_respondents"]
    assert found["erasure_inner_pad"] == b""


def test_command_says_what_is_wrong_with_a_seed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["definitions"]) == 0
    monkeypatch.setattr(definitions, "DEFINITIONS_DIRECTORY", tmp_path)
    assert main(["definitions"]) == 2
    assert "rating_scales.csv is missing: a seed that is not" in capsys.readouterr().err
