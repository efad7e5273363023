"""The pages that a newcomer follows are run as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import PROJECT_ROOT, Project

_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_page(page: Path, folder: Path) -> int:
    """Do what a page says, in a folder; returns how many commands were run.

    A block `csv NAME` is a file; a block `console` holds commands (`$ `, continued by
    `> `) and what they print, which must be just that.
    """
    settings = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CX_RAW_DIR", "CX_WAREHOUSE_PATH")
    }
    binaries = Path(sys.executable).parent
    settings["PATH"] = f"{binaries}{os.pathsep}{settings['PATH']}"
    count = 0
    for language, name, content in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "csv" and name:
            (folder / name).write_text(content, encoding="utf-8")
        if language != "console":
            continue
        for command, printed in _commands(content):
            done = subprocess.run(
                command,
                shell=True,
                cwd=folder,
                env=settings,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            assert done.stdout.rstrip() == printed, command
            count += 1
    return count


def _commands(content: str) -> list[tuple[str, str]]:
    """Each command of a console block with what it prints."""
    commands: list[tuple[list[str], list[str]]] = []
    for line in content.splitlines():
        if line.startswith("$ "):
            commands.append(([line[2:]], []))
        elif line.startswith("> ") and not commands[-1][1]:
            commands[-1][0].append(line[2:])
        else:
            commands[-1][1].append(line)
    return [("\n".join(words), "\n".join(lines)) for words, lines in commands]


@pytest.mark.parametrize("page", ["your_own_survey.md"])
def test_a_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert run_page(PROJECT_ROOT / "docs" / page, project.root) > 0


@pytest.mark.parametrize(
    "page",
    [
        "uncertainty.md",
        "small_groups.md",
        "trailing_windows.md",
        "where_a_change_came_from.md",
        "one_name_many_formulas.md",
    ],
)
def test_tables_of_a_page_are_what_its_queries_return(
    page: str, sample_project: Project
) -> None:
    """Each query of the page, with the table that follows it."""
    text = (PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```\n(.*?)((?:\|[^\n]*\n)+)", text, re.DOTALL)
    assert len(examples) == text.count("```sql") > 0
    for query, between, table in examples:
        assert "```" not in between
        compiled = query
        if "{{" in query:
            done = sample_project.dbt("--quiet", "compile", "--inline", query)
            assert done.returncode == 0, done.stdout
            compiled = done.stdout
        header, _, *shown = table.splitlines()
        found = [
            f"| {' | '.join(map(_cell, row))} |"
            for row in sample_project.query(compiled)
        ]
        assert found == shown, query
        names = [name.strip() for name in header.strip("|").split("|")]
        assert all(f" {name}" in query for name in names), header


def _cell(value: object) -> str:
    """A value as the tables of a page show it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
