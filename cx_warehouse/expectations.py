"""Hold the counts in the warehouse against what the definitions promise.

    python -m cx_warehouse check [--warehouse PATH] [--data-docs DIR]

Scores lie within their question's scale, few answers are off the scale or an unknown
label, NPS and shares lie within their bounds, and the categories of a score add up to
its answers. The expectations are Great Expectations suites, built from the definition
seeds in the warehouse and checked on counts: what they cost does not grow with the rows
of the feed. Each one that fails is told in one sentence, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from cx_warehouse.build_record import passed_build, remember_check
from cx_warehouse.errors import UserError
from cx_warehouse.warehouse import (
    PROJECT_ROOT,
    opened_warehouse,
    print_lines,
    warehouse_path,
)

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation import Expectation

DATA_DOCS = PROJECT_ROOT / "target" / "data_docs"
# Fewer answers than these that fit no point of the scale say nothing about a mapping.
MINIMUM_MISFIT_COUNT = 10

_SCALES = """
    select
        scale_id,
        cast(min_score as integer) as min_score,
        cast(max_score as integer) as max_score
    from definitions.rating_scales
    order by scale_id
"""

# `defined_scale_id` is null where the seeds do not give the question this scale.
_QUESTION_SCORES = """
    with

    defined as (

        select distinct
            survey_questions.source_system,
            survey_questions.survey_id,
            survey_questions.question_id,
            survey_questions.scale_id
        from definitions.survey_questions
        inner join definitions.rating_scales
            on survey_questions.scale_id = rating_scales.scale_id

    ),

    counted as (

        select distinct
            source_system,
            survey_id,
            question_id,
            scale_id,
            score
        from marts.fct_score_counts_by_day

    )

    select
        counted.*,
        defined.scale_id as defined_scale_id
    from counted
    left join defined
        on
            counted.source_system = defined.source_system
            and counted.survey_id = defined.survey_id
            and counted.question_id = defined.question_id
            and counted.scale_id = defined.scale_id
    order by all
"""

# One row per question and scale. A rejected answer has the scale of the definition that
# was valid on its own day. An off-scale number or an unknown label is a misfit.
_QUESTION_MISFITS = """
    with

    unfit as (

        select
            source_system,
            survey_id,
            question_id,
            scale_id,
            status_reason <> 'not_a_whole_number' as is_misfit,
            trim(answer, e' \\t\\r\\n') as value,
            count(*) as answer_count
        from intermediate.int_survey_answers_judged
        where status_reason in ('off_scale', 'unknown_label', 'not_a_whole_number')
        group by source_system, survey_id, question_id, scale_id, is_misfit, value

    ),

    ranked as (

        select
            *,
            row_number() over (
                partition by source_system, survey_id, question_id, scale_id
                order by answer_count desc, value asc
            ) as value_rank
        from unfit
        where is_misfit

    ),

    commonest as (

        select
            source_system,
            survey_id,
            question_id,
            scale_id,
            string_agg(
                '"' || left(value, 40) || '" (' || answer_count || ')', ', '
                order by value_rank
            ) as commonest_values
        from ranked
        where value_rank <= 3
        group by source_system, survey_id, question_id, scale_id

    ),

    answers as (

        select
            source_system,
            survey_id,
            question_id,
            scale_id,
            false as is_misfit,
            answer_count
        from marts.fct_score_counts_by_day

        union all

        select
            source_system,
            survey_id,
            question_id,
            scale_id,
            is_misfit,
            answer_count
        from unfit

    ),

    counted as (

        select
            source_system,
            survey_id,
            question_id,
            scale_id,
            sum(answer_count) as answer_count,
            sum(case when is_misfit then answer_count else 0 end) as misfit_count
        from answers
        group by source_system, survey_id, question_id, scale_id

    )

    select
        counted.*,
        cast(100 * misfit_count as double) / answer_count as misfit_pct,
        commonest.commonest_values
    from counted
    left join commonest
        on
            counted.source_system = commonest.source_system
            and counted.survey_id = commonest.survey_id
            and counted.question_id = commonest.question_id
            and counted.scale_id = commonest.scale_id
    order by all
