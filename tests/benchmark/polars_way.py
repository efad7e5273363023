"""The same facts with Polars: a lazy script on its streaming engine.

`python -m tests.benchmark.polars_way FEED DEFINITIONS OUTPUT` writes one Parquet file a
mart. It computes the accepted and the unaccepted answers, the counts by question and by
day, and the scores by touchpoint and period and by period; hash ids and dimensions it
leaves out. It reads the feed of this benchmark: rules that never apply to it, such as
times of day without seconds, are left out too.

It is written as one writes Polars for speed: the feed is scanned lazily, only columns
that are needed are read, keys that occur once skip the ranking of versions, judged
answers are written once and everything else is computed from them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from cx_warehouse.feed import FEED_COLUMNS
from tests.oracle.compare import MARTS as ALL_MARTS

KEY = ("source_system", "survey_id", "response_id", "question_id")
QUESTION = ("source_system", "survey_id", "question_id")
TIMES = ("responded_at", "interaction_at", "invited_at", "updated_at")
GRAINS = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
SKIPPED_REASONS = ("blank", "not_applicable", "incomplete_response")
REASONS = (
    *("missing_id", "missing_timestamp", "unreadable_timestamp", "future_timestamp"),
    *("unknown_question", "excluded_response", "not_a_real_response", "duplicate"),
    *("superseded", "blank", "not_applicable", "incomplete_response"),
    *("unknown_label", "not_a_whole_number", "off_scale", "bad_weight"),
)
MINIMUM_REPORTABLE_RESPONSES = 30
MARTS = (
    "fct_survey_answers",
    "fct_unaccepted_answers",
    "fct_answer_counts_by_question",
    "fct_score_counts_by_day",
    "fct_csat_by_touchpoint_period",
    "fct_ces_by_touchpoint_period",
    "fct_nps_by_touchpoint_period",
    "fct_csat_by_period",
    "fct_ces_by_period",
    "fct_nps_by_period",
)


class Definitions:
    """The seeds as small frames that answers are joined to."""

    def __init__(self, directory: Path) -> None:
        def seed(name: str) -> pl.DataFrame:
            path = directory / f"{name}.csv"
            return pl.read_csv(path, infer_schema=False)

        self.scales = seed("rating_scales").with_columns(
            pl.col("min_score", "max_score", "top_box_count", "bottom_box_count").cast(
                pl.Int64
            ),
            best_is_high=pl.col("best_is_high") == "true",
        )
        codes = pl.concat(
            self.scales.select(
                "scale_id",
                clean_answer=pl.col(f"{reason}_codes")
                .fill_null("")
                .str.to_lowercase()
                .str.split("|"),
                code_reason=pl.lit(reason),
            ).explode("clean_answer")
            for reason in ("blank", "not_applicable")
        ).filter(pl.col("clean_answer") != "")
        labels = seed("answer_labels").select(
            "scale_id",
            clean_answer=pl.col("label").str.to_lowercase(),
            label_score=pl.col("score").cast(pl.Float64),
        )
        # What an answer means that is not simply its number.
        self.meanings = codes.join(
            labels, on=["scale_id", "clean_answer"], how="full", coalesce=True
        )
        self.touchpoints = seed("touchpoints")
        self.zones = dict(seed("sources").iter_rows())
        self.excluded = seed("excluded_responses").select(
            "source_system", "response_id", is_excluded=pl.lit(True)
        )
        self.intervals = _intervals(seed("survey_questions")).join(
            self.scales.drop("blank_codes", "not_applicable_codes"),
            on="scale_id",
            how="left",
        )


def _intervals(questions: pl.DataFrame) -> pl.DataFrame:
    """Every day of every question: the definition valid on it, or none."""
    first, last = date(1, 1, 1), date(9999, 12, 31)
    rows = []
    for key, group in questions.group_by(QUESTION):
        valid = sorted(
            (
                date.fromisoformat(row["valid_from"]) if row["valid_from"] else first,
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else last,
                (row["metric"], row["touchpoint_id"], row["scale_id"]),
            )
            for row in group.iter_rows(named=True)
        )
        reached = first
        for valid_from, valid_to, definition in valid:
            if reached < valid_from:
                rows.append((*key, reached, valid_from, None, None, None))
            rows.append((*key, valid_from, valid_to, *definition))
            reached = valid_to
        if reached < last:
            rows.append((*key, reached, last, None, None, None))
    schema = [
        *((name, pl.String) for name in QUESTION),
        *(("first_day", pl.Date), ("last_day", pl.Date)),
        *((name, pl.String) for name in ("metric", "touchpoint_id", "scale_id")),
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _instant(name: str, zone: str) -> pl.Expr:
    """A time as exported by a source, as an instant in UTC."""
    text = pl.col(name)
    seconds = text.str.head(19).str.replace("T", " ", literal=True)
    milliseconds = text.str.slice(20, 3).cast(pl.Int64, strict=False).fill_null(0)
    written = seconds.str.to_datetime(
        "%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"
    ) + pl.duration(milliseconds=milliseconds, time_unit="us")
    if zone == "UTC":
        return written
    hour = timedelta(hours=1)
    # A time that a clock skips is read with the offset before the change.
    placed, before_change = (
        time.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        for time in (written, written - hour)
    )
    in_utc = pl.coalesce(placed, before_change + hour).dt.convert_time_zone("UTC")
    return (
        pl.when(text.str.len_bytes() == 19)
        .then(in_utc.dt.replace_time_zone(None))
        .otherwise(written)
    )


def _timed(answers: pl.LazyFrame, zones: dict[str, str]) -> pl.LazyFrame:
    """Answers with their instants, source by source: each has a zone of its own."""
    source = pl.col("source_system")
    others = answers.filter(~source.is_in(zones.keys()) | source.is_null())
    return pl.concat(
        part.with_columns(_instant(name, zone).alias(f"{name}_utc") for name in TIMES)
        for part, zone in (
            *((answers.filter(source == name), zone) for name, zone in zones.items()),
            (others, "UTC"),
        )
    )


def _scored(answers: pl.LazyFrame, definitions: Definitions) -> pl.LazyFrame:
    """Answers with their times, their definition and the reasons of one row alone."""
    now = datetime.now(UTC).replace(tzinfo=None)
    clean_answer = pl.col("answer").str.strip_chars().str.to_lowercase()
    timed = (
        _timed(answers, definitions.zones)
        .with_columns(
            clean_answer=clean_answer,
            status=pl.col("response_status").str.strip_chars().str.to_lowercase(),
            weight_value=pl.col("weight").fill_null("1").cast(pl.Decimal(18, 10)),
        )
        .with_columns(reporting_date=pl.col("responded_at_utc").dt.date())
    )
    day = pl.col("reporting_date").fill_null(date(1, 1, 1))
    matched = (
        timed.join(definitions.intervals.lazy(), on=QUESTION, how="left")
        .filter(
            pl.col("first_day").is_null()
            | ((day >= pl.col("first_day")) & (day < pl.col("last_day")))
        )
        .join(definitions.meanings.lazy(), on=["scale_id", "clean_answer"], how="left")
        .join(
            definitions.excluded.lazy().unique(),
            on=["source_system", "response_id"],
            how="left",
        )
        .with_columns(
            value=pl.coalesce(
                "label_score", pl.col("clean_answer").cast(pl.Float64, strict=False)
            )
        )
    )
    value = pl.col("value")
    return matched.with_columns(
        reason_before=pl.when(pl.any_horizontal(pl.col(*KEY).is_null()))
        .then(pl.lit("missing_id"))
        .when(pl.col("responded_at").is_null())
        .then(pl.lit("missing_timestamp"))
        .when(pl.col("responded_at_utc").is_null())
        .then(pl.lit("unreadable_timestamp"))
        .when(pl.col("responded_at_utc") > now)
        .then(pl.lit("future_timestamp"))
        .when(pl.col("metric").is_null())
        .then(pl.lit("unknown_question"))
        .when(pl.col("is_excluded"))
        .then(pl.lit("excluded_response"))
        .when(~pl.col("status").is_in(["complete", "completed", "partial"]))
        .then(pl.lit("not_a_real_response")),
        reason_after=pl.when(pl.col("clean_answer").fill_null("") == "")
        .then(pl.lit("blank"))
        .when(pl.col("code_reason").is_not_null())
        .then(pl.col("code_reason"))
        .when(pl.col("status") == "partial")
        .then(pl.lit("incomplete_response"))
        .when(value.is_null())
        .then(pl.lit("unknown_label"))
        .when(value != value.floor())
        .then(pl.lit("not_a_whole_number"))
        .when((value < pl.col("min_score")) | (value > pl.col("max_score")))
        .then(pl.lit("off_scale"))
        .when(pl.col("weight_value") <= 0)
        .then(pl.lit("bad_weight")),
    )


def _ranked(scored: pl.LazyFrame) -> pl.LazyFrame:
    """Answers of keys that occur more than once, with their reason."""
    in_order = scored.sort(
        "updated_at_utc",
        "responded_at_utc",
        *("answer", "comment", "respondent_id", "channel", "segment"),
        *("interaction_at", "invited_at", "response_status", "weight"),
        descending=[True, True] + [False] * 9,
        nulls_last=True,
    )
    key = [*KEY, pl.col("reason_before").is_null()]
    rank = pl.int_range(pl.len()).over(key)
    first = {
        name: pl.col(name).first().over(key)
        for name in ("updated_at_utc", "responded_at_utc", "answer")
    }
    is_copy = pl.all_horizontal(
        pl.col(name).eq_missing(value) for name, value in first.items()
    )
    return in_order.with_columns(
        status_reason=pl.when(pl.col("reason_before").is_not_null())
        .then(pl.col("reason_before"))
        .when(rank == 0)
        .then(pl.col("reason_after"))
        .when(is_copy)
        .then(pl.lit("duplicate"))
        .otherwise(pl.lit("superseded"))
    )


def _accepted(judged: pl.LazyFrame) -> pl.LazyFrame:
    score = pl.col("value").cast(pl.Int64)
    width = pl.col("max_score") - pl.col("min_score")
    is_nps = pl.col("metric") == "nps"
    return (
        judged.filter(pl.col("status_reason").is_null())
        .with_columns(score=score)
        .with_columns(
            steps=pl.when(pl.col("best_is_high"))
            .then(pl.col("score") - pl.col("min_score"))
            .otherwise(pl.col("max_score") - pl.col("score"))
        )
        .select(
            *("source_system", "survey_id", "question_id", "response_id"),
            *("respondent_id", "touchpoint_id", "metric", "scale_id"),
            *(
                pl.col(name).str.strip_chars().replace("", None)
                for name in ("channel", "segment")
            ),
            pl.col("score").cast(pl.Int32),
            score_pct=100 * pl.col("steps") / width,
            satisfaction_category=pl.when(is_nps)
            .then(None)
            .when(pl.col("steps") > width - pl.col("top_box_count"))
            .then(pl.lit("satisfied"))
            .when(pl.col("steps") < pl.col("bottom_box_count"))
            .then(pl.lit("dissatisfied"))
            .otherwise(pl.lit("neutral")),
            nps_category=pl.when(~is_nps)
            .then(None)
            .when(pl.col("score") >= 9)
            .then(pl.lit("promoter"))
            .when(pl.col("score") >= 7)
            .then(pl.lit("passive"))
            .otherwise(pl.lit("detractor")),
            weight=pl.col("weight_value"),
            responded_at=pl.col("responded_at_utc"),
            reporting_date=pl.col("reporting_date"),
            interaction_at=pl.col("interaction_at_utc"),
            invited_at=pl.col("invited_at_utc"),
            comment=pl.col("comment"),
        )
    )


def _unaccepted(judged: pl.LazyFrame) -> pl.LazyFrame:
    return judged.filter(pl.col("status_reason").is_not_null()).select(
        *FEED_COLUMNS,
        answer_status=pl.when(pl.col("status_reason").is_in(SKIPPED_REASONS))
        .then(pl.lit("skipped"))
        .otherwise(pl.lit("rejected")),
        status_reason=pl.col("status_reason"),
    )


def _counts_by_question(daily: pl.LazyFrame, unaccepted: pl.LazyFrame) -> pl.LazyFrame:
    accepted = daily.group_by(QUESTION).agg(pl.col("answer_count").sum())
    reasons = unaccepted.group_by(*QUESTION, "answer_status", "status_reason").agg(
        answer_count=pl.len().cast(pl.Int64)
    )
    counted = pl.concat(
        [
            accepted.select(
                *QUESTION,
                answer_status=pl.lit("accepted"),
                status_reason=pl.lit(None, pl.String),
                answer_count=pl.col("answer_count"),
            ),
            reasons,
        ]
    )
    count = pl.col("answer_count")
    return counted.group_by(QUESTION).agg(
        feed_count=count.sum(),
        **{
            f"{status}_count": count.filter(pl.col("answer_status") == status).sum()
            for status in ("accepted", "skipped", "rejected")
        },
        **{
            f"{reason}_count": count.filter(pl.col("status_reason") == reason).sum()
            for reason in REASONS
        },
    )


def _by_period(
    daily: pl.LazyFrame, definitions: Definitions, metric: str
) -> pl.LazyFrame:
    """Counts of scores of a metric by touchpoint and period of every grain."""
    by_day = (
        daily.filter(pl.col("metric") == metric)
        .group_by("reporting_date", "touchpoint_id", "scale_id", "score")
        .agg(pl.col("answer_count").sum())
    )
    periods = pl.concat(
        by_day.with_columns(
            period_grain=pl.lit(grain),
            period_start_date=pl.col("reporting_date").dt.truncate(every),
        )
        for grain, every in GRAINS.items()
    )
    return (
        periods.group_by(
            *("touchpoint_id", "period_grain", "period_start_date"),
            *("scale_id", "score"),
        )
        .agg(pl.col("answer_count").sum())
        .with_columns(
            period_id=pl.col("period_grain")
            + ":"
            + pl.col("period_start_date").dt.to_string("%Y-%m-%d")
        )
        .join(
            definitions.touchpoints.lazy().select("touchpoint_id", "survey_kind"),
            on="touchpoint_id",
        )
        .join(definitions.scales.lazy(), on="scale_id")
    )


def _satisfaction(
    counts: pl.LazyFrame, metric: str, best: str, worst: str, columns: Sequence[str]
) -> pl.LazyFrame:
    count = pl.col("answer_count")
    width = pl.col("max_score") - pl.col("min_score")
    steps = (
        pl.when(pl.col("best_is_high"))
        .then(pl.col("score") - pl.col("min_score"))
        .otherwise(pl.col("max_score") - pl.col("score"))
    )
    is_best = steps > width - pl.col("top_box_count")
    is_worst = ~is_best & (steps < pl.col("bottom_box_count"))
    shape = pl.struct(
        width.alias("width"), "best_is_high", "top_box_count", "bottom_box_count"
    )
    return (
        counts.group_by(*columns, "period_id", "period_grain", "period_start_date")
        .agg(
            count.sum().alias("response_count"),
            count.filter(is_best).sum().alias(f"{best}_count"),
            count.filter(~is_best & ~is_worst).sum().alias("neutral_count"),
            count.filter(is_worst).sum().alias(f"{worst}_count"),
            (100 * (steps * count) / width).sum().alias("hundredfold"),
            (shape.n_unique() > 1).alias("is_mixed_scale"),
        )
        .select(
            *columns,
            *("period_id", "period_grain", "period_start_date", "response_count"),
            *(f"{best}_count", "neutral_count", f"{worst}_count"),
            (100 * pl.col(f"{best}_count") / pl.col("response_count")).alias(
                f"{metric}_pct"
            ),
            (pl.col("hundredfold") / pl.col("response_count")).alias("mean_score_pct"),
            "is_mixed_scale",
            is_reportable=pl.col("response_count") >= MINIMUM_REPORTABLE_RESPONSES,
        )
    )


def _nps(counts: pl.LazyFrame, columns: Sequence[str]) -> pl.LazyFrame:
    count, score, responses = (
        pl.col(name) for name in ("answer_count", "score", "response_count")
    )
    parts = {
        "promoter": score >= 9,
        "passive": (score >= 7) & (score < 9),
        "detractor": score < 7,
    }
    balance = pl.col("promoter_count") - pl.col("detractor_count")
    is_standard = (pl.col("min_score") == 0) & (pl.col("max_score") == 10)
    return (
        counts.group_by(*columns, "period_id", "period_grain", "period_start_date")
        .agg(
            count.sum().alias("response_count"),
            *(
                count.filter(part).sum().alias(f"{name}_count")
                for name, part in parts.items()
            ),
            is_standard.all().alias("is_standard_scale"),
        )
        .select(
            *columns,
            *("period_id", "period_grain", "period_start_date", "response_count"),
            *(f"{name}_count" for name in parts),
            *(
                (100 * pl.col(f"{name}_count") / responses).alias(f"{name}_pct")
                for name in parts
            ),
            "is_standard_scale",
            nps=100 * balance / responses,
            is_reportable=responses >= MINIMUM_REPORTABLE_RESPONSES,
        )
    )


def run(feed: Path, seeds: Path, output: Path) -> None:
    """Write all facts as Parquet files into a folder."""
    output.mkdir(parents=True, exist_ok=True)
    definitions = Definitions(seeds)

    def sink(frame: pl.LazyFrame, name: str) -> pl.LazyFrame:
        path = output / f"{name}.parquet"
        frame.sink_parquet(
            path, compression="snappy", maintain_order=False, engine="streaming"
        )
        return pl.scan_parquet(path)

    answers = pl.scan_parquet(feed / "survey_answers" / "*.parquet")
    repeated = (
        answers.group_by(KEY)
        .agg(row_count=pl.len())
        .filter(pl.col("row_count") > 1)
        .select(KEY)
        .collect(engine="streaming")
        .lazy()
    )
    only = answers.join(repeated, on=KEY, how="anti", nulls_equal=True)
    several = answers.join(repeated, on=KEY, how="semi", nulls_equal=True)
    judged_several = (
        _ranked(_scored(several, definitions)).collect(engine="streaming").lazy()
    )
    judged_only = _scored(only, definitions).with_columns(
        status_reason=pl.coalesce("reason_before", "reason_after")
    )
    judged = pl.concat([judged_only, judged_several])
    accepted = _accepted(judged)
    unaccepted = _unaccepted(judged)
    pl.collect_all(
        [
            frame.sink_parquet(
                output / f"{name}.parquet",
                compression="snappy",
                maintain_order=False,
                lazy=True,
            )
            for name, frame in (
                ("fct_survey_answers", accepted),
                ("fct_unaccepted_answers", unaccepted),
            )
        ],
        engine="streaming",
    )
    accepted = pl.scan_parquet(output / "fct_survey_answers.parquet")
    unaccepted = pl.scan_parquet(output / "fct_unaccepted_answers.parquet")

    daily = sink(
        accepted.group_by(
            *("reporting_date", *QUESTION, "touchpoint_id", "metric", "scale_id"),
            *("channel", "segment", "score"),
        ).agg(
            answer_count=pl.len().cast(pl.Int64),
            weight_sum=pl.col("weight").sum().cast(pl.Decimal(38, 10)),
        ),
        "fct_score_counts_by_day",
    )
    sink(_counts_by_question(daily, unaccepted), "fct_answer_counts_by_question")
    for metric, best, worst in (
        ("csat", "satisfied", "dissatisfied"),
        ("ces", "easy", "difficult"),
    ):
        counts = _by_period(daily, definitions, metric).collect().lazy()
        for name, columns in (
            ("touchpoint_period", ("touchpoint_id",)),
            ("period", ()),
        ):
            sink(
                _satisfaction(counts, metric, best, worst, columns),
                f"fct_{metric}_by_{name}",
            )
    counts = _by_period(daily, definitions, "nps").collect().lazy()
    sink(_nps(counts, ("touchpoint_id",)), "fct_nps_by_touchpoint_period")
    sink(_nps(counts, ("survey_kind",)), "fct_nps_by_period")


def as_warehouse(output: Path, path: Path, like: Path) -> None:
    """A DuckDB file whose marts are views of the Parquet files, to compare.

    Columns come in the order of the warehouse `like`, without the hash ids.
    """
    path.unlink(missing_ok=True)
    with duckdb.connect(like, read_only=True) as connection:
        columns = {
            mart: [
                name
                for name, *_ in connection.execute(f"describe marts.{mart}").fetchall()
                if name != ALL_MARTS[mart].hash_id
            ]
            for mart in MARTS
        }
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        for mart in MARTS:
            file = str(output / f"{mart}.parquet").replace("'", "''")
            connection.execute(
                f"create view marts.{mart} as "
                f"select {', '.join(columns[mart])} from read_parquet('{file}')"
            )


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("feed", type=Path)
    parser.add_argument("definitions", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    run(arguments.feed, arguments.definitions, arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
