"""The usual way: the same marts as most dbt projects would write them.

`write_project` writes a small dbt project of its own: seeds whose types dbt guesses, a
staging view that types the feed row by row, one wide intermediate table that ranks the
versions of every answer by `row_number()`, and every fact a table made from rows, each
grain by a scan of its own. Nothing in it is slow on purpose; it is what one writes when
speed has not been asked for. It is as strict as this benchmark's feed needs, not as the
contract is.

The models stand here as text because dbt would take SQL files under tests for tests of
the warehouse itself.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cx_warehouse.definitions import DEFINITION_COLUMNS
from cx_warehouse.feed import FEED_COLUMNS

PROJECT = """
name: usual_way
version: "0.1.0"
profile: usual_way
flags:
  send_anonymous_usage_stats: false
model-paths: [models]
seed-paths: [seeds]
macro-paths: [macros]
models:
  usual_way:
    staging: {+materialized: view, +schema: staging}
    intermediate: {+materialized: table, +schema: intermediate}
    marts: {+materialized: table, +schema: marts}
seeds:
  usual_way:
    +schema: definitions
    survey_questions: {+column_types: {valid_from: date, valid_to: date}}
    excluded_responses: {+column_types: {response_id: varchar}}
    rating_scales:
      +column_types: {blank_codes: varchar, not_applicable_codes: varchar}
"""

PROFILES = """
usual_way:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('CX_WAREHOUSE_PATH') }}"
      threads: 2
      settings:
        TimeZone: UTC
        memory_limit: "{{ env_var('CX_MEMORY_LIMIT') }}"
        preserve_insertion_order: false
"""

SCHEMA_NAME = """
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
"""

SURROGATE_KEY = """
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append('length(' ~ column ~ "), ':', " ~ column) -%}
    {%- endfor -%}
    md5(concat({{ parts | join(', ') }}))
{%- endmacro %}
"""

UTC_TIMESTAMP = """
{% macro utc_timestamp(column, time_zone) -%}
    case
        when regexp_matches({{ column }}, '(Z|[+-][0-9]{2}:[0-9]{2})$')
            then timezone('UTC', try_cast({{ column }} as timestamptz))
        else timezone(
            'UTC', timezone({{ time_zone }}, try_cast({{ column }} as timestamp))
        )
    end
{%- endmacro %}
"""

GRAINS = """
{% macro grains() -%} {{ return(['day', 'week', 'month', 'quarter', 'year']) }}
{%- endmacro %}
"""

STG_SURVEY_ANSWERS = """
with source as (

    select * from read_parquet('{{ env_var("CX_RAW_DIR") }}/survey_answers/*.parquet')

),

sources as (

    select * from {{ ref('sources') }}

)

select
    source.*,
    lower(trim(source.answer)) as clean_answer,
    nullif(trim(source.channel), '') as clean_channel,
    nullif(trim(source.segment), '') as clean_segment,
    lower(trim(source.response_status)) as clean_status,
    {{ utc_timestamp('source.responded_at', "coalesce(sources.time_zone, 'UTC')") }}
        as responded_at_utc,
    {{ utc_timestamp('source.updated_at', "coalesce(sources.time_zone, 'UTC')") }}
        as updated_at_utc,
    {{ utc_timestamp('source.interaction_at', "coalesce(sources.time_zone, 'UTC')") }}
        as interaction_at_utc,
    {{ utc_timestamp('source.invited_at', "coalesce(sources.time_zone, 'UTC')") }}
        as invited_at_utc,
    cast(coalesce(source.weight, '1') as decimal(18, 10)) as weight_value