"""

_QUESTION_KEY = ("source_system", "survey_id", "question_id", "scale_id")


@dataclass(frozen=True)
class Score:
    """The columns of a score's facts: its categories, and its values' bounds."""

    categories: tuple[str, ...]
    bounds: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Fact:
    """A fact of the marts: its name, its key, and the score that it holds."""

    name: str
    key: tuple[str, ...]
    score: Score


_SHARE = (0, 100)
_CSAT = Score(
    categories=("satisfied_count", "neutral_count", "dissatisfied_count"),
    bounds={"csat_pct": _SHARE, "mean_score_pct": _SHARE},
)
_CES = Score(
    categories=("easy_count", "neutral_count", "difficult_count"),
    bounds={"ces_pct": _SHARE, "mean_score_pct": _SHARE},
)
_NPS = Score(
    categories=("promoter_count", "passive_count", "detractor_count"),
    bounds={
        "nps": (-100, 100),
        "promoter_pct": _SHARE,
        "passive_pct": _SHARE,
        "detractor_pct": _SHARE,
    },
)
FACTS = (
    Fact("fct_csat_by_touchpoint_period", ("touchpoint_id", "period_id"), _CSAT),
    Fact("fct_csat_by_period", ("period_id",), _CSAT),
    Fact("fct_ces_by_touchpoint_period", ("touchpoint_id", "period_id"), _CES),
    Fact("fct_ces_by_period", ("period_id",), _CES),
    Fact("fct_nps_by_touchpoint_period", ("touchpoint_id", "period_id"), _NPS),
    Fact("fct_nps_by_period", ("survey_kind", "period_id"), _NPS),
)


@dataclass(frozen=True)
class Suite:
    """A table of counts and what is expected of it; `key` names a row of the table."""

    name: str
    key: tuple[str, ...]
    frame: pd.DataFrame
    expectations: Sequence[Expectation]


def build_suites(
    connection: duckdb.DuckDBPyConnection, maximum_misfit_pct: float
) -> list[Suite]:
    """The tables of counts in the warehouse, each with its expectations.

    Every expectation has its rule in words in `meta`. A between-expectation passes
    over nulls: where a value must be, an expectation of its own says so.
    """
    return [
        _score_suite(connection),
        _misfit_suite(connection, maximum_misfit_pct),
        *(_fact_suite(connection, fact) for fact in FACTS),
    ]


def _score_suite(connection: duckdb.DuckDBPyConnection) -> Suite:
    import great_expectations.expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    within_scales = [
        gxe.ExpectColumnValuesToBeBetween(
            column="score",
            min_value=min_score,
            max_value=max_score,
            row_condition=Column("scale_id") == scale_id,
            meta=_rule(f"a score on this scale lies within {min_score} to {max_score}"),
        )
        for scale_id, min_score, max_score in connection.execute(_SCALES).fetchall()
    ]
    return Suite(
        name="question_scores",
        key=_QUESTION_KEY,
        frame=_frame(connection, _QUESTION_SCORES),
        expectations=[
            *within_scales,
            gxe.ExpectColumnValuesToNotBeNull(
                column="score", meta=_rule("every accepted answer has a score")
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="scale_id",
                column_B="defined_scale_id",
                ignore_row_if="neither",
                meta=_rule("a question has the scale that the definitions give it"),
            ),
        ],
    )


def _misfit_suite(
    connection: duckdb.DuckDBPyConnection, maximum_misfit_pct: float
) -> Suite:
    import great_expectations.expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return Suite(
        name="question_misfits",
        key=_QUESTION_KEY,
        frame=_frame(connection, _QUESTION_MISFITS),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="misfit_pct",
                max_value=maximum_misfit_pct,
                row_condition=Column("misfit_count") >= MINIMUM_MISFIT_COUNT,
                meta=_rule(
                    f"at most {maximum_misfit_pct:g} % of a question's answers are "
                    "off the scale or an unknown label"
                ),
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="misfit_pct", meta=_rule("the share of misfits is known")
            ),
        ],
    )


def _fact_suite(connection: duckdb.DuckDBPyConnection, fact: Fact) -> Suite:
    import great_expectations.expectations as gxe

    categories, bounds = fact.score.categories, fact.score.bounds
    category_sum = " + ".join(categories)
    columns = (*fact.key, "response_count", *categories, *bounds)
    frame = _frame(
        connection,
        f"""
        select
            {", ".join(columns)},
            {category_sum} as category_sum
        from marts.{fact.name}
        order by {", ".join(fact.key)}
        """,
    )
    expectations = [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="category_sum",
            column_B="response_count",
            ignore_row_if="neither",
            meta=_rule(f"{category_sum} is response_count"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="response_count",
            min_value=1,
            meta=_rule("a row exists only where an answer does"),
        ),
    ]
    expectations += [
        gxe.ExpectColumnValuesToBeBetween(
            column=category, min_value=0, meta=_rule(f"{category} is never negative")
        )
        for category in categories
    ]
    for score, (minimum, maximum) in bounds.items():
        expectations += [
            gxe.ExpectColumnValuesToBeBetween(
                column=score,
                min_value=minimum,
                max_value=maximum,
                meta=_rule(f"{score} lies within {minimum} to {maximum}"),
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column=score, meta=_rule(f"{score} is there where an answer is")
            ),
        ]
    return Suite(fact.name, fact.key, frame, expectations)


def _rule(words: str) -> dict[str, str]:
    return {"rule": words}


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """The rows of a query; numbers are floats: a null is NaN and equals nothing.

    Pandas' own nullable integers make a comparison null, on which a pair expectation
    breaks. Counts up to 2 ** 53 are exact.
    """
    frame = connection.execute(query).df()
    numbers = frame.select_dtypes("number").columns
    return frame.astype(dict.fromkeys(numbers, "float64"))


def failures(suites: Sequence[Suite], data_docs: Path) -> list[str]:
    """Validate the suites, write Data Docs to a folder, and give what failed.

    One sentence per failed expectation, and one per question whose misfits are too
    many. Pages of an earlier check in the folder are replaced.
    """
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.delete_data_docs_site("local_site")
    context.add_data_docs_site(
        "warehouse",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(data_docs),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    source = context.data_sources.add_pandas("warehouse")
    sentences: list[str] = []
    for suite in suites:
        asset = source.add_dataframe_asset(suite.name)
        definition = gx.ValidationDefinition(
            name=suite.name,
            data=asset.add_batch_definition_whole_dataframe("all rows"),
            suite=context.suites.add(
                gx.ExpectationSuite(suite.name, expectations=suite.expectations)
            ),
        )
        validated = definition.run(
            batch_parameters={"dataframe": suite.frame}, result_format="COMPLETE"
        )
        for result in validated.results:
            if not result.success:
                sentences += _sentences(suite, result)
    context.build_data_docs()
    return sentences


def _sentences(suite: Suite, result: ExpectationValidationResult) -> Iterator[str]:
    """What a failed expectation has to say. Raises RuntimeError if it never ran."""
    if "unexpected_index_list" not in result.result:
        raise RuntimeError(f"{suite.name} was not checked: {result.exception_info}")
    rows = suite.frame.loc[result.result["unexpected_index_list"]].to_dict("records")
    config = result.expectation_config
    rule = config.meta["rule"]
    if suite.name == "question_misfits" and "max_value" in config.kwargs:
        for row in rows:
            share = _share_above(row["misfit_pct"], config.kwargs["max_value"])
            yield (
                f"{_place(suite, row)}: {rule}, but {share} % are "
                f"({row['misfit_count']:,.0f} of {row['answer_count']:,.0f}), most "
                f"often {row['commonest_values']}: the question's scale or the scale's "
                "labels in seeds/definitions do not match what was asked."
            )
        return
    row, *others = rows
    columns = [
        config.kwargs[name]
        for name in ("column", "column_A", "column_B")
        if name in config.kwargs
    ]
    found = " and ".join(f"{column} is {_shown(row[column])}" for column in columns)
    more = f" (and {len(others):,} more)" if others else ""
    yield f"{suite.name}: {rule}, but {found} in {_place(suite, row)}{more}."


def _share_above(share_pct: float, maximum_pct: float) -> str:
    """The share with three digits, or as many as show that it is above the maximum."""
    texts = (f"{share_pct:.{digits}g}" for digits in range(3, 18))
    return next(text for text in texts if float(text) > maximum_pct)


def _place(suite: Suite, row: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.removesuffix('_id')} {_shown(row[name])}" for name in suite.key
    )


def _shown(value: object) -> str:
    # A null is NaN, the one value that differs from itself.
    if value is None or value != value:
        return "null"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _printable(text: str) -> str:
    """The text with escapes for what cannot be seen, such as a no-break space."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _project_maximum_misfit_pct() -> float:
    """The var maximum_misfit_pct of dbt_project.yml, in percent."""
    path = PROJECT_ROOT / "dbt_project.yml"
    variables = YAML(typ="safe").load(path)["vars"]
    try:
        return _percent(str(variables["maximum_misfit_pct"]))
    except (KeyError, ValueError) as error:
        raise UserError(
            f"{path} must give the var maximum_misfit_pct, from 0 to 100."
        ) from error


