"""The limit: one script that computes the marts as fast as DuckDB lets it.

`python -m tests.benchmark.limit FEED DEFINITIONS WAREHOUSE` reads a feed of Parquet
files whose columns are text and the six definition seeds, and writes the same marts as
`dbt build`: same tables, columns, rows and keys. It serves to measure the models
against, and is written for speed, not for elegance. It knows no tests and no
increments, and does not say what is wrong with a feed or a definition.

It prints how long each step took. The tricks:

1. *Cells.* The seven columns with few values (source, survey, question, answer,
   channel, segment, response_status) are grouped first: tens of thousands of cells
   instead of millions of rows. Trimming, folding, codes, labels, numbers and scales are
   judged once a cell and definition. An answer looks its cell up in one hash join.
2. *One integer for a dozen columns.* What is stored of an accepted answer is the number
   of its cell, not the ids, the scale, the channel, the score and what follows from
   them: a text column costs several times what an integer costs to store.
   `fct_survey_answers` is a view that puts the columns back.
3. *No stored hash.* A key of 32 hexadecimal digits cannot be compressed. The views
   compute answer_id and unaccepted_answer_id for who asks.
4. *The fast path proves acceptance, nothing else.* Regular expressions, trim and the
   time zones of the calendar library are for the tenth of the rows that is not proven.
   These keep their raw text in one list column, cheaper than columns of their own, and
   go through all rules of the contract afterwards.
5. *A timestamp is proven by its echo.* DuckDB's cast takes many spellings that the
   contract does not; a spelling that the cast's result gives back letter by letter is
   one of the contract's. Weights likewise.
6. *Offsets by day.* A local time is moved to UTC by a table of zone and day, joined on
   one integer; days on which a clock changes are not in it.
7. *Repeated keys are found by response.* A third as many groups as answers; each holds
   a count and a bit for every question. A response that counts more answers than it has
   bits goes the slow way. The group's key is a 64-bit hash: a collision costs time,
   never truth, for the slow way compares the columns themselves.
8. *Versions are not sorted.* The latest is the maximum of one 128-bit integer made of
   updated_at and responded_at; a window over all columns in the contract's order is for
   keys whose latest versions differ in something else.
9. *Counts of counts.* Every other mart is computed from the daily counts, a group by
   two integers, and from the unaccepted rows. What follows the day in the text behind
   score_count_id is put together once a cell.
10. *The writer knows the sizes.* The optimizer guesses that a filter leaves little and
    builds hash tables from the large side; it is told to keep joins as they are
    written. preserve_insertion_order is off.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cx_warehouse.definitions import DEFINITION_COLUMNS
from cx_warehouse.feed import FEED_COLUMNS

GRAINS = ("day", "week", "month", "quarter", "year")
SKIPPED_REASONS = ("blank", "not_applicable", "incomplete_response")
REASONS = (
    "missing_id",
    "missing_timestamp",
    "unreadable_timestamp",
    "future_timestamp",
    "unknown_question",
    "excluded_response",
    "not_a_real_response",
    "duplicate",
    "superseded",
    "blank",
    "not_applicable",
    "incomplete_response",
    "unknown_label",
    "not_a_whole_number",
    "off_scale",
    "bad_weight",
)
QUESTION = ("source_system", "survey_id", "question_id")
CELL_COLUMNS = (*QUESTION, "answer", "channel", "segment", "response_status")
TIMES = ("responded_at", "interaction_at", "invited_at")
# The years for which days get an offset; other times go the slow way.
FIRST_OFFSET_DAY = "2005-01-01"

SLOW_ROWS_AT_ONCE = 3_000_000

# The rules of the contract on single values, for distinct values and for slow rows.
MACROS = """
create temp macro trimmed(text_value) as trim(text_value, e' \\t\\n\\r');
create temp macro is_number(text_value) as
    regexp_full_match(text_value, '-?[0-9]+([.][0-9]+)?');
create temp macro whole_digits(number_text) as
    trim(leading '0' from split_part(replace(number_text, '-', ''), '.', 1));
create temp macro fraction_digits(number_text) as
    trim(trailing '0' from split_part(number_text, '.', 2));
create temp macro canonical_number(number_text) as
    case
        when whole_digits(number_text) = '' and fraction_digits(number_text) = ''
            then '0'
        else
            case when left(number_text, 1) = '-' then '-' else '' end
            || case
                when whole_digits(number_text) = '' then '0'
                else whole_digits(number_text)
            end
            || case
                when fraction_digits(number_text) = '' then ''
                else '.' || fraction_digits(number_text)
            end
    end;
create temp macro answer_key(text_value) as
    case
        when is_number(text_value) then canonical_number(text_value) else text_value
    end;
create temp macro whole_number(text_value) as
    case
        when
            is_number(trimmed(text_value))
            and position('.' in canonical_number(trimmed(text_value))) = 0
            and length(replace(canonical_number(trimmed(text_value)), '-', '')) <= 9
            then cast(canonical_number(trimmed(text_value)) as integer)
    end;
create temp macro weight_in_range(weight_value) as
    case
        when weight_value > 0 and weight_value < 100000000
            then cast(weight_value as decimal(18, 10))
    end;
create temp macro survey_weight(text_value) as
    case
        when coalesce(trimmed(text_value), '') = '' then cast(1 as decimal(18, 10))
        when
            is_number(trimmed(text_value))
            and left(trimmed(text_value), 1) <> '-'
            and length(whole_digits(trimmed(text_value))) <= 8
            then weight_in_range(
                cast(
                    '0' || whole_digits(trimmed(text_value)) || '.'
                    || left(
                        split_part(trimmed(text_value), '.', 2) || '0000000000', 10
                    ) as decimal(20, 10)
                )
                + case
                    when substr(split_part(trimmed(text_value), '.', 2), 11, 1) >= '5'
                        then cast(0.0000000001 as decimal(20, 10))
                    else cast(0 as decimal(20, 10))
                end
            )
    end;