from source
left join sources on source.source_system = sources.source_system
"""

INT_ANSWERS_SCORED = """
{{ config(materialized='view') }}
select
    answers.*,
    cast(answers.responded_at_utc as date) as reporting_date,
    questions.metric,
    questions.touchpoint_id,
    questions.scale_id,
    scales.min_score,
    scales.max_score,
    scales.best_is_high,
    scales.top_box_count,
    scales.bottom_box_count,
    list_contains(string_split(lower(scales.blank_codes), '|'), answers.clean_answer)
        as is_blank_code,
    list_contains(
        string_split(lower(scales.not_applicable_codes), '|'), answers.clean_answer
    ) as is_not_applicable_code,
    coalesce(labels.score, try_cast(answers.clean_answer as double)) as score_value,
    case
        when answers.source_system is null or answers.survey_id is null
            or answers.question_id is null or answers.response_id is null
            then 'missing_id'
        when answers.responded_at is null then 'missing_timestamp'
        when answers.responded_at_utc is null then 'unreadable_timestamp'
        when answers.responded_at_utc > cast(current_timestamp as timestamp)
            then 'future_timestamp'
        when questions.metric is null then 'unknown_question'
        when excluded.response_id is not null then 'excluded_response'
        when answers.clean_status not in ('complete', 'completed', 'partial')
            then 'not_a_real_response'
    end as reason_before

from {{ ref('stg_survey_answers') }} as answers
left join {{ ref('survey_questions') }} as questions
    on
        answers.source_system = questions.source_system
        and answers.survey_id = questions.survey_id
        and answers.question_id = questions.question_id
        and cast(answers.responded_at_utc as date)
        >= coalesce(questions.valid_from, date '1900-01-01')
        and cast(answers.responded_at_utc as date)
        < coalesce(questions.valid_to, date '9999-12-31')
left join {{ ref('rating_scales') }} as scales
    on questions.scale_id = scales.scale_id
left join {{ ref('answer_labels') }} as labels
    on
        questions.scale_id = labels.scale_id
        and answers.clean_answer = lower(trim(labels.label))
left join {{ ref('excluded_responses') }} as excluded
    on
        answers.source_system = excluded.source_system
        and answers.response_id = excluded.response_id
"""

INT_ANSWERS_RANKED = """
select
    *,
    row_number() over versions as version_rank,
    first_value(updated_at_utc) over versions as latest_updated_at_utc,
    first_value(responded_at_utc) over versions as latest_responded_at_utc,
    first_value(answer) over versions as latest_answer

from {{ ref('int_answers_scored') }}
window versions as (
    partition by
        source_system, survey_id, response_id, question_id, reason_before is null
    order by
        updated_at_utc desc nulls last,
        responded_at_utc desc nulls last,
        answer nulls last,
        comment nulls last,
        respondent_id nulls last,
        channel nulls last,
        segment nulls last,
        interaction_at nulls last,
        invited_at nulls last,
        response_status nulls last,
        weight nulls last
)
"""

INT_ANSWERS_JUDGED = """
{{ config(materialized='view') }}
with reasons as (

    select
        *,
        case
            when reason_before is not null then reason_before
            when
                version_rank > 1
                and updated_at_utc is not distinct from latest_updated_at_utc
                and responded_at_utc = latest_responded_at_utc
                and answer is not distinct from latest_answer
                then 'duplicate'
            when version_rank > 1 then 'superseded'
            when coalesce(clean_answer, '') = '' or is_blank_code then 'blank'
            when is_not_applicable_code then 'not_applicable'
            when clean_status = 'partial' then 'incomplete_response'
            when score_value is null then 'unknown_label'
            when score_value <> floor(score_value) then 'not_a_whole_number'
            when score_value < min_score or score_value > max_score then 'off_scale'
            when weight_value <= 0 then 'bad_weight'
        end as status_reason

    from {{ ref('int_answers_ranked') }}

)

select
    *,
    case
        when status_reason is null then 'accepted'
        when status_reason in ('blank', 'not_applicable', 'incomplete_response')
            then 'skipped'
        else 'rejected'
    end as answer_status

