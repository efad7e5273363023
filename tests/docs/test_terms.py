"""The terms of the trade are worked examples: what their tables say is computed here.

In `models/_docs/terms.md` a table with columns in bold is a table of examples: the bold
columns follow from the others. Some follow from a macro, the others from the way of an
answer through the models; all are built by one run of dbt.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness import PROJECT_ROOT, Project

Cells = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a doc block: its columns, which of them are in bold, and its rows."""

    columns: tuple[str, ...]
    results: tuple[str, ...]
    rows: list[Cells]


def _read_terms() -> dict[str, list[Table]]:
    """The tables of each doc block, by the name of the term."""
    text = (PROJECT_ROOT / "models" / "_docs" / "terms.md").read_text("utf-8")
    blocks = re.findall(r"{% docs term_(\w+) %}(.*?){% enddocs %}", text, re.DOTALL)
    tables = re.compile(r"^\|.*(?:\n\|.*)*$", re.MULTILINE)
    return {
        term: [_read_table(table) for table in tables.findall(block)]
        for term, block in blocks
    }


def _read_table(text: str) -> Table:
    header, _, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
    ]
    columns = tuple(cell.strip("*") for cell in header)
    rows = [dict(zip(columns, map(_value, line), strict=True)) for line in lines]
    results = tuple(cell.strip("*") for cell in header if cell.startswith("**"))
    return Table(columns, results, rows)


def _value(cell: str) -> str | None:
    return None if cell in ("", "null") else cell.strip("`")


TERMS = _read_terms()
EXAMPLES = {
    term: [table for table in tables if table.results] for term, tables in TERMS.items()
}

SCALE = '"{score}", "{min_score}", "{max_score}", "{best_is_high}"'
NPS_COUNTS = '"{promoter_count}", "{detractor_count}", "{response_count}"'
MEMBER = ", ".join(
    f'"cast({{{column}}} as double)"'
    for column in ("share_pct_previous", "share_pct", "score_previous", "score")
)
POOLED = ', "{pooled_score_previous}", "{pooled_score}"'
NPS_PAIR = f"{NPS_COUNTS}, {NPS_COUNTS.replace('{', '{earlier_')}"
SHARE = '"{satisfied_count}", "{response_count}"'
SHARE_PAIR = f"{SHARE}, {SHARE.replace('{', '{earlier_')}"
WEIGHT_SUMS = ", ".join(
    ('"sum(w)"', 'weight_square_sum("w")', 'large_weight_square_sum("w")')
)
DAY = """ "cast('{reporting_date}' as date)" """

# Results that follow from a macro: its call, the cells of the row in braces.
MACROS = {
    ("satisfaction_category", "satisfaction_category"): (
        f'satisfaction_category({SCALE}, "{{top_box_count}}", "{{bottom_box_count}}")'
    ),
    ("nps_category", "nps_category"): 'nps_category("{score}")',
    ("score_pct", "score_pct"): f"score_pct({SCALE})",
    ("csat_pct", "csat_pct"): 'csat_pct("{satisfied_count}", "{response_count}")',
    ("ces_pct", "ces_pct"): 'ces_pct("{easy_count}", "{response_count}")',
    ("nps", "nps"): f"nps({NPS_COUNTS})",
    ("n_eff", "n_eff"): (
        f'"(select " ~ effective_count({WEIGHT_SUMS}) ~ " from (select unnest('
        'cast([{weights}] as decimal(18, 10)[])) as w))"'
    ),
    **{
        ("share_interval", f"csat_pct_{bound}"): (
            '"round(" ~ wilson_pct("{satisfied_count}", "{response_count}", '
            f'"{bound}") ~ ", 2)"'
        )
        for bound in ("low", "high")
    },
    **{
        ("nps_interval", f"nps_{bound}"): (
            f'"round(" ~ nps_bound({NPS_COUNTS}, "{bound}") ~ ", 2)"'
        )
        for bound in ("low", "high")
    },
    **{
        ("change_effects", f"{effect}_effect"): (
            f'"round(" ~ {effect}_effect({MEMBER}{more}) ~ ", 2)"'
        )
        for effect, more in (("rate", ""), ("mix", POOLED))
    },
    **{
        (term, result): f'"round(" ~ {macro}({counts}) ~ ", 2)"'
        for term, result, macro, counts in (
            ("share_change_z", "csat_pct_change_z", "share_change_z", SHARE_PAIR),
            ("nps_change_z", "nps_change_z", "nps_change_z", NPS_PAIR),
            (
                "share_minimum_detectable_change",
                "csat_pct_minimum_detectable_change",
                "share_minimum_detectable_change",
                SHARE_PAIR,
            ),
            (
                "nps_minimum_detectable_change",
                "nps_minimum_detectable_change",
                "nps_minimum_detectable_change",
                NPS_PAIR,
            ),
        )
    },
    ("period_label", "period_start_date"): f'period_start("{{period_grain}}", {DAY})',
    ("period_label", "period_label"): (
        f'period_label("{{period_grain}}", period_start("{{period_grain}}", {DAY}))'
    ),
}