create temp macro local_to_utc(local_timestamp, zone) as
    case
        when zone = 'UTC' then local_timestamp
        else timezone('UTC', timezone(zone, local_timestamp))
    end;
-- The parts of a timestamp of the contract's form: date, clock, offset.
create temp macro clock_part(text_value) as
    split_part(split_part(split_part(substr(text_value, 12), 'Z', 1), '+', 1), '-', 1);
create temp macro offset_part(text_value) as
    substr(text_value, 12 + length(clock_part(text_value)));
create temp macro local_part(text_value) as
    try_cast(
        left(text_value, 10) || ' '
        || case length(clock_part(text_value))
            when 0 then '00:00:00'
            when 5 then clock_part(text_value) || ':00'
            else left(clock_part(text_value), 15)
        end as timestamp
    );
create temp macro offset_minutes(offset_text) as
    case when left(offset_text, 1) = '-' then -1 else 1 end
    * (
        60 * cast(substr(offset_text, 2, 2) as integer)
        + cast(left(substr(replace(offset_text, ':', ''), 4) || '00', 2) as integer)
    );
create temp macro utc_instant(text_value, zone) as
    case
        when not regexp_full_match(
            text_value,
            '(19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])'
            || '-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
            || '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?'
            || '(Z|[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?))?)?'
        ) then null
        when offset_part(text_value) = ''
            then local_to_utc(local_part(text_value), zone)
        when offset_part(text_value) = 'Z' then local_part(text_value)
        else
            local_part(text_value) - to_minutes(offset_minutes(offset_part(text_value)))
    end;