def _percent(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100:
        raise ValueError(text)
    return number


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `check` command to the command line."""
    parser = subparsers.add_parser(
        "check",
        help="hold the counts in the warehouse against the definitions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--warehouse",
        type=Path,
        metavar="PATH",
        help="the warehouse file (default: CX_WAREHOUSE_PATH, else warehouse.duckdb)",
    )
    parser.add_argument(
        "--data-docs",
        type=Path,
        default=DATA_DOCS,
        metavar="DIR",
        help="folder for the Data Docs (default: target/data_docs of the project)",
    )
    parser.add_argument(
        "--maximum-misfit-pct",
        type=_percent,
        metavar="PERCENT",
        help="in place of the var maximum_misfit_pct of dbt_project.yml",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the warehouse and print what failed; 1 when something did, else 0.

    Raises UserError when the warehouse cannot be read, Data Docs cannot be written, or
    the project gives no maximum_misfit_pct.
    """
    is_passed = check(
        warehouse_path(arguments.warehouse),
        arguments.data_docs.absolute(),
        arguments.maximum_misfit_pct,
    )
    return 0 if is_passed else 1


def check(
    warehouse: Path,
    data_docs: Path = DATA_DOCS,
    maximum_misfit_pct: float | None = None,
) -> bool:
    """Check the warehouse, print what failed, and say whether all expectations hold.

    What passes with the project's own limit may be published. Raises UserError as `run`
    does.
    """
    # Read on import, which takes seconds: no other command waits for it.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    is_own_limit = maximum_misfit_pct is None
    if maximum_misfit_pct is None:
        maximum_misfit_pct = _project_maximum_misfit_pct()
    try:
        data_docs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"the Data Docs cannot be written to {data_docs}: {error.strerror}."
        ) from error
    with opened_warehouse(warehouse) as connection:
        suites = build_suites(connection, maximum_misfit_pct)
        build = passed_build(connection)
    sentences = failures(suites, data_docs)
    remember_check(warehouse, build if is_own_limit and not sentences else None)
    expectation_count = sum(len(suite.expectations) for suite in suites)
    verdict = f"{len(sentences)} failures" if sentences else "all hold"
    print_lines(
        [
            *(f"FAIL {_printable(sentence)}" for sentence in sentences),
            f"{expectation_count} expectations on {len(suites)} tables: {verdict}.",
            f"Data Docs: {data_docs / 'index.html'}",
        ]
    )
    return not sentences