VARIABLES = {
    "as_of": "2026-01-31T12:00:00Z",
    "reporting_time_zone": "Europe/Berlin",
    "fiscal_year_start_month": 4,
    "minimum_reportable_responses": 30,
    "confidence_level": 0.95,
}


class Survey:
    """Definitions and answers, grown example by example."""

    def __init__(self) -> None:
        self.definitions: dict[str, list[dict[str, Any]]] = {
            "rating_scales": [],
            "answer_labels": [{"scale_id": "1-5", "label": "Satisfied", "score": 4}],
            "survey_questions": [],
            "touchpoints": [],
            "sources": [],
            "excluded_responses": [
                {"source_system": "status_reason", "response_id": "test-1"}
            ],
        }
        self.answers: list[dict[str, Any]] = []
        self._add_scale("1-5", 1, 5, "high", 2, 2, "0", "99")
        self._add_scale("grades", 1, 6, "low", 2, 2)

    def _add_scale(
        self,
        scale_id: str,
        low: Any,
        high: Any,
        best: str,
        top: Any,
        bottom: Any,
        blank: str = "",
        not_applicable: str = "",
    ) -> None:
        self.definitions["rating_scales"].append(
            {
                "scale_id": scale_id,
                "min_score": low,
                "max_score": high,
                "best_is_high": str(best == "high").lower(),
                "top_box_count": top,
                "bottom_box_count": bottom,
                "blank_codes": blank,
                "not_applicable_codes": not_applicable,
            }
        )

    def _ask(self, term: str, source: str, touchpoint: str, scale_id: str) -> str:
        """Define a question, and its touchpoint when it is new; returns its id."""
        questions, touchpoints = (
            self.definitions[seed] for seed in ("survey_questions", "touchpoints")
        )
        question_id = f"question {len(questions)}"
        questions.append(
            {
                "source_system": source,
                "survey_id": term,
                "question_id": question_id,
                "metric": "csat",
                "touchpoint_id": touchpoint,
                "scale_id": scale_id,
                "valid_from": "2026-01-01",
            }
        )
        if touchpoint not in [row["touchpoint_id"] for row in touchpoints]:
            touchpoints.append(
                {"touchpoint_id": touchpoint, "survey_kind": "transactional"}
            )
        return question_id

    def _answer(
        self, term: str, source: str, question_id: str, **cells: str | None
    ) -> None:
        row = {
            "source_system": source,
            "survey_id": term,
            "question_id": question_id,
            "response_id": f"response {len(self.answers)}",
            "answer": "5",
            "responded_at": "2026-01-10",
        }
        self.answers.append({**row, **cells})

    def add_answer_status(self, rows: list[Cells]) -> None:
        question = self._ask("answer_status", "answer_status", "any", "1-5")
        for row in rows:
            self._answer(
                "answer_status", "answer_status", question, answer=row["answer"]
            )

    def add_status_reason(self, rows: list[Cells]) -> None:
        question = self._ask("status_reason", "status_reason", "any", "1-5")
        for row in rows:
            cells = {
                column: value
                for column, value in row.items()
                if column not in ("status_reason", "answer_status")
            }
            self._answer("status_reason", "status_reason", question, **cells)

    def add_reporting_date(self, rows: list[Cells]) -> None:
        for zone in dict.fromkeys(str(row["time_zone"]) for row in rows):
            self.definitions["sources"].append(
                {"source_system": zone, "time_zone": zone}
            )
        for row in rows:
            zone = str(row["time_zone"])
            question = self._ask("reporting_date", zone, "any", "1-5")
            self._answer(
                "reporting_date", zone, question, responded_at=row["responded_at"]
            )

    def add_mean_score_pct(self, rows: list[Cells]) -> None:
        scales = {"scores_on_1_to_5": "1-5", "scores_in_grades_1_to_6": "grades"}
        for place, row in enumerate(rows):
            for column, scale in scales.items():
                term = "mean_score_pct"
                question = self._ask(term, term, f"{term} {place}", scale)
                for score in filter(None, (row[column] or "").split(", ")):
                    self._answer(term, term, question, answer=score)

    def add_is_mixed_scale(self, rows: list[Cells]) -> None:
        for place, row in enumerate(rows):
            for column in ("first_scale", "second_scale"):
                ends, best, top, bottom = str(row[column]).split()
                low, high = ends.split("-")
                scale_id = f"{column} {place}"
                self._add_scale(scale_id, low, high, best, top, bottom)
                term = "is_mixed_scale"
                question = self._ask(term, term, f"{term} {place}", scale_id)
                self._answer(term, term, question, answer="3")

    def add_is_reportable(self, rows: list[Cells]) -> None:
        for place, row in enumerate(rows):
            term = "is_reportable"
            question = self._ask(term, term, f"{term} {place}", "1-5")
            for _ in range(int(row["response_count"] or 0)):
                self._answer(term, term, question)

    def write(self, project: Project, feed: Path) -> None:
        project.write_definitions(self.definitions)
        columns = dict.fromkeys(name for answer in self.answers for name in answer)
        feed.mkdir()
        with (feed / "survey_answers.csv").open(
            "w", newline="", encoding="utf-8"
        ) as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(self.answers)