"""


class Limit:
    """One run of the script."""

    def __init__(
        self,
        feed: Path,
        definitions: Path,
        warehouse: Path,
        *,
        memory_limit: str = "8GB",
        as_of: str | None = None,
        reporting_time_zone: str = "UTC",
        fiscal_year_start_month: int = 1,
        minimum_reportable_responses: int = 30,
        report: Callable[[str, float], None] | None = None,
    ) -> None:
        self.definitions = definitions
        self.as_of = as_of or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.zone = reporting_time_zone
        self.fiscal_shift = fiscal_year_start_month - 1
        self.minimum = minimum_reportable_responses
        self.report = report
        self.memory_limit = memory_limit
        self.warehouse = warehouse
        paths = sorted(
            path
            for pattern in ("survey_answers.parquet", "survey_answers/*.parquet")
            for path in feed.glob(pattern)
            if not path.name.startswith(".")
        )
        self.feed = (
            f"read_parquet([{', '.join(_literal(str(path)) for path in paths)}], "
            "hive_partitioning = false)"
        )

    def run(self) -> None:
        """Write the warehouse anew."""
        self.warehouse.unlink(missing_ok=True)
        with duckdb.connect(self.warehouse) as self.connection:
            self.connection.execute(
                f"set memory_limit = {_literal(self.memory_limit)};"
                "set threads = 2;"
                "set TimeZone = 'UTC';"
                "set preserve_insertion_order = false;"
                # Every join is written with its small side behind it.
                "set disabled_optimizers = 'join_order,build_side_probe_side';"
                "create schema stored;"
                "create schema marts;"
            )
            for step in (
                self.read_definitions,
                self.make_dimensions,
                self.judge_cells,
                self.flag_responses,
                self.make_offsets,
                self.store_answers,
                self.judge_slow_rows,
                self.make_views,
                self.count_by_day,
                self.count_by_question,
                self.make_periods,
                self.score,
            ):
                started = time.monotonic()
                step()
                if self.report:
                    name = step.__name__.replace("_", " ")
                    self.report(name, time.monotonic() - started)
            started = time.monotonic()
        if self.report:
            self.report("checkpoint", time.monotonic() - started)

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """Run statements; the rows of the last."""
        return self.connection.execute(text).fetchall()

    def read_definitions(self) -> None:
        """The seeds as typed temporary tables, and the clock."""
        self.sql(MACROS)
        for seed, columns in DEFINITION_COLUMNS.items():
            path = _literal(str(self.definitions / f"{seed}.csv"))
            self.sql(
                f"create temp table seed_{seed} as select {', '.join(columns)} "
                f"from read_csv({path}, all_varchar = true, header = true, delim = ',',"
                " quote = '\"', escape = '\"', comment = '', skip = 0, nullstr = '', "
                "strict_mode = true, parallel = false)"
            )
        self.sql(DEFINITIONS_SQL)
        self.sql(
            "create temp table clock as select *, "
            f"{self.local_date('clock_at')} as clock_date from (select utc_instant("
            f"trimmed({_literal(self.as_of)}), 'UTC') as clock_at)"
        )

    def local_date(self, instant: str) -> str:
        """The reporting date of an instant."""
        if self.zone == "UTC":
            return f"cast({instant} as date)"
        return (
            f"cast(timezone({_literal(self.zone)}, timezone('UTC', {instant})) as date)"
        )

    def make_dimensions(self) -> None:
        """dim_touchpoints and dim_survey_questions."""
        self.sql(DIMENSIONS_SQL)

    def judge_cells(self) -> None:
        """What the low-cardinality columns say, once for each combination."""
        self.sql(
            CELLS_SQL.format(
                feed=self.feed,
                columns=", ".join(CELL_COLUMNS),
                key_text=_key_text(
                    (*QUESTION, "channel", "segment", "cast(score as varchar)")
                ),
            )
        )

    def flag_responses(self) -> None:
        """Responses in which an answer may occur twice, and excluded ones."""
        # A salt under which the questions of a survey get bits of their own.
        salt = self.sql(
            """
            select salt
            from range(200) as salts (salt)
            cross join (select distinct survey_id, question_id from questions)
            group by salt
            order by
                count(*) - count(distinct (survey_id, hash(question_id, salt) % 64)),
                salt
            limit 1
            """
        )
        self.sql(FLAGGED_SQL.format(feed=self.feed, salt=salt[0][0] if salt else 0))

    def make_offsets(self) -> None:
        """Offsets from UTC by zone and day, where one holds all day."""
        self.sql(OFFSETS_SQL.format(first_day=FIRST_OFFSET_DAY))

    def store_answers(self) -> None:
        """The pass over the feed: proven answers, and the raw text of all others."""
        zones = self.sql(
            "select source_system, zone_number from zones where zone_number is not null"
        )
        whens = " ".join(
            f"when {_literal(str(source))} then {number}" for source, number in zones
        )
        self.sql(
            STORE_SQL.format(
                feed=self.feed,
                zone=f"case source_system {whens} end" if whens else "null::integer",
                reporting_date=self.local_date("responded_utc"),
                clock=self.sql("select cast(clock_at as varchar) from clock")[0][0],
                cell_match=" and ".join(
                    f"feed.{column} is not distinct from cells_by_day.{column}"
                    for column in CELL_COLUMNS
                ),
                **{
                    f"{name}_echo": _echo(name, f"{name.removesuffix('_at')}_local")
                    for name in TIMES
                },
            )
        )

    def judge_slow_rows(self) -> None:
        """Every rule for the rows that were not proven, some millions at a time."""
        rows = self.sql("select count(*) from stored.answers where cell_id < 0")
        parts = 1 + int(str(rows[0][0])) // SLOW_ROWS_AT_ONCE
        columns = ", ".join(f"{column} varchar" for column in FEED_COLUMNS)
        self.sql(
            f"create table stored.unaccepted ({columns}, status_reason varchar, "
            "copy_number bigint)"
        )
        for part in range(parts):
            self.sql(
                SLOW_SQL.format(
                    part=f"hash(answers.response_id) % {parts} = {part}",
                    reporting_date=self.local_date("responded_utc"),
                    feed_columns=", ".join(FEED_COLUMNS),
                    updated_at_echo=_echo("updated_at", "updated_local"),
                )
            )

    def make_views(self) -> None:
        """fct_survey_answers and fct_unaccepted_answers over what is stored."""
        self.sql(
            VIEW_SQL.format(
                feed_columns=", ".join(FEED_COLUMNS),
                unaccepted_answer_id=_surrogate_key(
                    (_surrogate_key(FEED_COLUMNS), "cast(copy_number as varchar)")
                ),
                skipped=", ".join(map(_literal, SKIPPED_REASONS)),
                answer_id=_surrogate_key(
                    (
                        "cells.source_system",
                        "cells.survey_id",
                        "answers.response_id",
                        "cells.question_id",
                    )
                ),
            )
        )

    def count_by_day(self) -> None:
        """fct_score_counts_by_day."""
        self.sql(DAILY_SQL)

    def count_by_question(self) -> None:
        """fct_answer_counts_by_question."""
        self.sql(
            BY_QUESTION_SQL.format(
                question_count_id=_surrogate_key(QUESTION),
                columns=", ".join(QUESTION),
                reason_counts=", ".join(
                    f"cast(coalesce(sum(answer_count) filter ("
                    f"where status_reason = '{reason}'), 0) as bigint) "
                    f"as {reason}_count"
                    for reason in REASONS
                ),
            )
        )

    def make_periods(self) -> None:
        """dim_periods."""
        self.sql(
            PERIODS_SQL.format(
                days=" union all ".join(
                    f"select reporting_date, '{grain}' as period_grain, "
                    f"{self.period_start(grain)} as period_start_date from days"
                    for grain in GRAINS
                ),
                month_shift=self.fiscal_shift,
                prefix="FY" if self.fiscal_shift else "",
                year_shift=1 if self.fiscal_shift else 0,
            )
        )

    def period_start(self, grain: str) -> str:
        """The first day of a date's period."""
        if grain == "day":
            return "reporting_date"
        shift = self.fiscal_shift if grain in ("quarter", "year") else 0
        return (
            f"cast(date_trunc('{grain}', reporting_date - to_months({shift})) "
            f"+ to_months({shift}) as date)"
        )

    def score(self) -> None:
        """The facts of CSAT, CES and NPS."""
        self.sql(PERIOD_COUNTS_SQL)
        touchpoint_key = _surrogate_key(("touchpoint_id", "period_id"))
        for metric, best, worst in (
            ("csat", "satisfied", "dissatisfied"),
            ("ces", "easy", "difficult"),
        ):
            for name, key, columns in (
                (
                    "touchpoint_period",
                    f"{touchpoint_key} as touchpoint_period_id,",
                    "touchpoint_id,",
                ),
                ("period", "", ""),
            ):
                self.sql(
                    SATISFACTION_SQL.format(
                        name=f"fct_{metric}_by_{name}",
                        metric=metric,
                        key=key,
                        columns=columns,
                        best=best,
                        worst=worst,
                        minimum=self.minimum,
                    )
                )
        survey_kind_key = _surrogate_key(("survey_kind", "period_id"))
        for name, key, columns in (
            (
                "touchpoint_period",
                f"{touchpoint_key} as touchpoint_period_id,",
                "touchpoint_id,",
            ),
            (
                "period",
                f"{survey_kind_key} as period_survey_kind_id,",
                "survey_kind,",
            ),
        ):
            self.sql(
                NPS_SQL.format(
                    name=f"fct_nps_by_{name}",
                    key=key,
                    columns=columns,
                    minimum=self.minimum,
                )
            )


def _echo(text: str, timestamp: str) -> str:
    """Whether a timestamp's spelling is one that its value gives back."""
    return f"""{timestamp} >= timestamp '1900-01-01'
        and {timestamp} < timestamp '9999-01-01'
        and case strlen({text})
            when 19
                then case
                    when contains({text}, ' ')
                        then cast({timestamp} as varchar) = {text}
                    else strftime({timestamp}, '%Y-%m-%dT%H:%M:%S') = {text}
                end
            when 20 then strftime({timestamp}, '%Y-%m-%dT%H:%M:%SZ') = {text}
            when 24 then strftime({timestamp}, '%Y-%m-%dT%H:%M:%S.%gZ') = {text}
            when 25 then strftime({timestamp}, '%Y-%m-%dT%H:%M:%S+00:00') = {text}
        end"""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _surrogate_key(columns: tuple[str, ...]) -> str:
    """The project's macro surrogate_key."""
    return f"md5({_key_text(columns)})"


