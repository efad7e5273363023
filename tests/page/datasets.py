"""Warehouses of unusual users: what the page reads of the sample, changed by SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

# All that the page may look at: no table that holds persons.
PUBLIC = (
    "dim_periods",
    "dim_survey_questions",
    "dim_touchpoints",
    "fct_answer_counts_by_question",
    "fct_ces_by_period",
    "fct_ces_by_touchpoint_period",
    "fct_csat_by_period",
    "fct_csat_by_touchpoint_period",
    "fct_erased_answer_counts_by_source",
    "fct_nps_by_period",
    "fct_nps_by_touchpoint_period",
    "fct_score_counts_by_day",
    "fct_score_restatements",
    *(
        f"fct_{metric}_change_by_{dimension}"
        for metric in ("nps", "csat", "ces")
        for dimension in ("touchpoint", "channel", "segment")
    ),
    "fct_nps_drop_drilldown",
)
SCORES = tuple(
    f"fct_{metric}_by_{grain}"
    for metric in ("nps", "csat", "ces")
    for grain in ("period", "touchpoint_period")
)
STATISTICS = (
    "_low",
    "_high",
    "_change",
    "_change_p_value",
    "_minimum_detectable_change",
    "_year_change",
    "_year_change_p_value",
)

Statements = Callable[[duckdb.DuckDBPyConnection], Sequence[str]]

LONG = "A touchpoint whose name somebody wrote as a whole sentence, " * 6
UNBROKEN = "Kundenzufriedenheitsbefragungsauswertungsbericht" * 5
SMUGGLED = (
    "</script><script>document.title='owned'</script>",
    "<!--<script>",
    "<img src=x onerror=\"document.title='owned'\">",
    'O\'Brien & Söhne "GmbH" \\ {{ data }} ${1} \u2028 \u2029',
    "javascript:alert(1)",
    "&lt;b&gt; &amp; ]]>",
    "' or 1=1 --",
    "\u202eright to left override",
)
LANGUAGES = (
    "الموقع والنصائح: تجربة العميل",
    "אתר ותשלום (2025)",
    "納品と組み立て",
    "Оформление заказа",
    "การซ่อมแซม",
    "🚲 Ride 👩‍👩‍👧‍👦",
    "Ñandú ﷽ Z̸̢̛̤a̶͚͝l̷̰̈́g̶̱̈o̴͕͐",
    "हेल्प डेस्क",
)


def tables(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    """The marts that have a column."""
    return [
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.columns "
            "where table_schema = 'marts' and column_name = ? "
            "and table_catalog = current_database() order by table_name",
            [column],
        ).fetchall()
    ]


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a mart."""
    return [
        name
        for (name,) in connection.execute(
            "select column_name from information_schema.columns "
            "where table_schema = 'marts' and table_name = ? "
            "and table_catalog = current_database() order by ordinal_position",
            [table],
        ).fetchall()
    ]


def _only_brand(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        f"delete from marts.{table} where touchpoint_id <> 'brand'"
        for table in tables(connection, "touchpoint_id")
    ]


def _without(connection: duckdb.DuckDBPyConnection, *metrics: str) -> list[str]:
    statements = [
        f"delete from marts.{table}"
        for table in tables(connection, "period_id")
        for metric in metrics
        if table.startswith(f"fct_{metric}_change")
        or (table == "fct_nps_drop_drilldown" and metric != "ces")
    ]
    for metric in metrics:
        statements += [
            f"delete from marts.fct_{metric}_by_period",
            f"delete from marts.fct_{metric}_by_touchpoint_period",
            f"delete from marts.dim_survey_questions where metric = '{metric}'",
            f"delete from marts.fct_score_counts_by_day where metric = '{metric}'",
        ]
    return statements