# Results that follow from the models: what reads them.
QUERIES = {
    "answer_status": """
        select answer, answer_status from intermediate.int_survey_answers_judged
        where survey_id = 'answer_status'
    """,
    "status_reason": """
        select
            response_id, answer, responded_at, updated_at, response_status, weight,
            status_reason, answer_status
        from intermediate.int_survey_answers_judged
        where survey_id = 'status_reason'
    """,
    "reporting_date": """
        select source_system, responded_at, reporting_date
        from intermediate.int_survey_answers_judged
        where survey_id = 'reporting_date'
    """,
    **{
        term: f"""
            select {term} from marts.fct_csat_by_touchpoint_period
            where period_grain = 'year' and starts_with(touchpoint_id, '{term}')
            order by cast(split_part(touchpoint_id, ' ', 2) as integer)
        """
        for term in ("mean_score_pct", "is_mixed_scale", "is_reportable")
    },
}


def _macro_examples() -> str:
    """A model with one row per example and result that follows from a macro."""
    selects = []
    for (term, result), call in MACROS.items():
        rows = [row for table in EXAMPLES[term] for row in table.rows]
        for place, row in enumerate(rows):
            cells = {name: value or "null" for name, value in row.items()}
            selects.append(
                f"select '{term}' as term, '{result}' as result, {place} as place,"
                f" cast({{{{ {call.format(**cells)} }}}} as varchar) as found"
            )
    selects.append(
        "select 'status_reason' as term, 'all' as result, 0 as place,"
        " '{{ status_reasons() | join(' ') }}' as found"
    )
    return "\nunion all\n".join(selects)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project built on the examples that go through models, and the macros' own."""
    directory = tmp_path_factory.mktemp("terms")
    project = Project(directory)
    survey = Survey()
    for term in QUERIES:
        for table in EXAMPLES[term]:
            getattr(survey, f"add_{term}")(table.rows)
    survey.write(project, directory / "feed")
    settings = project.root / "dbt_project.yml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            "model-paths: [models]", "model-paths: [models, examples]"
        )
    )
    (project.root / "examples").mkdir()
    (project.root / "examples" / "macro_examples.sql").write_text(_macro_examples())
    done = project.dbt(
        "build",
        "--exclude-resource-type",
        "test",
        "--exclude-resource-type",
        "unit_test",
        "--select",
        "macro_examples",
        "+fct_csat_by_touchpoint_period",
        "int_survey_answers_judged",
        feed=directory / "feed",
        variables=VARIABLES,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return project


def _same(found: Any, expected: str | None) -> bool:
    """Whether a value is what the cell of a table says; numbers to the last bit."""
    if found is None or expected is None:
        return found is expected
    text = str(found).lower() if isinstance(found, bool) else str(found)
    try:
        return float(text) == float(expected)
    except ValueError:
        return text == expected


@pytest.mark.parametrize(("term", "result"), MACROS)
def test_example_follows_from_the_macro(term: str, result: str, built: Project) -> None:
    found = built.query(
        "select found from main.macro_examples"
        f" where term = '{term}' and result = '{result}' order by place"
    )
    expected = [row[result] for table in EXAMPLES[term] for row in table.rows]
    assert len(found) == len(expected)
    for (value,), cell in zip(found, expected, strict=True):
        assert _same(value, cell), f"{value} instead of {cell}"


@pytest.mark.parametrize("term", ["mean_score_pct", "is_mixed_scale", "is_reportable"])
def test_example_follows_from_the_scores(term: str, built: Project) -> None:
    found = built.query(QUERIES[term])
    expected = [row[term] for table in EXAMPLES[term] for row in table.rows]
    assert len(found) == len(expected)
    for (value,), cell in zip(found, expected, strict=True):
        assert _same(value, cell), f"{value} instead of {cell}"


@pytest.mark.parametrize("term", ["answer_status", "status_reason", "reporting_date"])
def test_example_follows_from_judging(term: str, built: Project) -> None:
    found = Counter(
        tuple(None if value is None else str(value) for value in row)
        for row in built.query(QUERIES[term])
    )
    expected = Counter(
        tuple(row.values()) for table in EXAMPLES[term] for row in table.rows
    )
    assert found == expected


def test_reasons_stand_in_the_order_in_which_they_are_tried(built: Project) -> None:
    ((reasons,),) = built.query(
        "select found from main.macro_examples where term = 'status_reason'"
    )
    definitions = TERMS["status_reason"][0]
    assert [row["status_reason"] for row in definitions.rows] == [
        *reasons.split(),
        None,
    ]


def test_reasons_have_the_status_of_their_examples() -> None:
    definitions, examples = TERMS["status_reason"]
    status = {row["status_reason"]: row["answer_status"] for row in definitions.rows}
    for row in examples.rows:
        assert row["answer_status"] == status[row["status_reason"]]


@pytest.mark.parametrize(
    "term", ["answer_status", "status_reason", "satisfaction_category", "nps_category"]
)
def test_every_value_has_a_definition_and_an_example(term: str) -> None:
    definitions, examples = TERMS[term]
    defined = [row[term] for row in definitions.rows]
    assert len(defined) == len(set(defined))
    assert set(defined) == {row[term] for row in examples.rows}


def test_every_term_has_examples_that_are_computed() -> None:
    computed = {(term, term) for term in QUERIES} | set(MACROS)
    computed |= {("status_reason", "answer_status")}
    assert computed == {
        (term, result)
        for term, tables in EXAMPLES.items()
        for table in tables
        for result in table.results
    }
    assert all(EXAMPLES.values())