def _key_text(columns: tuple[str, ...]) -> str:
    parts = ", ".join(f"length({column}), ':', {column}" for column in columns)
    return f"concat({parts})"


DEFINITIONS_SQL = """
create temp table scales as
with

typed as (

    select
        scale_id,
        whole_number(min_score) as min_score,
        whole_number(max_score) as max_score,
        lower(trimmed(best_is_high)) = 'true' as best_is_high,
        whole_number(top_box_count) as top_box_count,
        whole_number(bottom_box_count) as bottom_box_count

    from seed_rating_scales

),

-- The least number of steps that the steps of every scale divide, at most 10^15.
common as (

    select
        list_reduce(
            list_prepend(
                cast(1 as hugeint),
                list(distinct cast(max_score - min_score as hugeint))
            ),
            lambda steps, more: least(lcm(steps, more), 1000000000000000::hugeint)
        ) as common_step_count

    from typed

)

select
    typed.*,
    cast(common_step_count as decimal(38, 0)) as common_step_count,
    cast(max_score - min_score + 1 as varchar)
    || case when best_is_high then ' high ' else ' low ' end
    || cast(top_box_count as varchar) || ' ' || cast(bottom_box_count as varchar)
        as scale_shape

from typed
cross join common;

create temp table codes as
select
    scale_id,
    answer_key(code) as code,
    min(status_reason) as status_reason

from (
    select
        scale_id,
        status_reason,
        lower(trimmed(unnest(string_split(codes, '|')))) as code
    from (
        select scale_id, 'blank' as status_reason, blank_codes as codes
        from seed_rating_scales
        union all
        select scale_id, 'not_applicable' as status_reason, not_applicable_codes
        from seed_rating_scales
    )
)
where code <> ''
group by all;

create temp table labels as
select scale_id, lower(trimmed(label)) as label, whole_number(score) as score
from seed_answer_labels;

create temp table questions as
select
    row_number() over () as question_number,
    source_system,
    survey_id,
    question_id,
    question_text,
    metric,
    touchpoint_id,
    scale_id,
    nullif(trimmed(valid_from), '') as valid_from_text,
    try_cast(trimmed(valid_from) as date) as valid_from,
    try_cast(trimmed(valid_to) as date) as valid_to

from seed_survey_questions;

-- Every day of a question, in intervals of one definition (or none).
create temp table intervals as
with bounds as (

    select source_system, survey_id, question_id, date '0001-01-01' as first_day
    from questions
    union
    select source_system, survey_id, question_id, valid_from
    from questions where valid_from is not null
    union
    select source_system, survey_id, question_id, valid_to
    from questions where valid_to is not null

)

select
    bounds.*,
    lead(bounds.first_day, 1, date 'infinity') over (
        partition by bounds.source_system, bounds.survey_id, bounds.question_id
        order by bounds.first_day
    ) as last_day,
    questions.question_number

from bounds
left join questions
    on
        bounds.source_system = questions.source_system
        and bounds.survey_id = questions.survey_id
        and bounds.question_id = questions.question_id
        and bounds.first_day >= coalesce(valid_from, date '0001-01-01')
        and bounds.first_day < coalesce(valid_to, date '9999-12-31');

create temp table zones as
select
    source_system,
    time_zone,
    case
        when time_zone <> 'UTC' then dense_rank() over (order by time_zone)
    end as zone_number

from seed_sources
"""

DIMENSIONS_SQL = f"""
create table marts.dim_touchpoints as
select
    touchpoint_id,
    touchpoint_name,
    journey_stage,
    whole_number(journey_order) as journey_order,
    survey_kind

from seed_touchpoints;

-- The feed that is measured names nobody to forget.
create table marts.fct_erased_answer_counts_by_source (
    source_system varchar, erased_count bigint
);

create table marts.dim_survey_questions as
select
    {_surrogate_key((*QUESTION, "valid_from_text"))} as survey_question_id,
    source_system,
    survey_id,
    question_id,
    question_text,
    metric,
    touchpoint_id,
    survey_kind,
    scale_id,
    valid_from,
    valid_to

from questions
inner join marts.dim_touchpoints using (touchpoint_id)
"""