def _renamed(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[str]:
    """Other names everywhere that a user may give one, ids of touchpoints included."""
    statements = []
    quoted = "[" + ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    quoted += "]"
    number = f"1 + (journey_order - 1) % {len(names)}"
    statements += [
        f"update marts.dim_touchpoints set touchpoint_name = {quoted}[{number}], "
        f"journey_stage = {quoted}[{number}]",
        "create temp table renamed as select touchpoint_id as old, "
        "touchpoint_name || journey_order as new from marts.dim_touchpoints",
    ]
    for table in tables(connection, "touchpoint_id"):
        statements.append(
            f"update marts.{table} set touchpoint_id = renamed.new from renamed "
            f"where {table}.touchpoint_id = renamed.old"
        )
    for column in (
        *("source_system", "survey_id", "question_id", "scale_id"),
        *("channel", "segment"),
    ):
        for table in tables(connection, column):
            name = f"{quoted}[1 + length({column}) % {len(names)}]"
            statements.append(
                f"update marts.{table} set {column} = {name} || {column} "
                f"where {column} is not null"
            )
    statements.append(
        f"update marts.dim_survey_questions set question_text = "
        f"{quoted}[1 + length(question_text) % {len(names)}]"
    )
    return statements


def _sixty_touchpoints(connection: duckdb.DuckDBPyConnection) -> list[str]:
    statements = []
    for table in tables(connection, "touchpoint_id"):
        chosen = []
        for column in columns(connection, table):
            if column == "touchpoint_id":
                chosen.append("touchpoint_id || '_' || copy")
            elif column == "touchpoint_name":
                chosen.append("touchpoint_name || ' ' || copy")
            elif column == "journey_order":
                chosen.append("journey_order + 10 * copy")
            elif column == "question_id":
                chosen.append("question_id || '_' || copy")
            else:
                chosen.append(column)
        statements.append(
            f"insert into marts.{table} select {', '.join(chosen)} "
            f"from marts.{table}, range(1, 7) as copies(copy)"
        )
    return statements


def _six_years(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The two years of the sample three times, one after the other."""
    statements = []
    for years in (2, 4):
        for table in ("dim_periods", *SCORES, "fct_score_counts_by_day"):
            chosen = []
            for column in columns(connection, table):
                moved = f"cast({column} - interval {years} year as date)"
                if column in ("period_start_date", "period_end_date", "reporting_date"):
                    chosen.append(moved)
                elif column == "period_id":
                    start = moved.replace(column, "period_start_date")
                    chosen.append(f"period_grain || ':' || {start}")
                elif column == "period_label":
                    chosen.append(
                        f"(left(period_label, 4)::int - {years}) || period_label[5:]"
                    )
                else:
                    chosen.append(column)
            grain = (
                "reporting_date >= '2024-01-01'"
                if table == "fct_score_counts_by_day"
                else "period_grain in ('month', 'quarter', 'year') "
                "and period_start_date >= '2024-01-01'"
            )
            statements.append(
                f"insert into marts.{table} select {', '.join(chosen)} "
                f"from marts.{table} where {grain}"
            )
    return statements


def _without_statistics(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        *(
            f"drop table marts.{table}"
            for table in tables(connection, "period_id")
            if "_change_by_" in table or table == "fct_nps_drop_drilldown"
        ),
        *_columns_dropped(connection),
    ]


def _columns_dropped(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        f"alter table marts.{table} drop column {column}"
        for table in SCORES
        for column in columns(connection, table)
        if column.endswith(STATISTICS) or column.startswith("is_significant")
    ]


def _single_answers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One answer a year, the best or the worst."""
    statements = ["delete from marts.dim_periods where period_grain in ('day', 'week')"]
    for table in SCORES:
        best, middle, worst = [
            column
            for column in columns(connection, table)
            if column.endswith("_count") and column != "response_count"
        ][:3]
        metric = table.split("_")[1]
        score = {"nps": "nps", "csat": "csat_pct", "ces": "ces_pct"}[metric]
        lowest = -100 if metric == "nps" else 0
        good = "period_start_date < '2025-01-01'"
        statements += [
            f"delete from marts.{table} where month(period_start_date) <> 1",
            f"update marts.{table} set response_count = 1, {middle} = 0, "
            f"{best} = if({good}, 1, 0), {worst} = if({good}, 0, 1), "
            f"{score} = if({good}, 100, {lowest}), is_reportable = false",
        ]
    statements.append(
        "delete from marts.fct_score_counts_by_day "
        "where reporting_date not in ('2024-01-05', '2025-01-05')"
    )
    return statements


# Each gives the statements that turn a copy of the sample's marts into other ones.
DATASETS: dict[str, Statements] = {
    "the sample": lambda _: [],
    "without statistics": _without_statistics,
    "one touchpoint": _only_brand,
    "sixty touchpoints": _sixty_touchpoints,
    "sixty touchpoints, six years": lambda connection: [
        *_six_years(connection),
        *_sixty_touchpoints(connection),
    ],
    "one month": lambda _: [
        "delete from marts.dim_periods where period_id not in "
        "('month:2025-05-01', 'quarter:2025-04-01', 'year:2025-01-01')",
        "update marts.dim_periods set previous_period_id = null, "
        "is_complete = period_grain = 'month'",
        *(
            f"delete from marts.{table} where period_id not in "
            "(select period_id from marts.dim_periods)"
            for table in SCORES
        ),
        "delete from marts.fct_score_counts_by_day "
        "where reporting_date not between '2025-05-01' and '2025-05-31'",
    ],
    "no NPS": lambda connection: _without(connection, "nps"),
    "no CSAT": lambda connection: _without(connection, "csat"),
    "nothing but CES": lambda connection: _without(connection, "nps", "csat"),
    "names of all languages": lambda connection: _renamed(connection, LANGUAGES),
    "long names": lambda connection: _renamed(connection, [LONG, UNBROKEN]),
    "smuggled names": lambda connection: _renamed(connection, SMUGGLED),
    "no names": lambda _: [
        "update marts.dim_touchpoints set touchpoint_name = if(journey_order > 4, "
        "null, '  '), journey_stage = null, journey_order = null",
        "update marts.dim_survey_questions set question_text = null",
        "update marts.fct_answer_counts_by_question set source_system = null, "
        "survey_id = '', question_id = ' '",
    ],
    "scores of 0": lambda _: [
        f"update marts.{table} set {score} = 0"
        for metric, score in (("nps", "nps"), ("csat", "csat_pct"), ("ces", "ces_pct"))
        for table in (f"fct_{metric}_by_period", f"fct_{metric}_by_touchpoint_period")
    ],
    "single answers": _single_answers,
    "gaps": lambda _: [
        f"delete from marts.{table} where month(period_start_date) in (4, 5, 8) "
        "or period_start_date >= '2025-10-01'"
        for table in SCORES
    ],
    "a running period": lambda _: [
        "update marts.dim_periods set is_complete = false "
        "where period_end_date > '2025-12-01'"
    ],
    "nothing complete": lambda _: ["update marts.dim_periods set is_complete = false"],
    "fiscal years": lambda _: [
        "update marts.dim_periods set period_label = 'FY' || period_label "
        "where period_grain in ('quarter', 'year')"
    ],
    "many answers": lambda _: [
        f"update marts.{table} set response_count = response_count * 1000003"
        for table in SCORES
    ],
    "nothing accepted": lambda connection: [
        *(f"delete from marts.{table}" for table in tables(connection, "period_id")),
        "delete from marts.fct_score_counts_by_day",
        "update marts.fct_answer_counts_by_question "
        "set accepted_count = 0, skipped_count = 0, rejected_count = feed_count, "
        "unknown_question_count = feed_count",
    ],
    "nothing at all": lambda connection: [
        f"delete from marts.{table}"
        for (table,) in connection.execute(
            "select table_name from information_schema.tables"
        ).fetchall()
    ],
}


def written(name: str, sample: Path, path: Path) -> Path:
    """Write the public marts of a data set to a file of their own."""
    with duckdb.connect(path) as connection:
        connection.execute(f"attach '{sample}' as sample (read_only)")
        connection.execute("create schema marts")
        for (table,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'sample' and table_schema = 'marts'"
        ).fetchall():
            if table in PUBLIC:
                connection.execute(
                    f"create table marts.{table} as from sample.marts.{table}"
                )
        connection.execute("detach sample")
        for statement in DATASETS[name](connection):
            connection.execute(statement)
    return path
