"""The warehouse gives the expected figures of four real surveys, built together."""

from collections.abc import Sequence
from datetime import date

import pytest

from tests.harness import Project
from tests.real.datasets import (
    DATA,
    DATASETS,
    Expected,
    Outcome,
    convert_all,
    definitions,
    differences,
    expected,
    measure,
    questions,
)

pytestmark = pytest.mark.skipif(
    not (DATA / "sfo_airport").is_dir(), reason=f"the real data are not in {DATA}"
)
PARTS = {
    "nps": "promoter_count, passive_count, detractor_count, nps",
    "csat": "satisfied_count, neutral_count, dissatisfied_count, csat_pct",
    "ces": "easy_count, neutral_count, difficult_count, ces_pct",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Build the warehouse of all four datasets once."""
    folder = tmp_path_factory.mktemp("real")
    convert_all(folder)
    project = Project(tmp_path_factory.mktemp("project"))
    project.write_definitions(definitions())
    project.build(folder)
    return project


@pytest.fixture(scope="module")
def outcomes(warehouse: Project) -> list[Outcome]:
    """Read from the warehouse what became of every answer."""
    by_key = {(q.source_system, q.survey_id, q.question_id): q for q in questions()}
    rows = warehouse.query(
        """
        select
            source_system, survey_id, question_id, segment, reporting_date,
            cast(score as varchar), answer_count, cast(weight_sum as double)
        from marts.fct_score_counts_by_day
        union all
        select
            source_system, survey_id, question_id, segment,
            -- All of these dates are bare, or in UTC.
            cast(substr(responded_at, 1, 10) as date),
            case when answer_status = 'rejected' then 'rejected' else status_reason end,
            count(*), 0
        from marts.fct_unaccepted_answers
        group by all
        """
    )
    return [
        Outcome(
            by_key[source, survey, question],
            segment,
            day,
            int(result) if result.isdecimal() else result,
            count,
            weight,
        )
        for source, survey, question, segment, day, result, count, weight in rows
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_counts_by_day_hold_the_expected_figures(
    dataset: str, outcomes: Sequence[Outcome]
) -> None:
    groups = expected(dataset)
    assert groups
    assert [
        problem
        for group in groups
        for problem in differences(measure(outcomes, group), group)
    ] == []


@pytest.mark.parametrize("metric", PARTS)
def test_scores_by_touchpoint_are_the_expected_ones(
    metric: str, warehouse: Project
) -> None:
    groups = [
        group
        for dataset in DATASETS
        for group in expected(dataset)
        if group.metric == metric and group.touchpoint_id and not group.segment
    ]
    assert groups
    rows = warehouse.query(
        f"""
        select touchpoint_id, period_grain, period_start_date,
            response_count, {PARTS[metric]}
        from marts.fct_{metric}_by_touchpoint_period
        """
    )
    scores = {(row[0], row[1], row[2]): row[3:] for row in rows}
    assert_scores(
        {
            (group.touchpoint_id, group.grain, group.start): group
            for group in groups
            if group.touchpoint_id
        },
        scores,
    )
    if metric != "nps":
        means = warehouse.query(
            f"""
            select touchpoint_id, period_grain, period_start_date, mean_score_pct
            from marts.fct_{metric}_by_touchpoint_period
            """
        )
        mean_pct = {(row[0], row[1], row[2]): row[3] for row in means}
        for group in groups:
            pct = mean_pct[group.touchpoint_id, group.grain, group.start]
            assert abs(1 + 4 * pct / 100 - group.mean_score) <= 1e-6  # scale 1 to 5


def test_scores_over_all_channels_are_the_expected_ones(warehouse: Project) -> None:
    groups = {
        ("all", group.grain, group.start): group
        for group in expected("datacamp_nps")
        if group.touchpoint_id is None
    }
    rows = warehouse.query(
        f"""
        select 'all', period_grain, period_start_date, response_count, {PARTS["nps"]}
        from marts.fct_nps_by_period
        where survey_kind = 'relationship'
        """
    )
    assert groups
    assert_scores(groups, {(row[0], row[1], row[2]): row[3:] for row in rows})


def test_weighted_scores_are_the_expected_ones(warehouse: Project) -> None:
    groups = [
        group
        for group in expected("sfo_airport")
        if group.weighted_value is not None and group.touchpoint_id
    ]
    assert {group.start.year for group in groups} == {2013, 2014, 2015, 2016}
    rows = [
        row
        for metric in ("csat", "ces")
        for row in warehouse.query(
            f"""
            select '{metric}', touchpoint_id, period_grain, period_start_date,
                weighted_{metric}_pct, weighted_{metric}_pct_low,
                weighted_{metric}_pct_high, n_eff, response_count
            from marts.fct_{metric}_by_touchpoint_period
            """
        )
    ]
    scores = {row[:4]: row[4:] for row in rows}
    for group in groups:
        where = (group.metric, group.touchpoint_id, group.grain, group.start)
        score, low, high, n_eff, answers = scores[where]
        assert group.weighted_value is not None
        assert abs(score - group.weighted_value) <= 1e-6, where
        assert low < score < high, where
        # The answers of a year do not all weigh the same: they say less.
        assert n_eff < answers, where


def test_published_figures(warehouse: Project) -> None:
    by_channel = warehouse.query(
        """
        select touchpoint_id, nps from marts.fct_nps_by_touchpoint_period
        where period_id = 'quarter:2020-10-01' order by touchpoint_id
        """
    )
    assert [(channel, round(nps, 6)) for channel, nps in by_channel] == [
        ("datacamp_nps/email", 18.596311),
        ("datacamp_nps/mobile", -14.714048),
        ("datacamp_nps/web", 22.096070),
    ]
    overall = warehouse.query(
        "select nps from marts.fct_nps_by_period where period_id = 'quarter:2020-10-01'"
    )
    assert overall == [(9.995035578355122,)]
    conference = warehouse.query(
        """
        select round(nps, 1) from marts.fct_nps_by_touchpoint_period
        where touchpoint_id like 'sudzilla_0%/conference' and period_grain = 'month'
        """
    )
    assert conference == [(-35.9,), (-35.9,)]


def test_counts_by_question_reconcile(
    warehouse: Project, outcomes: Sequence[Outcome]
) -> None:
    rows = warehouse.query(
        """
        select source_system, survey_id, question_id, feed_count, accepted_count,
            blank_count, not_applicable_count, rejected_count
        from marts.fct_answer_counts_by_question
        """
    )
    counted = {
        (q.source_system, q.survey_id, q.question_id): (
            sum(o.count for o in mine),
            sum(o.count for o in mine if isinstance(o.result, int)),
            sum(o.count for o in mine if o.result == "blank"),
            sum(o.count for o in mine if o.result == "not_applicable"),
            sum(o.count for o in mine if o.result == "rejected"),
        )
        for q in questions()
        for mine in [[o for o in outcomes if o.question == q]]
    }
    assert {(row[0], row[1], row[2]): row[3:] for row in rows} == counted


def assert_scores(
    groups: dict[tuple[str, str, date], Expected],
    scores: dict[tuple[str, str, date], tuple[int | float, ...]],
) -> None:
    """Compare response count, three parts and score with the expected ones."""
    for where, group in groups.items():
        names = ("n_valid", "n_top", "n_mid", "n_bottom")
        assert scores[where][:4] == tuple(group.counts[n] for n in names), where
        assert abs(scores[where][4] - group.value) <= 1e-6, where