CELLS_SQL = """
create temp table raw_cells as
select
    row_number() over () as raw_cell_id,
    {columns},
    lower(trimmed(answer)) as folded_answer,
    answer_key(lower(trimmed(answer))) as answer_key,
    whole_number(answer) as number_score,
    coalesce(lower(trimmed(response_status)), '') as folded_status,
    coalesce(trimmed(source_system), '') = ''
    or coalesce(trimmed(survey_id), '') = ''
    or coalesce(trimmed(question_id), '') = '' as is_missing_id,
    dense_rank() over (order by source_system, survey_id, question_id)
        as question_key

from (select {columns} from {feed} group by {columns});

-- A cell and the definitions of its question; reasons in the order of the contract,
-- but for those that depend on other columns.
create temp table judged_cells as
with

defined as (

    select
        raw_cells.*,
        coalesce(first_day, date '0001-01-01') as first_day,
        coalesce(last_day, date 'infinity') as last_day,
        questions.question_number,
        questions.scale_id

    from raw_cells
    left join intervals
        on
            raw_cells.source_system = intervals.source_system
            and raw_cells.survey_id = intervals.survey_id
            and raw_cells.question_id = intervals.question_id
    left join questions using (question_number)

),

scored as (

    select
        defined.*,
        codes.status_reason as code_reason,
        labels.score as label_score,
        coalesce(labels.score, number_score) as score,
        min_score,
        max_score

    from defined
    left join scales using (scale_id)
    left join codes
        on defined.scale_id = codes.scale_id and answer_key = codes.code
    left join labels
        on defined.scale_id = labels.scale_id and folded_answer = labels.label

)

select
    raw_cell_id,
    first_day,
    last_day,
    question_number,
    is_missing_id,
    score,
    nullif(trimmed(channel), '') as channel,
    nullif(trimmed(segment), '') as segment,
    folded_status not in ('', 'complete', 'completed', 'partial') as is_not_real,
    case
        when coalesce(folded_answer, '') = '' then 'blank'
        when code_reason is not null then code_reason
        when folded_status = 'partial' then 'incomplete_response'
        when label_score is null and not is_number(folded_answer) then 'unknown_label'
        when label_score is null and contains(answer_key, '.') then 'not_a_whole_number'
        when score is null or score < min_score or score > max_score then 'off_scale'
    end as reason,
    question_number is not null and not is_missing_id and not is_not_real
    and reason is null as is_accepted

from scored;

-- What is stored of an accepted answer: one number for all that its cell says.
create table stored.cells as
with

numbered as (

    select
        cast(row_number() over () as integer) as cell_id,
        *

    from (
        select distinct question_number, channel, segment, score
        from judged_cells
        where is_accepted
    )

)

select
    cell_id,
    question_number,
    source_system,
    survey_id,
    question_id,
    touchpoint_id,
    metric,
    scale_id,
    channel,
    segment,
    score,
    cast(case when best_is_high then score - min_score else max_score - score end
        as bigint) as steps,
    cast(100 * steps as double) / nullif(max_score - min_score, 0) as score_pct,
    case
        when metric = 'nps' then null
        when steps > max_score - min_score - top_box_count then 'satisfied'
        when steps < bottom_box_count then 'dissatisfied'
        else 'neutral'
    end as satisfaction_category,
    case
        when metric <> 'nps' then null
        when score >= 9 then 'promoter'
        when score >= 7 then 'passive'
        else 'detractor'
    end as nps_category,
    -- What follows the day in the key of a daily count.
    {key_text} as key_text

from numbered
inner join questions using (question_number)
inner join scales using (scale_id);

create temp table rules as
select
    cast(raw_cell_id as integer) as raw_cell_id,
    first_day,
    last_day,
    cell_id,
    is_missing_id,
    judged_cells.question_number is null as is_unknown_question,
    is_not_real,
    reason

from judged_cells
left join stored.cells
    on
        is_accepted
        and judged_cells.question_number = cells.question_number
        and judged_cells.channel is not distinct from cells.channel
        and judged_cells.segment is not distinct from cells.segment
        and judged_cells.score = cells.score;

create temp table cells_by_day as
select
    {columns},
    first_day,
    last_day,
    raw_cell_id,
    cell_id

from raw_cells
inner join rules using (raw_cell_id)
"""

FLAGGED_SQL = """
create temp table flagged as
select response_hash

from (
    select
        hash(source_system, survey_id, response_id) as response_hash,
        count(*) as row_count,
        bit_or(cast(1 as ubigint) << (hash(question_id, {salt}) % 64)) as bits

    from {feed}

    group by response_hash
)
where row_count > bit_count(bits)

union

select hash(raw_cells.source_system, survey_id, response_id)

from seed_excluded_responses
inner join (select distinct source_system, survey_id from raw_cells) as raw_cells
    on seed_excluded_responses.source_system = raw_cells.source_system
"""

OFFSETS_SQL = """
create temp table offsets as
select
    cast(zone_number * 65536 + date_diff('day', date '1970-01-01', day) as integer)
        as zone_day,
    any_value(distance) as distance

from (
    select
        zone_number,
        cast(day as date) as day,
        epoch_us(day + to_minutes(minute))
        - epoch_us(local_to_utc(day + to_minutes(minute), time_zone)) as distance

    from (
        select distinct time_zone, zone_number from zones where zone_number is not null
    )
    cross join
        range(timestamp '{first_day}', current_date + interval 400 days, interval 1 day)
        as days (day)
    -- A clock changes once a day at most.
    cross join unnest([0, 720, 1439]) as minutes (minute)
)

group by zone_number, day
having min(distance) = max(distance)
"""

STORE_SQL = """
create table stored.answers as
with

cast_times as (

    select
        *,
        {zone} as zone_number,
        try_cast(responded_at as timestamp) as responded_local,
        try_cast(interaction_at as timestamp) as interaction_local,
        try_cast(invited_at as timestamp) as invited_local,
        hash(source_system, survey_id, response_id) as response_hash

    from {feed}

),

proven_times as (

    select
        *,
        {responded_at_echo} as is_responded_proven,
        {interaction_at_echo} as is_interaction_proven,
        {invited_at_echo} as is_invited_proven,
        case
            when strlen(responded_at) = 19
                then zone_number * 65536 + epoch_us(responded_local) // 86400000000
        end as responded_day,
        case
            when strlen(interaction_at) = 19
                then zone_number * 65536 + epoch_us(interaction_local) // 86400000000
        end as interaction_day,
        case
            when strlen(invited_at) = 19
                then zone_number * 65536 + epoch_us(invited_local) // 86400000000
        end as invited_day

    from cast_times

),

moved as (

    select
        proven_times.*,
        case
            when is_responded_proven and responded_day is null then responded_local
            when is_responded_proven
                then make_timestamp(
                    epoch_us(responded_local) - responded_offset.distance
                )
        end as responded_utc,
        case
            when is_interaction_proven and interaction_day is null
                then interaction_local
            when is_interaction_proven
                then make_timestamp(
                    epoch_us(interaction_local) - interaction_offset.distance
                )
        end as interaction_utc,
        case
            when is_invited_proven and invited_day is null then invited_local
            when is_invited_proven
                then make_timestamp(epoch_us(invited_local) - invited_offset.distance)
        end as invited_utc

    from proven_times
    left join offsets as responded_offset
        on responded_day = responded_offset.zone_day
    left join offsets as interaction_offset
        on interaction_day = interaction_offset.zone_day
    left join offsets as invited_offset
        on invited_day = invited_offset.zone_day

),

dated as (

    select
        *,
        {reporting_date} as reporting_date,
        -- A weight is proven by its echo too: it begins as its value is written.
        case
            when weight is null then cast(1 as decimal(18, 10))
            when
                try_cast(weight as decimal(18, 10)) > 0
                and prefix(cast(try_cast(weight as decimal(18, 10)) as varchar), weight)
                and not suffix(weight, '.')
                then try_cast(weight as decimal(18, 10))
        end as survey_weight

    from moved

),

proven as (

    select
        feed.*,
        cells_by_day.raw_cell_id,
        cells_by_day.cell_id,
        coalesce(
            cells_by_day.cell_id is not null
            and flagged.response_hash is null
            -- No blank in front: the id is not blank.
            and response_id >= '!'
            and responded_utc <= timestamp '{clock}'
            and (interaction_at is null or interaction_utc is not null)
            and (invited_at is null or invited_utc is not null)
            and survey_weight is not null,
            false
        ) as is_proven

    from dated as feed
    left join cells_by_day
        on
            {cell_match}
            and coalesce(reporting_date, date '0001-01-01') >= cells_by_day.first_day
            and coalesce(reporting_date, date '0001-01-01') < cells_by_day.last_day
    left join flagged
        on feed.response_hash = flagged.response_hash

)

select
    case when is_proven then cell_id else -raw_cell_id end as cell_id,
    response_id,
    nullif(respondent_id, '') as respondent_id,
    survey_weight as weight,
    responded_utc as responded_at,
    reporting_date,
    interaction_utc as interaction_at,
    invited_utc as invited_at,
    nullif(comment, '') as comment,
    case
        when not is_proven
            then [responded_at, interaction_at, invited_at, updated_at, weight]
    end as raw

from proven
"""