from reasons
"""

FCT_SURVEY_ANSWERS = """
with accepted as (

    select
        *,
        cast(score_value as integer) as score,
        case
            when best_is_high then cast(score_value as integer) - min_score
            else max_score - cast(score_value as integer)
        end as steps

    from {{ ref('int_answers_judged') }}
    where answer_status = 'accepted'

)

select
    {{ surrogate_key(['source_system', 'survey_id', 'response_id', 'question_id']) }}
        as answer_id,
    source_system,
    survey_id,
    question_id,
    response_id,
    respondent_id,
    touchpoint_id,
    metric,
    scale_id,
    clean_channel as channel,
    clean_segment as segment,
    score,
    cast(100 * steps as double) / (max_score - min_score) as score_pct,
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
    weight_value as weight,
    responded_at_utc as responded_at,
    reporting_date,
    interaction_at_utc as interaction_at,
    invited_at_utc as invited_at,
    comment

from accepted
"""

FCT_UNACCEPTED_ANSWERS = """
with hashed as (

    select
        *,
        {{ surrogate_key(var('feed_columns')) }} as row_hash

    from {{ ref('int_answers_judged') }}
    where answer_status <> 'accepted'

),

numbered as (

    select
        *,
        row_number() over (partition by row_hash order by status_reason) as copy_number

    from hashed

)

select
    {{ surrogate_key(['row_hash', 'cast(copy_number as varchar)']) }}
        as unaccepted_answer_id,
    {{ var('feed_columns') | join(', ') }},
    answer_status,
    status_reason

