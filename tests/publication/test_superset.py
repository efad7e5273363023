"""The comparison of `make superset` finds what it is there for, without a Superset."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from bi.superset.check import Api, Chart, charts, compare, expected
from cx_warehouse.publication import Folder, publish
from tests.harness import Project

CHARTS = charts()
NAMES = [chart.name for chart in CHARTS]


class StandIn:
    """A Superset that shows the marts' numbers, but for what is done to one state."""

    def __init__(self, serving: Path, grain: str = "") -> None:
        self.serving = serving
        self.grain = grain
        self.shown = 0

    def rows(self, chart: Chart, state: dict[str, str]) -> list[tuple[Any, ...]]:
        """What the chart shows; in the grain that is spoilt one value is another."""
        rows = expected(self.serving, chart, state)
        self.shown += len(rows)
        if state["period_grain"] == self.grain:
            rows[0] = (*rows[0][:-1], "another")
        return rows


@pytest.fixture(scope="module")
def serving(passed_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, published."""
    folder = tmp_path_factory.mktemp("superset")
    publish(passed_project.warehouse, folder)
    return Folder(folder).serving_link


@pytest.mark.parametrize("chart", CHARTS, ids=NAMES)
def test_one_value_that_is_another_is_found(
    chart: Chart, serving: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = StandIn(serving)
    assert compare(cast(Api, whole), serving, chart)
    assert whole.shown
    assert "values in" in capsys.readouterr().out
    assert not compare(cast(Api, StandIn(serving, "quarter")), serving, chart)
    told = capsys.readouterr().out
    assert "DIFFERS, quarter" in told
    assert "'another'" in told


@pytest.mark.parametrize("chart", CHARTS, ids=NAMES)
def test_a_row_too_many_or_too_few_is_found(chart: Chart, serving: Path) -> None:
    class Doubled(StandIn):
        def rows(self, chart: Chart, state: dict[str, str]) -> list[tuple[Any, ...]]:
            return super().rows(chart, state) * 2

    class Emptied(StandIn):
        def rows(self, chart: Chart, state: dict[str, str]) -> list[tuple[Any, ...]]:
            return []

    for spoilt in (Doubled(serving), Emptied(serving)):
        assert not compare(cast(Api, spoilt), serving, chart)
