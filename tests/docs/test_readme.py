"""What the README shows is what its commands give."""

from __future__ import annotations

import re

import pytest

from cx_warehouse.__main__ import main
from tests.harness import PROJECT_ROOT, Project

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")


def _block(language: str, containing: str) -> str:
    """The one block in a language that contains a text."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL
    )
    (block,) = [block for block in blocks if containing in block]
    return str(block)


def test_summary_is_what_the_report_prints(
    sample_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--warehouse", str(sample_project.warehouse)]) == 0
    assert capsys.readouterr().out.startswith(_block("text", "rows read"))


def test_query_on_the_marts_runs(sample_project: Project) -> None:
    rows = sample_project.query(_block("sql", "inner join marts.dim_touchpoints"))
    assert ("Delivery of the bike", "2025-Q2") in [row[:2] for row in rows]


def test_query_with_macros_runs(sample_project: Project) -> None:
    done = sample_project.dbt(
        "--quiet", "compile", "--inline", _block("sql", "{{ nps(")
    )
    assert done.returncode == 0, done.stdout
    rows = sample_project.query(done.stdout)
    assert {"email", "in-app"} <= {row[0] for row in rows}


def test_links_lead_somewhere() -> None:
    pages = [PROJECT_ROOT / "README.md", *PROJECT_ROOT.glob("docs/**/*.md")]
    pages += [PROJECT_ROOT / "CONTRIBUTING.md", PROJECT_ROOT / "CHANGELOG.md"]
    for page in pages:
        for target in re.findall(
            r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")
        ):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
