"""The analyses run, agree with the marts, and find the story of the sample."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import Project

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def results(sample_project: Project) -> dict[str, Rows]:
    done = sample_project.dbt("compile", "--select", "resource_type:analysis")
    assert done.returncode == 0, done.stdout
    folder = sample_project.root / "target" / "compiled" / "cx_warehouse" / "analyses"
    return {
        path.stem: sample_project.query(path.read_text(encoding="utf-8"))
        for path in folder.glob("*.sql")
    }


def test_nps_by_channel_and_segment_sums_to_the_mart(
    results: dict[str, Rows], sample_project: Project
) -> None:
    pooled: dict[str, list[int]] = {}
    for label, _, _, count, promoters, detractors, *_ in results[
        "nps_by_channel_and_segment"
    ]:
        sums = pooled.setdefault(label, [0, 0, 0])
        for place, number in enumerate((count, promoters, detractors)):
            sums[place] += number
    assert pooled == {
        label: list(counts)
        for label, *counts in sample_project.query(
            """
            select period_label, response_count, promoter_count, detractor_count
            from marts.fct_nps_by_period
            inner join marts.dim_periods using (period_id)
            where survey_kind = 'relationship' and dim_periods.period_grain = 'quarter'
            """
        )
    }


def test_nps_by_channel_and_segment_is_scored_from_its_counts(
    results: dict[str, Rows],
) -> None:
    for row in results["nps_by_channel_and_segment"]:
        *_, count, promoters, detractors, nps, is_reportable = row
        assert nps == pytest.approx(100 * (promoters - detractors) / count)
        assert is_reportable == (count >= 30)


def test_csat_where_nps_fell_names_the_touchpoint_that_broke(
    results: dict[str, Rows],
) -> None:
    first = results["csat_where_nps_fell"][0]
    label, nps_change, touchpoint_id, _, _, earlier_csat_change = first
    assert (label, touchpoint_id) == ("2025-Q3", "delivery")
    assert nps_change < -15
    assert earlier_csat_change < -15


def test_nps_by_earlier_satisfaction_shows_what_a_bad_delivery_costs(
    results: dict[str, Rows],
) -> None:
    nps = {
        (name, category): score
        for _, name, category, _, score, _ in results["nps_by_earlier_satisfaction"]
    }
    delivery = "Delivery of the bike"
    assert nps[delivery, "satisfied"] - nps[delivery, "dissatisfied"] > 40