from numbered
"""

FCT_ANSWER_COUNTS_BY_QUESTION = """
select
    {{ surrogate_key(['source_system', 'survey_id', 'question_id']) }}
        as question_count_id,
    source_system,
    survey_id,
    question_id,
    count(*) as feed_count,
    count(*) filter (where answer_status = 'accepted') as accepted_count,
    count(*) filter (where answer_status = 'skipped') as skipped_count,
    count(*) filter (where answer_status = 'rejected') as rejected_count,
    {% for reason in [
        'missing_id', 'missing_timestamp', 'unreadable_timestamp', 'future_timestamp',
        'unknown_question', 'excluded_response', 'not_a_real_response', 'duplicate',
        'superseded', 'blank', 'not_applicable', 'incomplete_response',
        'unknown_label', 'not_a_whole_number', 'off_scale', 'bad_weight'
    ] -%}
    count(*) filter (where status_reason = '{{ reason }}') as {{ reason }}_count
    {{- ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_answers_judged') }}
group by source_system, survey_id, question_id
"""

FCT_SCORE_COUNTS_BY_DAY = """
select
    {{ surrogate_key([
        'cast(reporting_date as varchar)', 'source_system', 'survey_id', 'question_id',
        'channel', 'segment', 'cast(score as varchar)'
    ]) }} as score_count_id,
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
    count(*) as answer_count,
    sum(weight) as weight_sum

from {{ ref('fct_survey_answers') }}
group by
    reporting_date, source_system, survey_id, question_id, touchpoint_id, metric,
    scale_id, channel, segment, score
"""

DIM_TOUCHPOINTS = """
select
    touchpoint_id,
    touchpoint_name,
    journey_stage,
    cast(journey_order as integer) as journey_order,
    survey_kind

from {{ ref('touchpoints') }}
"""

DIM_SURVEY_QUESTIONS = """
select
    {{ surrogate_key([
        'source_system', 'survey_id', 'question_id', 'cast(valid_from as varchar)'
    ]) }} as survey_question_id,
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

from {{ ref('survey_questions') }}
inner join {{ ref('touchpoints') }} using (touchpoint_id)
"""

DIM_PERIODS = """
with bounds as (

    select min(reporting_date) as first_date, max(reporting_date) as last_date
    from {{ ref('fct_survey_answers') }}

),

days as (

    select cast(unnest(range(
        first_date, last_date + interval 1 day, interval 1 day
    )) as date) as day
    from bounds

),

periods as (

    {% for grain in grains() %}
    select distinct
        '{{ grain }}' as period_grain,
        cast(date_trunc('{{ grain }}', day) as date) as period_start_date,
        cast(date_trunc('{{ grain }}', day) + interval 1 {{ grain }} as date)
            as period_end_date
    from days
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    period_grain || ':' || period_start_date as period_id,
    period_grain,
    period_start_date,
    period_end_date,
    case period_grain
        when 'week' then strftime(period_start_date, '%G-W%V')
        when 'month' then strftime(period_start_date, '%Y-%m')
        when 'quarter'
            then year(period_start_date) || '-Q' || quarter(period_start_date)
        when 'year' then cast(year(period_start_date) as varchar)
        else cast(period_start_date as varchar)
    end as period_label,
    lag(period_grain || ':' || period_start_date) over (
        partition by period_grain order by period_start_date
    ) as previous_period_id,
    period_end_date <= current_date as is_complete

from periods
"""

SATISFACTION = """
with answers as (

    select
        answers.*,
        scales.max_score - scales.min_score as steps,
        scales.best_is_high,
        scales.top_box_count,
        scales.bottom_box_count

    from {{ ref('fct_survey_answers') }} as answers
    inner join {{ ref('rating_scales') }} as scales using (scale_id)
    where metric = '<METRIC>'

),

counted as (

    {% for grain in grains() %}
    select
        <COLUMNS>
        '{{ grain }}' as period_grain,
        cast(date_trunc('{{ grain }}', reporting_date) as date) as period_start_date,
        count(*) as response_count,
        count(*) filter (where satisfaction_category = 'satisfied') as <BEST>_count,
        count(*) filter (where satisfaction_category = 'neutral') as neutral_count,
        count(*) filter (where satisfaction_category = 'dissatisfied')
            as <WORST>_count,
        avg(score_pct) as mean_score_pct,
        count(distinct (steps, best_is_high, top_box_count, bottom_box_count)) > 1
            as is_mixed_scale

    from answers
    group by <COLUMNS> period_start_date
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    <KEY>
    <COLUMNS>
    period_grain || ':' || period_start_date as period_id,
    period_grain,
    period_start_date,
    response_count,
    <BEST>_count,
    neutral_count,
    <WORST>_count,
    100.0::double * <BEST>_count / response_count as <METRIC>_pct,
    mean_score_pct,
    is_mixed_scale,
    response_count >= 30 as is_reportable

from counted
"""

NPS = """
with answers as (

    select
        answers.*,
        touchpoints.survey_kind,
        scales.min_score = 0 and scales.max_score = 10 as is_standard_scale

    from {{ ref('fct_survey_answers') }} as answers
    inner join {{ ref('touchpoints') }} as touchpoints using (touchpoint_id)
    inner join {{ ref('rating_scales') }} as scales using (scale_id)
    where metric = 'nps'

),

counted as (

    {% for grain in grains() %}
    select
        <COLUMNS>
        '{{ grain }}' as period_grain,
        cast(date_trunc('{{ grain }}', reporting_date) as date) as period_start_date,
        count(*) as response_count,
        count(*) filter (where nps_category = 'promoter') as promoter_count,
        count(*) filter (where nps_category = 'passive') as passive_count,
        count(*) filter (where nps_category = 'detractor') as detractor_count,
        bool_and(is_standard_scale) as is_standard_scale

    from answers
    group by <COLUMNS> period_start_date
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    <KEY>
    <COLUMNS>
    period_grain || ':' || period_start_date as period_id,
    period_grain,
    period_start_date,
    response_count,
    promoter_count,
    passive_count,
    detractor_count,
    100.0::double * promoter_count / response_count as promoter_pct,
    100.0::double * passive_count / response_count as passive_pct,
    100.0::double * detractor_count / response_count as detractor_pct,
    100.0::double * (promoter_count - detractor_count) / response_count as nps,
    is_standard_scale,
    response_count >= 30 as is_reportable

from counted
"""

_PERIOD_ID = "\"period_grain || ':' || period_start_date\""


def _keyed(model: str, key: str, column: str, **words: str) -> str:
    """A period fact: by touchpoint, by survey kind, or (without a column) pooled."""
    words["COLUMNS"] = f"{column}," if column else ""
    words["KEY"] = (
        f"{{{{ surrogate_key(['{column}', {_PERIOD_ID}]) }}}} as {key}," if key else ""
    )
    for word, text in words.items():
        model = model.replace(f"<{word}>", text)
    return model


_CSAT = {"METRIC": "csat", "BEST": "satisfied", "WORST": "dissatisfied"}
_CES = {"METRIC": "ces", "BEST": "easy", "WORST": "difficult"}
_BY_TOUCHPOINT = ("touchpoint_period_id", "touchpoint_id")

FILES = {
    "dbt_project.yml": PROJECT,
    "profiles.yml": PROFILES,
    "macros/generate_schema_name.sql": SCHEMA_NAME,
    "macros/surrogate_key.sql": SURROGATE_KEY,
    "macros/utc_timestamp.sql": UTC_TIMESTAMP,
    "macros/grains.sql": GRAINS,
    "models/staging/stg_survey_answers.sql": STG_SURVEY_ANSWERS,
    "models/intermediate/int_answers_scored.sql": INT_ANSWERS_SCORED,
    "models/intermediate/int_answers_ranked.sql": INT_ANSWERS_RANKED,
    "models/intermediate/int_answers_judged.sql": INT_ANSWERS_JUDGED,
    "models/marts/fct_survey_answers.sql": FCT_SURVEY_ANSWERS,
    "models/marts/fct_unaccepted_answers.sql": FCT_UNACCEPTED_ANSWERS,
    "models/marts/fct_answer_counts_by_question.sql": FCT_ANSWER_COUNTS_BY_QUESTION,
    "models/marts/fct_score_counts_by_day.sql": FCT_SCORE_COUNTS_BY_DAY,
    "models/marts/dim_touchpoints.sql": DIM_TOUCHPOINTS,
    "models/marts/dim_survey_questions.sql": DIM_SURVEY_QUESTIONS,
    "models/marts/dim_periods.sql": DIM_PERIODS,
    "models/marts/fct_csat_by_touchpoint_period.sql": _keyed(
        SATISFACTION, *_BY_TOUCHPOINT, **_CSAT
    ),
    "models/marts/fct_csat_by_period.sql": _keyed(SATISFACTION, "", "", **_CSAT),
    "models/marts/fct_ces_by_touchpoint_period.sql": _keyed(
        SATISFACTION, *_BY_TOUCHPOINT, **_CES
    ),
    "models/marts/fct_ces_by_period.sql": _keyed(SATISFACTION, "", "", **_CES),
    "models/marts/fct_nps_by_touchpoint_period.sql": _keyed(NPS, *_BY_TOUCHPOINT),
    "models/marts/fct_nps_by_period.sql": _keyed(
        NPS, "period_survey_kind_id", "survey_kind"
    ),
}

# Where the scales of a mean are mixed, the warehouse divides once and this does not.
APPROXIMATE_COLUMNS = ("mean_score_pct",)
MARTS = tuple(Path(name).stem for name in FILES if name.startswith("models/marts/"))


def write_project(directory: Path, definitions: Path) -> None:
    """Write the project with the seeds of a folder."""
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    columns = ", ".join(FEED_COLUMNS)
    with (directory / "dbt_project.yml").open("a", encoding="utf-8") as stream:
        stream.write(f"vars: {{feed_columns: [{columns}]}}\n")
    seeds = directory / "seeds"
    seeds.mkdir(exist_ok=True)
    for seed in DEFINITION_COLUMNS:
        shutil.copy(definitions / f"{seed}.csv", seeds)