SLOW_SQL = """
create or replace temp table slow as
with

unpacked as (

    select
        row_number() over () as row_id,
        raw_cells.raw_cell_id,
        raw_cells.question_key,
        nullif(raw_cells.source_system, '') as source_system,
        nullif(raw_cells.survey_id, '') as survey_id,
        nullif(raw_cells.question_id, '') as question_id,
        nullif(raw_cells.answer, '') as answer,
        nullif(raw_cells.channel, '') as channel,
        nullif(raw_cells.segment, '') as segment,
        nullif(raw_cells.response_status, '') as response_status,
        nullif(answers.response_id, '') as response_id,
        answers.respondent_id,
        answers.comment,
        nullif(raw[1], '') as responded_at,
        nullif(raw[2], '') as interaction_at,
        nullif(raw[3], '') as invited_at,
        nullif(raw[4], '') as updated_at,
        nullif(raw[5], '') as weight,
        -- What the pass has proven needs no second look.
        answers.responded_at as sure_responded,
        answers.interaction_at as sure_interaction,
        answers.invited_at as sure_invited,
        answers.weight as sure_weight,
        coalesce(zones.time_zone, 'UTC') as time_zone,
        zones.zone_number,
        try_cast(raw[4] as timestamp) as updated_local

    from stored.answers
    inner join raw_cells on -answers.cell_id = raw_cells.raw_cell_id
    left join zones on raw_cells.source_system = zones.source_system
    where answers.cell_id < 0 and {part}

),

moved as (

    select
        unpacked.*,
        case
            when {updated_at_echo}
                then case
                    when zone_number is null or strlen(updated_at) <> 19
                        then updated_local
                    else make_timestamp(epoch_us(updated_local) - offsets.distance)
                end
        end as sure_updated

    from unpacked
    left join offsets
        on
            zone_number * 65536 + epoch_us(updated_local) // 86400000000
            = offsets.zone_day

),

timed as (

    select
        *,
        case
            when sure_responded is not null then sure_responded
            else utc_instant(trimmed(responded_at), time_zone)
        end as responded_utc,
        case
            when sure_interaction is not null or interaction_at is null
                then sure_interaction
            else utc_instant(trimmed(interaction_at), time_zone)
        end as interaction_utc,
        case
            when sure_invited is not null or invited_at is null then sure_invited
            else utc_instant(trimmed(invited_at), time_zone)
        end as invited_utc,
        case
            when sure_updated is not null or updated_at is null then sure_updated
            else utc_instant(trimmed(updated_at), time_zone)
        end as updated_utc,
        case
            when sure_weight is not null then sure_weight else survey_weight(weight)
        end as survey_weight,
        case
            when responded_utc is null then null
            when sure_responded is null and length(trimmed(responded_at)) = 10
                then try_cast(trimmed(responded_at) as date)
            else {reporting_date}
        end as reporting_date

    from moved

)

select
    timed.* exclude (
        sure_responded, sure_interaction, sure_invited, sure_updated, sure_weight,
        updated_local
    ),
    rules.cell_id,
    rules.reason,
    case
        when is_missing_id or timed.response_id is null then 'missing_id'
        when timed.response_id < '!' and trimmed(timed.response_id) = ''
            then 'missing_id'
        when responded_utc is not null
            then case
                when responded_utc > clock_at then 'future_timestamp'
                when is_unknown_question then 'unknown_question'
                when excluded.response_id is not null then 'excluded_response'
                when is_not_real then 'not_a_real_response'
            end
        when coalesce(trimmed(responded_at), '') = '' then 'missing_timestamp'
        else 'unreadable_timestamp'
    end as reason_before,
    -- The first two columns of the order of versions in one number.
    case
        when reason_before is null
            then cast(coalesce(epoch_us(updated_utc), -4611686018427387904) as hugeint)
            * 18446744073709551616 + epoch_us(responded_utc)
    end as version_order

from timed
cross join clock
inner join rules
    on
        timed.raw_cell_id = rules.raw_cell_id
        and coalesce(reporting_date, date '0001-01-01') >= rules.first_day
        and coalesce(reporting_date, date '0001-01-01') < rules.last_day
left join (
    select distinct source_system, response_id from seed_excluded_responses
) as excluded
    on
        timed.source_system = excluded.source_system
        and timed.response_id = excluded.response_id;

-- Keys with several versions, and the latest of these.
create or replace temp table repeated as
select
    question_key,
    response_id,
    max(version_order) as latest

from slow
where reason_before is null
group by question_key, response_id
having count(*) > 1;

-- What counts: the latest version. Where several are the latest and differ, every
-- column decides; copies of one row do not.
create or replace temp table counting as
with

contenders as (

    select
        slow.*,
        hash(
            answer, comment, respondent_id, channel, segment, interaction_at,
            invited_at, response_status, weight, responded_at, updated_at
        ) as row_hash

    from slow
    inner join repeated
        on
            slow.question_key = repeated.question_key
            and slow.response_id = repeated.response_id
            and slow.version_order = repeated.latest

),

alike as (

    select
        question_key,
        response_id,
        min(row_id) as row_id,
        any_value(answer) as answer,
        any_value(updated_utc) as updated_utc,
        any_value(responded_utc) as responded_utc,
        min(row_hash) = max(row_hash) as is_decided

    from contenders
    group by question_key, response_id

),

ranked as (

    select
        contenders.*,
        row_number() over (
            partition by contenders.question_key, contenders.response_id
            order by
                contenders.answer nulls last,
                contenders.comment nulls last,
                contenders.respondent_id nulls last,
                contenders.channel nulls last,
                contenders.segment nulls last,
                contenders.interaction_at nulls last,
                contenders.invited_at nulls last,
                contenders.response_status nulls last,
                contenders.weight nulls last,
                contenders.responded_at nulls last,
                contenders.updated_at nulls last
        ) as version_rank

    from contenders
    inner join alike
        on
            contenders.question_key = alike.question_key
            and contenders.response_id = alike.response_id
            and not alike.is_decided

)

select question_key, response_id, row_id, answer, updated_utc, responded_utc
from alike
where is_decided
union all
select question_key, response_id, row_id, answer, updated_utc, responded_utc
from ranked
where version_rank = 1;

create or replace temp table judged as
select
    slow.*,
    case
        when reason_before is not null then reason_before
        when counting.row_id is null or slow.row_id = counting.row_id
            then coalesce(reason, case when survey_weight is null then 'bad_weight' end)
        when
            slow.updated_utc is not distinct from counting.updated_utc
            and slow.responded_utc = counting.responded_utc
            and slow.answer is not distinct from counting.answer
            then 'duplicate'
        else 'superseded'
    end as status_reason

from slow
left join counting
    on
        slow.question_key = counting.question_key
        and slow.response_id = counting.response_id;

insert into stored.answers
select
    cell_id,
    response_id,
    respondent_id,
    survey_weight,
    responded_utc,
    reporting_date,
    interaction_utc,
    invited_utc,
    comment,
    null

from judged
where status_reason is null;

-- Rows alike in every column are numbered: few enough to look for by a hash first.
create or replace temp table unaccepted as
select
    {feed_columns},
    status_reason,
    hash({feed_columns}) as feed_hash

from judged
where status_reason is not null;

insert into stored.unaccepted
with copies as (

    select feed_hash
    from unaccepted
    group by feed_hash
    having count(*) > 1

)

select
    {feed_columns},
    status_reason,
    1 as copy_number

from unaccepted
where feed_hash not in (select feed_hash from copies)

union all

select
    {feed_columns},
    status_reason,
    row_number() over (partition by {feed_columns} order by status_reason)
        as copy_number

from unaccepted
where feed_hash in (select feed_hash from copies)
"""

