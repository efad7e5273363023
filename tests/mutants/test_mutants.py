"""The hunt for mutants works: bugs are planted, caught and taken out again.

`make mutants` plants all of them; here three must do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.bugs import BUGS, Bug
from tests.mutants.mutants import PROJECT_ROOT, Workshop, judge

CAUGHT = {
    "promoters begin above 9": "killed by nps_category",
    "a definition lasts a day too long": "killed by int_survey_answers_matched::"
    "int_survey_answers_matched__takes_the_kind_of_the_day",
    "rows may be short": "killed by feed/test_feed.py::test_refused_in_one_sentence[",
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A copy of the project."""
    return Workshop(tmp_path_factory.mktemp("mutants"))


@pytest.mark.parametrize("name", CAUGHT)
def test_bug_is_caught(name: str, workshop: Workshop) -> None:
    """By the test that is there for it."""
    (bug,) = (bug for bug in BUGS if bug.name == name)
    is_caught, fate = judge(workshop, bug)
    assert is_caught
    assert fate.startswith(CAUGHT[name])
    assert (workshop.root / bug.path).read_bytes() == (
        PROJECT_ROOT / bug.path
    ).read_bytes()


def test_every_bug_can_be_planted() -> None:
    """Its text stands in its file exactly once, and changes; no two share a name."""
    for bug in BUGS:
        text = (PROJECT_ROOT / bug.path).read_text(encoding="utf-8")
        assert text.count(bug.old) == 1, bug.name
        assert bug.new != bug.old
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 40


def test_bug_that_cannot_be_planted_is_no_catch(workshop: Workshop) -> None:
    """A text that is not there, or there twice, fails the hunt."""
    for text in ("no such text", "{{ score }}"):
        path = Path("macros/metrics/nps_category.sql").as_posix()
        is_caught, fate = judge(workshop, Bug("lost", path, text, "x"))
        assert not is_caught
        assert fate.startswith("NOT PLANTED: found ")
