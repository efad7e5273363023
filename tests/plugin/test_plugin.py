"""What the plugin refuses before dbt opens the warehouse, and what it hands on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt_common.exceptions import DbtRuntimeError

from cx_warehouse import dbt_plugin, definitions
from cx_warehouse.__main__ import main
from cx_warehouse.definitions import DEFINITION_COLUMNS


def refusal(path: Path) -> str:
    """The sentence with which the plugin refuses a warehouse file."""
    credentials = DuckDBCredentials(path=str(path), database=path.stem, schema="main")
    plugin = dbt_plugin.Plugin("dbt_plugin", {})
    with pytest.raises(DbtRuntimeError) as caught:
        plugin.update_connection_config(credentials, {})
    return str(caught.value)


@pytest.mark.parametrize("name", ["main", "temp", "MARTS", "staging", "definitions"])
def test_name_of_a_schema_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.duckdb"
    assert f"{path}, but {name} is a schema's name" in refusal(path)


def test_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "warehouse.duckdb"
    assert f"{path.parent} is no folder: make it first" in refusal(path)


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
    for seed, columns in DEFINITION_COLUMNS.items():
        (tmp_path / f"{seed}.csv").write_text(f"{','.join(columns)}\n")
    (tmp_path / "sources.csv").write_text("source_system;time_zone\n")
    monkeypatch.setattr(dbt_plugin, "DEFINITIONS_DIRECTORY", tmp_path)
    plugin = dbt_plugin.Plugin("dbt_plugin", {})
    with duckdb.connect() as connection:
        plugin.configure_connection(connection)
        cursor = connection.cursor()
        plugin.configure_cursor(cursor)
        verdicts = {
            seed: cursor.execute(f"select getvariable('seed_{seed}')").fetchall()[0][0]
            for seed in DEFINITION_COLUMNS
        }
    assert verdicts.pop("sources").endswith(
        "sources.csv is separated by ';': save it with commas."
    )
    assert set(verdicts.values()) == {""}


def test_command_says_what_is_wrong_with_a_seed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["definitions"]) == 0
    monkeypatch.setattr(definitions, "DEFINITIONS_DIRECTORY", tmp_path)
    assert main(["definitions"]) == 2
    assert "rating_scales.csv is missing: a seed that is not" in capsys.readouterr().err