VIEW_SQL = """
create view marts.fct_survey_answers as
select
    {answer_id} as answer_id,
    cells.source_system,
    cells.survey_id,
    cells.question_id,
    answers.response_id,
    answers.respondent_id,
    cells.touchpoint_id,
    cells.metric,
    cells.scale_id,
    cells.channel,
    cells.segment,
    cells.score,
    cells.score_pct,
    cells.satisfaction_category,
    cells.nps_category,
    answers.weight,
    answers.responded_at,
    answers.reporting_date,
    answers.interaction_at,
    answers.invited_at,
    answers.comment

from stored.answers
inner join stored.cells using (cell_id);

create view marts.fct_unaccepted_answers as
select
    {unaccepted_answer_id} as unaccepted_answer_id,
    {feed_columns},
    case when status_reason in ({skipped}) then 'skipped' else 'rejected' end
        as answer_status,
    status_reason

from stored.unaccepted
"""

DAILY_SQL = """
create temp table daily as
select
    reporting_date,
    cell_id,
    count(*) as answer_count,
    sum(weight) as weight_sum

from stored.answers
where cell_id > 0
group by reporting_date, cell_id;

create table marts.fct_score_counts_by_day as
select
    md5('10:' || cast(reporting_date as varchar) || key_text) as score_count_id,
    reporting_date,
    source_system,
    survey_id,
    question_id,
    touchpoint_id,
    metric,
    scale_id,
    channel,
    segment,
    score,
    answer_count,
    cast(weight_sum as decimal(38, 10)) as weight_sum

from daily
inner join stored.cells using (cell_id)
"""

BY_QUESTION_SQL = """
create table marts.fct_answer_counts_by_question as
with counted as (

    select
        {columns},
        'accepted' as answer_status,
        null as status_reason,
        sum(answer_count) as answer_count

    from daily
    inner join stored.cells using (cell_id)
    group by {columns}

    union all

    select
        {columns},
        answer_status,
        status_reason,
        count(*) as answer_count

    from marts.fct_unaccepted_answers
    group by all

)

select
    {question_count_id} as question_count_id,
    {columns},
    cast(sum(answer_count) as bigint) as feed_count,
    cast(coalesce(sum(answer_count) filter (where answer_status = 'accepted'), 0)
        as bigint) as accepted_count,
    cast(coalesce(sum(answer_count) filter (where answer_status = 'skipped'), 0)
        as bigint) as skipped_count,
    cast(coalesce(sum(answer_count) filter (where answer_status = 'rejected'), 0)
        as bigint) as rejected_count,
    {reason_counts}

from counted
group by {columns}
"""

