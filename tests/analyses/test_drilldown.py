"""The drill-down names what broke in the sample's story, when it broke, and no more."""

from __future__ import annotations

from tests.harness import Project


def test_drilldown_names_the_delivery_in_the_quarter_in_which_it_broke(
    sample_project: Project,
) -> None:
    named = sample_project.query(
        """
        select period_id, period_lag, csat_period_id, touchpoint_id, fall_rank
        from marts.fct_nps_drop_drilldown
        where is_named and dimension = 'touchpoint' and period_grain = 'quarter'
        order by period_id
        """
    )
    second, third = "quarter:2025-04-01", "quarter:2025-07-01"
    assert named == [
        (second, 0, second, "delivery", 1),
        (third, 1, second, "delivery", 1),
    ]


def test_drilldown_names_no_other_touchpoint_in_any_period(
    sample_project: Project,
) -> None:
    """Nor one whose scale changed: the first ride is the sample's false alarm."""
    named = sample_project.query(
        """
        select touchpoint_id, min(periods.period_start_date) >= '2025-01-01'
        from marts.fct_nps_drop_drilldown as drilldown
        inner join marts.dim_periods as periods
            on drilldown.csat_period_id = periods.period_id
        where is_named and dimension = 'touchpoint'
        group by touchpoint_id
        """
    )
    assert named == [("delivery", True)]


def test_drilldown_shows_what_a_bad_delivery_costs(sample_project: Project) -> None:
    ((gap, correlation, count),) = sample_project.query(
        """
        select nps_gap, score_correlation, pair_count
        from marts.fct_nps_drop_drilldown
        where
            period_id = 'quarter:2025-07-01'
            and period_lag = 1
            and touchpoint_id = 'delivery'
        """
    )
    assert gap > 60
    assert correlation > 0.4
    assert count > 200