PERIODS_SQL = """
create temp table period_days as
with days as (

    select cast(unnest(range(
        min(reporting_date), max(reporting_date) + interval 1 day, interval 1 day
    )) as date) as reporting_date
    from daily

)

select
    reporting_date,
    period_grain,
    period_start_date,
    period_grain || ':' || cast(period_start_date as varchar) as period_id

from ({days});

create table marts.dim_periods as
with

periods as (

    select distinct
        period_id,
        period_grain,
        period_start_date,
        cast(period_start_date - to_months({month_shift}) as date) as fiscal_date

    from period_days

),

described as (

    select
        period_id,
        period_grain,
        period_start_date,
        cast(
            period_start_date + case period_grain
                when 'day' then interval 1 day
                when 'week' then interval 7 days
                when 'month' then interval 1 month
                when 'quarter' then interval 3 months
                else interval 1 year
            end as date
        ) as period_end_date,
        case period_grain
            when 'day' then cast(period_start_date as varchar)
            when 'week' then strftime(period_start_date, '%G-W%V')
            when 'month' then left(cast(period_start_date as varchar), 7)
            when 'quarter'
                then '{prefix}' || cast(year(fiscal_date) + {year_shift} as varchar)
                || '-Q' || cast(quarter(fiscal_date) as varchar)
            else '{prefix}' || cast(year(fiscal_date) + {year_shift} as varchar)
        end as period_label,
        lag(period_id) over (partition by period_grain order by period_start_date)
            as previous_period_id

    from periods

)

select
    described.*,
    period_end_date <= clock_date as is_complete

from described
cross join clock
"""

PERIOD_COUNTS_SQL = """
create temp table period_scores as
with

by_day as (

    select
        reporting_date,
        question_number,
        score,
        sum(answer_count) as answer_count

    from daily
    inner join stored.cells using (cell_id)
    group by all

),

by_period as (

    select
        question_number,
        score,
        period_id,
        period_grain,
        period_start_date,
        cast(sum(answer_count) as bigint) as answer_count

    from by_day
    inner join period_days using (reporting_date)
    group by all

)

select
    by_period.*,
    metric,
    touchpoint_id,
    survey_kind,
    common_step_count,
    scale_shape,
    min_score = 0 and max_score = 10 as is_standard_scale,
    case when best_is_high then score - min_score else max_score - score end
        as steps,
    cast(
        round(
            cast(steps as decimal(38, 0)) * common_step_count / (max_score - min_score)
        ) as decimal(38, 0)
    ) as common_steps,
    steps > max_score - min_score - top_box_count as is_best,
    not is_best and steps < bottom_box_count as is_worst

from by_period
inner join questions using (question_number)
inner join marts.dim_touchpoints using (touchpoint_id)
inner join scales using (scale_id)
"""

SATISFACTION_SQL = """
create table marts.{name} as
with counted as (

    select
        {columns}
        period_id,
        period_grain,
        period_start_date,
        cast(sum(answer_count) as bigint) as response_count,
        cast(coalesce(sum(answer_count) filter (where is_best), 0) as bigint)
            as {best}_count,
        cast(coalesce(
            sum(answer_count) filter (where not is_best and not is_worst), 0
        ) as bigint) as neutral_count,
        cast(coalesce(sum(answer_count) filter (where is_worst), 0) as bigint)
            as {worst}_count,
        cast(sum(common_steps * answer_count) as decimal(38, 0)) as common_steps,
        any_value(common_step_count) as common_step_count,
        min(scale_shape) <> max(scale_shape) as is_mixed_scale

    from period_scores
    where metric = '{metric}'
    group by {columns} period_id, period_grain, period_start_date

)

select
    {key}
    {columns}
    period_id,
    period_grain,
    period_start_date,
    response_count,
    {best}_count,
    neutral_count,
    {worst}_count,
    cast(100 * {best}_count as double) / nullif(response_count, 0) as {metric}_pct,
    cast(100 * common_steps as double)
    / nullif((response_count * common_step_count), 0) as mean_score_pct,
    is_mixed_scale,
    response_count >= {minimum} as is_reportable

from counted
"""

NPS_SQL = """
create table marts.{name} as
with counted as (

    select
        {columns}
        period_id,
        period_grain,
        period_start_date,
        cast(sum(answer_count) as bigint) as response_count,
        cast(coalesce(sum(answer_count) filter (where score >= 9), 0) as bigint)
            as promoter_count,
        cast(coalesce(
            sum(answer_count) filter (where score between 7 and 8), 0
        ) as bigint) as passive_count,
        cast(coalesce(sum(answer_count) filter (where score < 7), 0) as bigint)
            as detractor_count,
        bool_and(is_standard_scale) as is_standard_scale

    from period_scores
    where metric = 'nps'
    group by {columns} period_id, period_grain, period_start_date

)

select
    {key}
    {columns}
    period_id,
    period_grain,
    period_start_date,
    response_count,
    promoter_count,
    passive_count,
    detractor_count,
    cast(100 * promoter_count as double) / nullif(response_count, 0) as promoter_pct,
    cast(100 * passive_count as double) / nullif(response_count, 0) as passive_pct,
    cast(100 * detractor_count as double) / nullif(response_count, 0) as detractor_pct,
    cast(100 * (promoter_count - detractor_count) as double)
    / nullif(response_count, 0) as nps,
    is_standard_scale,
    response_count >= {minimum} as is_reportable

from counted
"""


def main() -> int:
    """Run the script and print the time of every step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("feed", type=Path, help="the folder that CX_RAW_DIR would name")
    parser.add_argument("definitions", type=Path, help="the folder of the six seeds")
    parser.add_argument("warehouse", type=Path, help="the DuckDB file to write")
    parser.add_argument("--memory-limit", default="8GB", help="of DuckDB (8GB)")
    arguments = parser.parse_args()
    Limit(
        arguments.feed,
        arguments.definitions,
        arguments.warehouse,
        memory_limit=arguments.memory_limit,
        report=lambda step, seconds: print(f"{seconds:8.2f} s  {step}", flush=True),
    ).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
