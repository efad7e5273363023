"""The bugs that are planted, one at a time: where, what stands there, what instead."""

from __future__ import annotations

from typing import NamedTuple


class Bug(NamedTuple):
    """A named change of one text, which stands exactly once in a file, to another.

    `pytests` are what it meets in place of dbt's tests, as arguments of pytest.
    """

    name: str
    path: str
    old: str
    new: str
    pytests: tuple[str, ...] = ()


METRICS = "macros/metrics"
PERIODS = "macros/periods"
STATISTICS = "macros/statistics"
TEXT = "macros/text"
TIME = "macros/time"
ANSWERS = "models/intermediate/answers"
DEFINITIONS = "models/intermediate/definitions"
SCORES = "models/intermediate/scores"
MARTS = "models/marts"
CHANGES = "models/intermediate/changes"
WINDOWS = "models/intermediate/windows"
REPORTS = "models/intermediate/reports"
REPORT_TESTS = ("tests/reports/test_subtraction.py",)

WAREHOUSE_BUGS = [
    # Metrics
    Bug(
        "top boxes begin one point too early",
        f"{METRICS}/satisfaction_category.sql",
        "> {{ max_score }} - {{ min_score }}",
        ">= {{ max_score }} - {{ min_score }}",
    ),
    Bug(
        "bottom boxes end one point too late",
        f"{METRICS}/satisfaction_category.sql",
        "< {{ bottom_box_count }}",
        "<= {{ bottom_box_count }}",
    ),
    Bug(
        "a reversed scale is read forwards",
        f"{METRICS}/steps_from_worst.sql",
        "else {{ max_score }} - {{ score }}",
        "else {{ score }} - {{ min_score }}",
    ),
    Bug("promoters begin above 9", f"{METRICS}/nps_category.sql", ">= 9", "> 9"),
    Bug("passives begin at 6", f"{METRICS}/nps_category.sql", ">= 7", ">= 6"),
    Bug(
        "no score is a detractor",
        f"{METRICS}/nps_category.sql",
        "when {{ score }} is null then null",
        "when {{ score }} is null then 'detractor'",
    ),
    Bug(
        "nobody is divided by",
        f"{METRICS}/share_pct.sql",
        "nullif({{ whole_count }}, 0)",
        "{{ whole_count }}",
    ),
    Bug(
        "CSAT upside down",
        f"{METRICS}/csat_pct.sql",
        "share_pct(satisfied_count, response_count)",
        "share_pct(response_count, satisfied_count)",
    ),
    Bug(
        "NPS adds detractors",
        f"{METRICS}/nps.sql",
        "~ ' - ' ~",
        "~ ' + ' ~",
    ),
    Bug(
        "no count is null instead of 0",
        f"{METRICS}/count_where.sql",
        "else 0 end), 0)",
        "else 0 end), null)",
    ),
    Bug(
        "counts are rows",
        f"{METRICS}/count_where.sql",
        "then {{ answer_count }} else",
        "then 1 else",
    ),
    Bug(
        "weights round down at half",
        f"{METRICS}/survey_weight.sql",
        ">= '5'",
        "> '5'",
    ),
    Bug(
        "weights of eight digits do not fit",
        f"{METRICS}/survey_weight.sql",
        "<= 8",
        "<= 7",
    ),
    Bug(
        "a weight of 0 is a weight",
        f"{METRICS}/_weight_in_range.sql",
        "> 0 and",
        ">= 0 and",
    ),
    Bug(
        "points are taken for steps",
        f"{METRICS}/common_steps.sql",
        "({{ max_score }} - {{ min_score }})",
        "({{ max_score }} - {{ min_score }} + 1)",
    ),
    # Text
    Bug(
        "CR is not trimmed",
        f"{TEXT}/trimmed.sql",
        " || chr(13)",
        "",
    ),
    Bug(
        "labels keep their case",
        f"{TEXT}/folded.sql",
        "lower({{ trimmed(text) }})",
        "{{ trimmed(text) }}",
    ),
    Bug(
        "labels are not trimmed",
        f"{TEXT}/folded.sql",
        "lower({{ trimmed(text) }})",
        "lower({{ text }})",
    ),
    Bug(
        "a point alone begins a number",
        f"{TEXT}/is_number.sql",
        "'-?[0-9]+([.]",
        "'-?[0-9]*([.]",
    ),
    Bug(
        "minus zero is a number of its own",
        f"{TEXT}/canonical_number.sql",
        "then '0'\n        else\n",
        "then {{ text }}\n        else\n",
    ),
    Bug(
        "nine digits are too many",
        f"{TEXT}/whole_number.sql",
        "{1,9}",
        "{1,8}",
    ),
    Bug(
        "part of a text matches",
        f"{TEXT}/matches.sql",
        "regexp_full_match",
        "regexp_matches",
    ),
    # Time
    Bug(
        "every February has 29 days",
        f"{TIME}/_day_exists.sql",
        "<= '28'",
        "<= '29'",
    ),
    Bug(
        "1900 is a leap year",
        f"{TIME}/_is_leap_year.sql",
        "remainder(year, 100) }} <> 0",
        "remainder(year, 100) }} <> 1",
    ),
    Bug(
        "offsets go to 14:59",
        f"{TIME}/timestamp_form.sql",
        "14(:?00)?",
        "14(:?[0-5][0-9])?",
    ),
    Bug(
        "microseconds are cut off",
        f"{TIME}/utc_instant.sql",
        "first_characters(clock, 15)",
        "first_characters(clock, 12)",
    ),
    Bug(
        "offsets have the wrong sign",
        f"{TIME}/_minus_offset.sql",
        "then 1 else -1",
        "then -1 else 1",
    ),
    Bug(
        "local times are read in UTC",
        f"{TIME}/local_to_utc.sql",
        "timezone({{ time_zone }}, {{ local_timestamp }})",
        "timezone('UTC', {{ local_timestamp }})",
    ),
    Bug(
        "reporting dates are those of UTC",
        f"{TIME}/local_date.sql",
        "{%- if time_zone == 'UTC' -%}",
        "{%- if time_zone -%}",
    ),
    # Periods
    Bug(
        "fiscal periods are moved back twice",
        f"{PERIODS}/period_start.sql",
        "dbt.dateadd('month', shift, shifted)",
        "dbt.dateadd('month', -shift, shifted)",
    ),
    Bug(
        "a quarter has four months",
        f"{PERIODS}/period_end.sql",
        "'month', 3,",
        "'month', 4,",
    ),
    Bug(
        "a week has its Monday's year",
        f"{PERIODS}/_iso_week.sql",
        "'day', 3, monday",
        "'day', 0, monday",
    ),
    Bug(
        "a fiscal year is named after its beginning",
        f"{PERIODS}/period_label.sql",
        "(1 if shift else 0)",
        "0",
    ),
    Bug(
        "the fiscal year does not move",
        f"{PERIODS}/fiscal_shift.sql",
        "if grain in ('quarter', 'year') else 0",
        "if grain in ('quarter',) else 0",
    ),
    # Keys
    Bug(
        "keys forget the seams of their values",
        "macros/project/key_text.sql",
        "'length(' ~ column ~ \"), ':', \" ~ column",
        "column",
    ),
    Bug(
        "null is an empty text in a key",
        "macros/project/key_text.sql",
        "'length(' ~ column ~ \"), ':'",
        "'coalesce(length(' ~ column ~ \"), 0), ':'",
    ),
    # Definitions
    Bug(
        "zones that are no IANA names are known",
        "macros/definitions/known_time_zones.sql",
        "'IET', 'IST', 'JST'",
        "'IET', 'JST'",
    ),
    Bug(
        "false is true",
        "models/staging/stg_definitions__rating_scales.sql",
        "when 'false' then false",
        "when 'false' then true",
    ),
    Bug(
        "an unreadable date is an open end",
        "models/staging/stg_definitions__survey_questions.sql",
        "nullif({{ trimmed('valid_to') }}, '') as valid_to_text",
        "cast({{ calendar_date('valid_to') }} as varchar) as valid_to_text",
    ),
    Bug(
        "validities may not touch",
        f"{DEFINITIONS}/int_survey_question_problems.sql",
        "< neighbours.earlier_valid_to",
        "<= neighbours.earlier_valid_to",
    ),
    Bug(
        "NPS on a reversed scale",
        f"{DEFINITIONS}/int_survey_question_problems.sql",
        "and rating_scales.best_is_high",
        "and rating_scales.best_is_high is not null",
    ),
    Bug(
        "a scale of one point",
        f"{DEFINITIONS}/int_rating_scale_problems.sql",
        "min_score >= max_score",
        "min_score > max_score",
    ),
    Bug(
        "as many boxes as points are too many",
        f"{DEFINITIONS}/int_rating_scale_problems.sql",
        "> max_score - min_score + 1",
        ">= max_score - min_score + 1",
    ),
    Bug(
        "the best label is off the scale",
        f"{DEFINITIONS}/int_answer_label_problems.sql",
        "> rating_scales.max_score",
        ">= rating_scales.max_score",
    ),
    Bug(
        "equal problems are one",
        f"{DEFINITIONS}/int_definition_problems.sql",
        "select * from rating_scale_problems\n    union all",
        "select * from rating_scale_problems\n    union",
    ),
    Bug(
        "the first code is lost",
        f"{DEFINITIONS}/int_scale_codes.sql",
        "whole_numbers.whole_number + 1'",
        "whole_numbers.whole_number + 2'",
    ),
    Bug(
        "not applicable comes before blank",
        f"{DEFINITIONS}/int_scale_codes.sql",
        "min(status_reason)",
        "max(status_reason)",
    ),
    Bug(
        "direction is no part of a shape",
        f"{DEFINITIONS}/int_rating_scales.sql",
        "then ' high ' else ' low ' end",
        "then ' high ' else ' high ' end",
    ),
    Bug(
        "the clock ignores as_of",
        "models/intermediate/int_clock.sql",
        "start if var('as_of') is none else var('as_of')",
        "start",
    ),
    # Answers, one by one
    Bug(
        "answers without versions are lost",
        f"{ANSWERS}/int_survey_answers_keyed.sql",
        "left join repeated_answer_keys",
        "inner join repeated_answer_keys",
    ),
    Bug(
        "two versions are none",
        f"{ANSWERS}/int_repeated_answer_keys.sql",
        "having count(*) > 1",
        "having count(*) > 2",
    ),
    Bug(
        "a source without a zone is in Berlin",
        f"{ANSWERS}/int_survey_answers_timed.sql",
        "coalesce(sources.time_zone, 'UTC')",
        "coalesce(sources.time_zone, 'Europe/Berlin')",
    ),
    Bug(
        "bare dates are moved by zones",
        f"{ANSWERS}/int_survey_answers_timed.sql",
        "'responded_at') }} = 0",
        "'responded_at') }} < 0",
    ),
    Bug(
        "a definition lasts a day too long",
        f"{ANSWERS}/int_survey_answers_matched.sql",
        "reporting_date < answer_kinds_by_day.next_date",
        "reporting_date <= answer_kinds_by_day.next_date",
    ),
    Bug(
        "a definition begins a day late",
        f"{ANSWERS}/int_survey_answers_matched.sql",
        ">= answer_kinds_by_day.first_date",
        "> answer_kinds_by_day.first_date",
    ),
    Bug(
        "answers to unknown questions are lost",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "left join survey_question_spans",
        "inner join survey_question_spans",
    ),
    Bug(
        "a response that is listed twice counts twice",
        f"{ANSWERS}/int_survey_answers_matched.sql",
        "select distinct\n",
        "select\n",
    ),
    Bug(
        "exclusion ignores the source",
        f"{ANSWERS}/int_survey_answers_matched.sql",
        "survey_answers.source_system = excluded_responses.source_system\n"
        "            and ",
        "",
    ),
    Bug(
        "now is in the future",
        f"{ANSWERS}/int_survey_answers_matched.sql",
        "> clock.clock_at",
        ">= clock.clock_at",
    ),
    Bug(
        "codes match as they are written",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "spelled.answer_key = scale_codes.code",
        "spelled.folded_answer = scale_codes.code",
    ),
    Bug(
        "labels of another scale match",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "spelled.scale_id = answer_labels.scale_id\n            and ",
        "",
    ),
    Bug(
        "numbers come before labels",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "answer_labels.score, {{ canonical_integer('spelled.answer_key') }}",
        "{{ canonical_integer('spelled.answer_key') }}, answer_labels.score",
    ),
    # Reasons
    Bug(
        "unknown question comes before the future",
        "macros/answers/reason_before_versions.sql",
        "when is_in_future then 'future_timestamp'\n"
        "        when metric is null then 'unknown_question'",
        "when metric is null then 'unknown_question'\n"
        "        when is_in_future then 'future_timestamp'",
    ),
    Bug(
        "a missing response is no missing id",
        "macros/answers/reason_before_versions.sql",
        " or {{ is_blank('response_id') }}",
        "",
    ),
    Bug(
        "partial responses are not real",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "('', 'complete', 'completed', 'partial')",
        "('', 'complete', 'completed')",
    ),
    Bug(
        "codes come before spaces",
        "macros/answers/answer_reason.sql",
        "when {{ is_blank('answer') }} then 'blank'\n"
        "        when code_reason is not null then code_reason",
        "when code_reason is not null then code_reason\n"
        "        when {{ is_blank('answer') }} then 'blank'",
    ),
    Bug(
        "partial comes before codes",
        "macros/answers/answer_reason.sql",
        "when code_reason is not null then code_reason\n"
        "        when folded_status = 'partial' then 'incomplete_response'",
        "when folded_status = 'partial' then 'incomplete_response'\n"
        "        when code_reason is not null then code_reason",
    ),
    Bug(
        "the best score is off the scale",
        "macros/answers/answer_reason.sql",
        "score > max_score",
        "score >= max_score",
    ),
    Bug(
        "what lies below the scale is on it",
        "macros/answers/answer_reason.sql",
        "score < min_score or ",
        "",
    ),
    Bug(
        "bad weights are accepted",
        "macros/answers/reason_after_versions.sql",
        "case when survey_weight is null then 'bad_weight' end",
        "null",
    ),
    # Versions
    Bug(
        "a row without an update is the latest",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "updated_at_utc desc nulls last",
        "updated_at_utc desc nulls first",
    ),
    Bug(
        "the earliest update counts",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "updated_at_utc desc nulls last",
        "updated_at_utc asc nulls last",
    ),
    Bug(
        "the earliest response counts",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "responded_at_utc desc",
        "responded_at_utc asc",
    ),
    Bug(
        "the last answer of equals counts",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "        answer asc nulls last",
        "        answer desc nulls last",
    ),
    Bug(
        "no comment comes first",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "comment asc nulls last",
        "comment asc nulls first",
    ),
    Bug(
        "the invitation does not decide",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "        invited_at asc nulls last,\n",
        "",
    ),
    Bug(
        "rejected rows are versions",
        f"{ANSWERS}/int_answer_versions_ranked.sql",
        "reason_before_versions is null\n    order by",
        "true\n    order by",
    ),
    Bug(
        "rows that are equal become one",
        f"{ANSWERS}/int_survey_answers_concerned.sql",
        "    union all\n",
        "    union\n",
    ),
    Bug(
        "a changed answer is a duplicate",
        f"{ANSWERS}/int_survey_answers_stored.sql",
        "                and {{ same_value('answer', 'counting_answer') }}\n",
        "",
    ),
    Bug(
        "null updates differ",
        f"{ANSWERS}/int_survey_answers_stored.sql",
        "{{ same_value('updated_at_utc', 'counting_updated_at_utc') }}",
        "updated_at_utc = counting_updated_at_utc",
    ),
    Bug(
        "incomplete responses are rejected",
        "macros/answers/answer_status.sql",
        "'blank', 'not_applicable', 'incomplete_response'",
        "'blank', 'not_applicable'",
    ),
    # Kinds
    Bug(
        "a question has a definition behind its last",
        f"{DEFINITIONS}/int_survey_question_spans.sql",
        "< survey_questions.first_invalid_date",
        "<= survey_questions.first_invalid_date",
    ),
    Bug(
        "a kind is not known again",
        f"{ANSWERS}/int_answer_kinds.sql",
        "where held.answer_kind_id is null",
        "",
    ),
    Bug(
        "new kinds take the numbers of old ones",
        f"{ANSWERS}/int_answer_kinds.sql",
        "coalesce(max(held.answer_kind_id), 0)",
        "coalesce(min(held.answer_kind_id), 0)",
    ),
    Bug(
        "null is no value of a kind",
        "macros/project/same_value.sql",
        " is not distinct from ",
        " = ",
    ),
    Bug(
        "what the erased said stays a kind",
        "macros/answers/remember_judging.sql",
        "'answer_kind_id not in (select",
        "'false and answer_kind_id not in (select",
        ("tests/torture/test_torture.py", "-k", "the_erased_leave_nothing"),
    ),
    # Counts and scores
    Bug(
        "blanks are counted by day",
        f"{MARTS}/fct_score_counts_by_day.sql",
        "        status_reason is null\n",
        "        coalesce(status_reason, 'blank') = 'blank'\n",
    ),
    Bug(
        "spellings of a channel are counted apart",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "nullif({{ trimmed('channel') }}, '') as",
        "nullif(channel, '') as",
    ),
    Bug(
        "skipped answers count",
        f"{MARTS}/fct_survey_answers.sql",
        "where answer_status = 'accepted'",
        "where answer_status <> 'rejected' and score is not null",
    ),
    Bug(
        "an empty channel is a channel",
        f"{ANSWERS}/int_answer_kinds_concerned.sql",
        "nullif({{ trimmed('channel') }}, '') as",
        "{{ trimmed('channel') }} as",
    ),
    Bug(
        "effort has no category",
        f"{MARTS}/fct_survey_answers.sql",
        "in ('csat', 'ces')",
        "in ('csat')",
    ),
    Bug(
        "copies share a key",
        f"{MARTS}/fct_unaccepted_answers.sql",
        "as_text('copy_number')",
        "as_text('1')",
    ),
    Bug(
        "segments are mixed in a key",
        f"{MARTS}/fct_score_counts_by_day.sql",
        "'question_id', 'channel', 'segment',\n",
        "'question_id', 'channel',\n",
    ),
    Bug(
        "weights are counted, not summed",
        f"{MARTS}/fct_score_counts_by_day.sql",
        "sum(stored_answers.survey_weight)",
        "count(stored_answers.survey_weight)",
    ),
    Bug(
        "rows are counted, not answers",
        f"{SCORES}/int_score_counts_by_period.sql",
        "        sum(answer_count) as answer_count",
        "        count(*) as answer_count",
    ),
    Bug(
        "the last day is missing",
        f"{SCORES}/int_periods_by_day.sql",
        "where reporting_date <= last_date",
        "where reporting_date < last_date",
    ),
    Bug(
        "1-10 is a standard scale",
        f"{SCORES}/int_nps_counts_by_touchpoint_period.sql",
        "rating_scales.min_score = 0 and ",
        "",
    ),
    Bug(
        "effort is no satisfaction",
        f"{SCORES}/int_satisfaction_counts_by_touchpoint_period.sql",
        "metric in ('csat', 'ces')",
        "metric in ('csat', 'nps')",
    ),
    Bug(
        "a period is complete a day late",
        f"{MARTS}/dim_periods.sql",
        "<= clock.clock_date",
        "< clock.clock_date",
    ),
    Bug(
        "the period before is of any grain",
        f"{MARTS}/dim_periods.sql",
        "            partition by period_grain\n",
        "",
    ),
    Bug(
        "30 answers are too few",
        f"{MARTS}/fct_csat_by_touchpoint_period.sql",
        "response_count >= {{ var(",
        "response_count > {{ var(",
    ),
    Bug(
        "pure scales are mixed",
        f"{MARTS}/fct_ces_by_touchpoint_period.sql",
        "first_scale_shape <> last_scale_shape",
        "first_scale_shape = last_scale_shape",
    ),
    Bug(
        "CSAT is an average of averages",
        f"{MARTS}/fct_csat_by_period.sql",
        "cast(sum(satisfied_count) as bigint) as satisfied_count",
        "cast(avg(satisfied_count / response_count) * sum(response_count) as bigint)\n"
        "            as satisfied_count",
    ),
    Bug(
        "a mean is an average of averages",
        f"{MARTS}/fct_ces_by_period.sql",
        "cast(sum(common_steps) as {{ type_decimal(38) }}) as common_steps",
        "cast(avg(common_steps / response_count) * sum(response_count)\n"
        "            as decimal(38, 0)) as common_steps",
    ),
    Bug(
        "one scale hides the others",
        f"{MARTS}/fct_csat_by_period.sql",
        "max(last_scale_shape)",
        "min(last_scale_shape)",
    ),
    Bug(
        "relationship and transactional NPS are one",
        f"{MARTS}/fct_nps_by_period.sql",
        "    group by\n        touchpoints.survey_kind,\n",
        "    group by\n",
    ),
    Bug(
        "one standard answer is enough",
        f"{MARTS}/fct_nps_by_period.sql",
        "standard_scale_count = response_count",
        "standard_scale_count > 0",
    ),
    # What a run concerns, and what it leaves
    Bug(
        "withdrawn files concern no other answers",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "as withdrawn\n",
        "as withdrawn\n    where false\n",
    ),
    Bug(
        "arriving answers concern no stored ones",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "{{ 'false' if feed_plan().rebuilds else 'true' }}",
        "false",
    ),
    Bug(
        "rules that went are overlooked",
        f"{CHANGES}/int_judging_rules_changed.sql",
        "    union all\n    select * from old_rules",
        "    union all\n    select * from old_rules where false",
    ),
    Bug(
        "a changed question concerns nobody",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "changed_rules.rule_kind = 'question'",
        "changed_rules.rule_kind = 'questions'",
    ),
    Bug(
        "a changed exclusion concerns nobody",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "changed_rules.rule_kind = 'exclusion'",
        "changed_rules.rule_kind = 'exclusions'",
    ),
    Bug(
        "the future never comes",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "and status_reason = 'future_timestamp'",
        "and status_reason = 'future'",
    ),
    Bug(
        "the clock is never put back",
        f"{CHANGES}/int_answer_keys_concerned.sql",
        "responded_at_utc > (select clock.clock_at from clock)",
        "responded_at_utc < (select clock.clock_at from clock)",
    ),
    Bug(
        "judged answers stay beside what replaces them",
        "macros/answers/get_incremental_rejudge_sql.sql",
        "where key_hash in (select key_hash from {{ concerned_keys }})",
        "where false",
    ),
    Bug(
        "withdrawn rows stay",
        "macros/answers/get_incremental_rejudge_sql.sql",
        "where {{ is_from_file(withdrawn_files()) }}",
        "where false",
    ),
    Bug(
        "days that lost answers are not counted anew",
        "macros/answers/_score_changes.sql",
        "            and (\n                {%- for column in cell %}",
        "            and false and (\n                {%- for column in cell %}",
    ),
    Bug(
        "old counts stay beside new ones",
        "macros/answers/forget_recounted_cells.sql",
        "'(reporting_date, source_system, survey_id, question_id) in ('",
        "'false and (reporting_date, source_system, survey_id, question_id) in ('",
    ),
    Bug(
        "changes are counted for ever",
        "macros/answers/remember_recount.sql",
        "is_counted = true where",
        "is_counted = false where",
    ),
    Bug(
        "files are forgotten",
        "macros/answers/remember_judging.sql",
        "{%- if rows -%}",
        "{%- if false -%}",
    ),
    Bug(
        "rules are not remembered",
        "macros/answers/remember_judging.sql",
        "'\\nselect * from ' ~ rules)",
        "'\\nselect * from ' ~ rules ~ ' where false')",
    ),
    Bug(
        "copies are not told apart",
        f"{ANSWERS}/int_survey_answers_stored.sql",
        "        row_number() over (",
        "        min(version_rank) over (",
    ),
    Bug(
        "what goes with its file was edited",
        "macros/answers/_score_changes.sql",
        "when concerned_keys.is_withdrawn and not concerned_keys.is_arriving",
        "when concerned_keys.is_withdrawn and concerned_keys.is_arriving",
    ),
    Bug(
        "exclusion is a matter of definition",
        "macros/answers/_score_changes.sql",
        "when concerned_keys.is_excluded then 'excluded'\n"
        "                when concerned_keys.is_redefined then 'redefined'",
        "when concerned_keys.is_redefined then 'redefined'\n"
        "                when concerned_keys.is_excluded then 'redefined'",
    ),
    Bug(
        "the erased are judged",
        f"{ANSWERS}/int_survey_answers_keyed.sql",
        "    where not is_erased\n",
        "",
    ),
    Bug(
        "the erased keep the kind of what they said",
        f"{ANSWERS}/int_survey_answers_stored.sql",
        "and answer_kinds.{{ column }} is null",
        "and survey_answers.{{ column }} = answer_kinds.{{ column }}",
    ),
    Bug(
        "a batch is listed twice",
        "macros/answers/get_incremental_rejudge_sql.sql",
        "select judged_batch from {{ ref('int_batches_unpublished') }};",
        "select judged_batch from {{ judged }} where false;",
        ("tests/torture/test_stories.py",),
    ),
    Bug(
        "a respondent who lost an answer is not counted anew",
        "macros/answers/_respondents_to_recount.sql",
        "    where answer_status = 'accepted' and respondent_id is not null\n",
        "    where false\n",
        ("tests/torture/test_stories.py",),
    ),
    Bug(
        "a respondent who answered again is not counted anew",
        "macros/answers/_respondents_to_recount.sql",
        "    where status_reason is null and respondent_id is not null\n",
        "    where false\n",
        ("tests/torture/test_stories.py",),
    ),
    Bug(
        "after a rebuild nobody is counted anew",
        "macros/answers/remember_judging.sql",
        "models_by_respondent() if plan.rebuilds and",
        "models_by_respondent() if false and",
        ("tests/torture/test_stories.py",),
    ),
    Bug(
        "the erased stay among what was to be judged again",
        "macros/answers/remember_judging.sql",
        "delete_rows(stored_concerned, is_erased())",
        "delete_rows(stored_concerned, 'false and ' ~ is_erased())",
    ),
    Bug(
        "nobody is erased",
        "macros/answers/is_erased.sql",
        "{%- if erased -%}",
        "{%- if not erased -%}",
    ),
    Bug(
        "the rows of the erased do not count",
        f"{MARTS}/fct_unaccepted_answers.sql",
        "answer_status in ('skipped', 'rejected')",
        "answer_status <> 'accepted'",
    ),
    Bug(
        "every batch is the first",
        f"{ANSWERS}/int_survey_answers_stored.sql",
        "coalesce(max(judged_batch), 0) + 1",
        "least(coalesce(max(judged_batch), 0), 0) + 1",
    ),
    Bug(
        "the code that judges is no rule",
        f"{CHANGES}/int_judging_rules.sql",
        "{{ judging_code() }} || ' '",
        "'the code' || ' '",
    ),
    Bug(
        "a scale's points are no rule",
        f"{CHANGES}/int_judging_rules.sql",
        "as_text('rating_scales.max_score'), \"' '\",",
        "\"' '\",",
    ),
    Bug(
        "published changes are told again",
        "macros/restatements/forget_score_changes.sql",
        "'is_counted and ' ~ publishes()",
        "'false'",
    ),
    Bug(
        "every run publishes",
        "macros/restatements/publishes.sql",
        "else 'false'",
        "else 'true'",
    ),
    Bug(
        "a rebuild leaves no trace",
        "macros/answers/remember_judging.sql",
        "_held_relation('fct_score_counts_by_day') if plan.rebuilds",
        "_held_relation('fct_score_counts_by_day') if false",
    ),
    Bug(
        "the first publication counts",
        "models/intermediate/restatements/int_scores_last_published.sql",
        "order by build_number desc",
        "order by build_number asc",
    ),
    Bug(
        "what is taken back is not told",
        f"{MARTS}/fct_score_restatements.sql",
        "full outer join published",
        "left join published",
    ),
    Bug(
        "late is what came in time",
        f"{MARTS}/fct_score_restatements.sql",
        "changes.period_end_date > builds",
        "changes.period_end_date >= builds",
    ),
    # Where a change came from
    Bug(
        "a member that came has moved from 0",
        "macros/statistics/rate_effect.sql",
        "coalesce({{ score }} - {{ score_previous }}, 0)",
        "(coalesce({{ score }}, 0) - coalesce({{ score_previous }}, 0))",
    ),
    Bug(
        "the rate effect takes the share of the period",
        "macros/statistics/rate_effect.sql",
        "({{ share_pct_previous }} + {{ share_pct }}) / 200",
        "{{ share_pct }} / 100",
    ),
    Bug(
        "a change of the mix is held against nothing",
        "macros/statistics/mix_effect.sql",
        "- ({{ pooled_previous }} + {{ pooled }}) / 2",
        "- 0",
    ),
    Bug(
        "a share has something against it",
        f"{METRICS}/metric_score.sql",
        "when {{ metric }} = 'nps'",
        "when {{ metric }} is not null",
    ),
    Bug(
        "a change compares with the period after",
        f"{SCORES}/int_score_changes_by_member.sql",
        "on parts.period_id = periods.previous_period_id",
        "on parts.period_id = periods.period_id",
    ),
    Bug(
        "a change from nobody",
        f"{SCORES}/int_score_changes_by_member.sql",
        "where totals.response_count_previous > 0 and totals.response_count > 0",
        "where totals.response_count > 0",
    ),
    Bug(
        "kinds of NPS change together",
        f"{SCORES}/int_score_changes_by_member.sql",
        "            and members.score_pool = totals.score_pool\n",
        "",
    ),
    Bug(
        "kinds of NPS are cut together",
        f"{SCORES}/int_score_parts_by_member_day.sql",
        "then touchpoints.survey_kind",
        "then 'relationship'",
    ),
    Bug(
        "neutral answers count against a score",
        f"{SCORES}/int_score_counts_by_day_classified.sql",
        "when category in ('detractor', 'dissatisfied')",
        "when category in ('detractor', 'dissatisfied', 'neutral')",
    ),
    Bug(
        "a promoter is a detractor before",
        f"{MARTS}/fct_nps_change_by_segment.sql",
        "negative_count_previous as detractor_count_previous",
        "positive_count_previous as detractor_count_previous",
    ),
    Bug(
        "a correlation forgets a mean",
        "macros/statistics/correlation.sql",
        "({{ n }} * {{ sum_xy }} - {{ sum_x }} * {{ sum_y }})",
        "({{ n }} * {{ sum_xy }})",
    ),
    Bug(
        "a new scale is a fall",
        f"{MARTS}/fct_nps_drop_drilldown.sql",
        "        and not csat_changes.is_scale_changed\n",
        "",
    ),
    Bug(
        "a rise is named",
        f"{MARTS}/fct_nps_drop_drilldown.sql",
        "csat_changes.csat_pct_change < 0",
        "csat_changes.csat_pct_change <> 0",
    ),
    Bug(
        "a few answers are named",
        f"{MARTS}/fct_nps_drop_drilldown.sql",
        "least(csat_changes.response_count, csat_changes.response_count_previous)",
        "csat_changes.response_count",
    ),
    Bug(
        "the deepest fall comes last",
        f"{MARTS}/fct_nps_drop_drilldown.sql",
        "csat_changes.csat_pct_change asc",
        "csat_changes.csat_pct_change desc",
    ),
    Bug(
        "a rule reads a scale from the best point",
        f"{SCORES}/int_rule_counts_by_touchpoint_period.sql",
        ") }} + 1 as scale_point,",
        ") }} * -1 + rating_scales.max_score - rating_scales.min_score + 1\n"
        "            as scale_point,",
    ),
    Bug(
        "what a rule does not know is nobody",
        f"{SCORES}/int_rule_counts_by_touchpoint_period.sql",
        "left join rule_points",
        "inner join rule_points",
    ),
    Bug(
        "a rule scores scales of any length",
        f"{SCORES}/int_rule_counts_by_touchpoint_period.sql",
        "            and placed.point_count = rule_points.point_count\n",
        "",
    ),
    Bug(
        "a forgotten point is an unknown scale",
        f"{SCORES}/int_rule_counts_by_touchpoint_period.sql",
        "'rule_points.rule_id is not null and rule_points.answer_value is null',",
        "'rule_points.rule_id is null and rule_points.answer_value is null',",
    ),
    Bug(
        "the worst point is lost",
        f"{SCORES}/int_metric_rule_points.sql",
        "between 1 and metric_rules.point_count",
        "between 2 and metric_rules.point_count",
    ),
    Bug(
        "a tool rounds down",
        f"{MARTS}/fct_scores_by_rule.sql",
        "2 * value_sum + scored_count * value_divisor",
        "2 * value_sum",
    ),
    Bug(
        "the divisor is forgotten",
        f"{MARTS}/fct_scores_by_rule.sql",
        "/ nullif(scored_count * value_divisor, 0)\n        end",
        "/ nullif(scored_count, 0)\n        end",
    ),
    Bug(
        "an average is subtracted from a share",
        f"{MARTS}/fct_scores_by_rule.sql",
        "case when is_own_unit then rule_score - own_score end as score_difference",
        "rule_score - own_score as score_difference",
    ),
    Bug(
        "our own score is of what the rule scores",
        f"{MARTS}/fct_scores_by_rule.sql",
        "/ nullif(response_count, 0) as own_score,",
        "/ nullif(scored_count, 0) as own_score,",
    ),
    Bug(
        "rules of one tool may disagree",
        f"{DEFINITIONS}/int_metric_rule_problems.sql",
        "first_rule_text <> last_rule_text",
        "first_rule_text > last_rule_text",
    ),
    Bug(
        "a rule may stand there twice",
        f"{DEFINITIONS}/int_metric_rule_problems.sql",
        "row_count > 1",
        "row_count > 2",
    ),
    Bug(
        "problems of rules are not collected",
        f"{DEFINITIONS}/int_definition_problems.sql",
        "    select * from metric_rule_problems\n    union all\n",
        "",
    ),
    Bug(
        "satisfaction asked later counts",
        f"{SCORES}/int_nps_answers_paired.sql",
        "nps_answers.responded_at_utc > csat_answers.responded_at_utc",
        "true",
    ),
    Bug(
        "the first CSAT answer counts",
        f"{SCORES}/int_nps_answers_paired.sql",
        "met.responded_at_utc desc",
        "met.responded_at_utc asc",
    ),
    Bug(
        "channels count touchpoints with a new scale",
        f"{SCORES}/int_csat_changes_by_channel.sql",
        "    where is_scale_changed",
        "    where false",
    ),
    Bug(
        "a scale is compared with its own period only",
        f"{SCORES}/int_csat_scales_compared.sql",
        "first_scale_shape <> earlier_counts.first_scale_shape",
        "first_scale_shape <> satisfaction_counts.first_scale_shape",
    ),
    # Trailing windows
    Bug(
        "a window is a day too short",
        f"{WINDOWS}/int_trailing_window_moves.sql",
        "'day', 'windows.window_days', 'answers.reporting_date'",
        "'day', 'windows.window_days - 1', 'answers.reporting_date'",
    ),
    Bug(
        "what is overtaken leaves twice",
        f"{WINDOWS}/int_trailing_window_moves.sql",
        "            as move_date,\n        answer_count,\n",
        "            as move_date,\n        0 as answer_count,\n",
    ),
    Bug(
        "who answers again never answered",
        f"{WINDOWS}/int_trailing_window_moves.sql",
        "        next_date as move_date,",
        "        reporting_date as move_date,",
    ),
    Bug(
        "all without an id are one",
        f"{WINDOWS}/int_answers_overtaken.sql",
        "        and not {{ is_blank('respondent_id') }}\n",
        "",
    ),
    Bug(
        "an answer elsewhere overtakes",
        f"{WINDOWS}/int_answers_overtaken.sql",
        "(order by metric, touchpoint_id)",
        "(order by metric, scale_id)",
    ),
    Bug(
        "the best of two at one instant is the latest",
        f"{WINDOWS}/int_answers_overtaken.sql",
        "score desc",
        "score asc",
    ),
    Bug(
        "a window begins full",
        f"{WINDOWS}/int_trailing_windows.sql",
        "'day', 'scoped.window_days - 1', 'live_days.first_date'",
        "'day', 'scoped.window_days', 'live_days.first_date'",
    ),
    Bug(
        "kinds of NPS share a window",
        f"{WINDOWS}/int_trailing_windows.sql",
        "then touchpoints.survey_kind",
        "then 'relationship'",
    ),
    Bug(
        "scales in a window never mix",
        f"{WINDOWS}/int_trailing_windows.sql",
        "        <> cast(scoped.shape_sum as",
        "        < cast(scoped.shape_sum as",
    ),
    Bug(
        "windows end too early after a pause",
        f"{WINDOWS}/int_trailing_windows.sql",
        "trailing_window_days() | max, 'last_answer_date'",
        "trailing_window_days() | min, 'last_answer_date'",
    ),
    Bug(
        "the change is upside down",
        f"{MARTS}/fct_csat_change_by_channel.sql",
        "pooled_score - pooled_score_previous as",
        "pooled_score_previous - pooled_score as",
    ),
]

# What the data tests look at: seen by tests of the tests.
UNPUBLISHED = ("tests/trial/test_unpublished.py",)

TEST_BUGS = [
    Bug(
        "tests look at what is published",
        "macros/tests/unpublished_rows.sql",
        "where judged_batch in (",
        "where judged_batch not in (",
        UNPUBLISHED,
    ),
    Bug(
        "dbt test looks at little",
        "macros/tests/unpublished_rows.sql",
        "flags.WHICH != 'build'",
        "flags.WHICH == 'run'",
        UNPUBLISHED,
    ),
    Bug(
        "tests overlook days that lost answers",
        "macros/tests/unpublished_cells.sql",
        "                union\n                select {{ cell }} from {{ changes }}\n",
        "",
        UNPUBLISHED,
    ),
    Bug(
        "a run forgets what no test has seen",
        "macros/restatements/forget_score_changes.sql",
        "delete_rows(ref('int_batches_unpublished'), publishes())",
        "delete_rows(ref('int_batches_unpublished'), 'true')",
    ),
]

PLAN = "cx_warehouse/feed_plan.py"
PLAN_TESTS = ("tests/feed_plan", "tests/plugin")

PLAN_BUGS = [
    Bug(
        "a changed file is not read again",
        PLAN,
        "if held.get(name, version) != version",
        "if held.get(name, version) == ''",
        PLAN_TESTS,
    ),
    Bug(
        "a removed file is not seen",
        PLAN,
        "[name for name in held if name not in versions]",
        "[name for name in held if name in ()]",
        PLAN_TESTS,
    ),
    Bug(
        "a rebuild reads only what is new",
        PLAN,
        "new, changed = list(versions), []",
        "new, changed = [name for name in versions if name not in held], []",
        PLAN_TESTS,
    ),
    Bug(
        "the time of a change can be put back",
        PLAN,
        "-{status.st_ctime_ns}-",
        "-",
        PLAN_TESTS,
    ),
    Bug(
        "a file just written is settled",
        PLAN,
        "while 0 <= time.time() - status.st_ctime < _SETTLED_SECONDS:",
        "while time.time() < 0:",
        PLAN_TESTS,
    ),
    Bug(
        "a store without a ledger is held",
        PLAN,
        "if len(columns) < 3:",
        "if len(columns) < 2:",
        PLAN_TESTS,
    ),
    Bug(
        "another version of DuckDB judges alike",
        PLAN,
        "hashlib.sha256(duckdb.__version__.encode())",
        "hashlib.sha256()",
        PLAN_TESTS,
    ),
    Bug(
        "a full refresh is a run like any other",
        "cx_warehouse/dbt_plugin.py",
        "rebuilds=full_refresh",
        "rebuilds=False",
        PLAN_TESTS,
    ),
]

ERASURE = "cx_warehouse/erasure.py"
ERASURE_TESTS = ("tests/erasure", "-k", "not macro")

ERASURE_BUGS = [
    Bug(
        "the pads change places",
        ERASURE,
        "byte ^ 0x36",
        "byte ^ 0x5C",
        ERASURE_TESTS,
    ),
    Bug(
        "a long key is cut",
        ERASURE,
        "secret = hashlib.sha256(secret).digest()",
        "secret = secret[:64]",
        ERASURE_TESTS,
    ),
    Bug(
        "ids run into each other",
        ERASURE,
        "{len(source_system)}:{source_system}{len(respondent_id)}:{respondent_id}",
        "{source_system}:{respondent_id}",
        ERASURE_TESTS,
    ),
    Bug(
        "a lost key is made anew",
        ERASURE,
        "    if erasure_list_path(warehouse).exists():\n        raise UserError(",
        "    if not erasure_list_path(warehouse).name:\n        raise UserError(",
        ERASURE_TESTS,
    ),
    Bug(
        "a torn line is passed over",
        ERASURE,
        "if len(line) != _HASH_LENGTH or",
        "if len(line) > _HASH_LENGTH or",
        ERASURE_TESTS,
    ),
    Bug(
        "everybody may read the key",
        ERASURE,
        "fresh.touch(mode=0o600)",
        "fresh.touch(mode=0o644)",
        ERASURE_TESTS,
    ),
    Bug(
        "the file keeps its bytes",
        ERASURE,
        "    fresh.replace(warehouse)\n",
        "    fresh.unlink()\n",
        ERASURE_TESTS,
    ),
    Bug(
        "any key is the right one",
        ERASURE,
        "not in hashes:",
        "in ():",
        ERASURE_TESTS,
    ),
    Bug(
        "everybody may read the file written anew",
        ERASURE,
        "            shutil.copymode(warehouse, fresh)\n",
        "",
        ERASURE_TESTS,
    ),
    Bug(
        "a link becomes a file",
        ERASURE,
        "    warehouse = warehouse.resolve()\n",
        "",
        ERASURE_TESTS,
    ),
    Bug(
        "a failed build has erased",
        ERASURE,
        "check=False).returncode:",
        "check=False).returncode > 1:",
        ERASURE_TESTS,
    ),
]

READER = "cx_warehouse/feed.py"
READER_TESTS = (
    "tests/feed",
    "tests/property/test_feed_mutations.py",
    "-k",
    "not stops_the_build and not large_file",
)

READER_BUGS = [
    Bug(
        "a byte order mark is a part of the first name",
        READER,
        "start.removeprefix(codecs.BOM_UTF8)",
        "start.removeprefix(b'')",
    ),
    Bug(
        "a line break in a column name is let through",
        READER,
        'if any("\\n" in cell or "\\r" in cell for cell in cells):',
        "if not cells:",
    ),
    Bug(
        "a quoted comma behind a byte order mark is let through",
        READER,
        "if start != pending and any(",
        "if start == pending and any(",
    ),
    Bug(
        "a column may be there twice",
        READER,
        "if name and name in names[:number]:",
        "if not name and name in names[:number]:",
    ),
    Bug(
        "dot files are read",
        READER,
        'if not path.name.startswith(".")',
        'if not path.name.startswith("..")',
    ),
    Bug(
        "names of files are patterns",
        READER,
        "_literal(glob.escape(str(path)))",
        "_literal(str(path))",
    ),
    Bug(
        "quotes in names of files are not doubled",
        READER,
        """text.replace("'", "''")""",
        """text.replace("'", "'")""",
    ),
    Bug(
        "equal rows of a file are one",
        READER,
        '"\\nunion all\\n".join',
        '"\\nunion\\n".join',
    ),
    Bug(
        "rows may be short",
        READER,
        "(?:,%b){%d})?+%b",
        "(?:,%b){0,%d})?+%b",
    ),
    Bug(
        "cut gzip files are whole",
        READER,
        "if not member.eof:",
        "if member is None:",
    ),
    Bug(
        "empty Parquet text is no null",
        READER,
        """f"nullif(cast({_identifier(cell)} as varchar), '')\"""",
        'f"cast({_identifier(cell)} as varchar)"',
    ),
    Bug(
        "names of columns are not trimmed",
        READER,
        'return cell.strip().strip("\\ufeff").strip().lower()',
        'return cell.strip("\\ufeff").lower()',
    ),
    Bug(
        "the word NULL is null",
        READER,
        "nullstr = ''",
        "nullstr = 'NULL'",
    ),
    Bug(
        "a letter may be cut at the end",
        READER,
        "final=not piece",
        "final=False",
    ),
    Bug(
        "rows name their file without its folder",
        READER,
        "str(paths[0].relative_to(directory))",
        "paths[0].name",
    ),
    Bug(
        "all files are read, whichever are named",
        READER,
        "    if paths is None:\n        paths = find_feed_files(directory)",
        "    paths = find_feed_files(directory)",
    ),
    Bug(
        "Parquet files share the types of the first",
        READER,
        "(file.kind, file.columns, file.types), []",
        "(file.kind, file.columns, ()), []",
    ),
    Bug(
        "one file without a required column is let through",
        READER,
        "missing = [name for name in REQUIRED_COLUMNS if name not in names]",
        "missing = [name for name in REQUIRED_COLUMNS[:1] if name not in names]",
    ),
]

STATISTICS_BUGS = [
    Bug(
        "Wilson forgets half of its square",
        f"{STATISTICS}/_wilson_low.sql",
        "{{ part }} + {{ double_literal(z * z / 2) }}",
        "{{ part }} + {{ double_literal(z / 2) }}",
    ),
    Bug(
        "Wilson's margin has no square of z",
        f"{STATISTICS}/_wilson_low.sql",
        "+ {{ double_literal(z * z / 4) }}",
        "",
    ),
    Bug(
        "the upper bound is the lower one turned round",
        f"{STATISTICS}/wilson_pct.sql",
        "_wilson_low('(' ~ n ~ ' - ' ~ count ~ ')', n)",
        "_wilson_low(count, n)",
    ),
    Bug(
        "too few answers are added to an NPS",
        f"{STATISTICS}/_nps_variance.sql",
        "+ 1.5",
        "+ 0.75",
    ),
    Bug(
        "an NPS is not adjusted",
        f"{STATISTICS}/_nps_adjusted.sql",
        "+ 3",
        "+ 0",
    ),
    Bug(
        "bounds of an NPS go beyond the scale",
        f"{STATISTICS}/nps_bound.sql",
        "greatest(-100, least(100,",
        "greatest(-200, least(200,",
    ),
    Bug(
        "the lower bound of an NPS is the upper",
        f"{STATISTICS}/nps_bound.sql",
        "'-' if bound == 'low' else '+'",
        "'+' if bound == 'low' else '-'",
    ),
    Bug(
        "intervals are open to one side",
        f"{STATISTICS}/confidence_z.sql",
        "(1 + confidence_level()) / 2",
        "confidence_level()",
    ),
    Bug(
        "a quantile is the first guess",
        f"{STATISTICS}/normal_quantile.sql",
        "if move < 1e-15",
        "if move < 0.1",
    ),
    Bug(
        "certainty is a level of confidence",
        f"{DEFINITIONS}/int_variable_problems.sql",
        "number_of_setting < 1,",
        "number_of_setting <= 1,",
    ),
    Bug(
        "a p-value looks to one side",
        f"{STATISTICS}/p_value.sql",
        "2 * {{ density }} * {{ numerator }}",
        "{{ density }} * {{ numerator }}",
    ),
    Bug(
        "a power of e is missing",
        f"{STATISTICS}/exp_of_minus.sql",
        "~ ' then ' ~ double_literal(power) ~ ' else 1 end'",
        "~ ' then ' ~ double_literal(power if bit < 256 else 1) ~ ' else 1 end'",
    ),
    Bug(
        "the series of e is short",
        f"{STATISTICS}/exp_of_minus.sql",
        "range(17, 0, -1)",
        "range(14, 0, -1)",
    ),
    Bug(
        "a long decimal is rounded twice",
        "macros/project/decimal_as_double.sql",
        "cast({{ as_text(value) }} as",
        "cast({{ value }} as",
    ),
    Bug(
        "a p-value far out is another",
        f"{STATISTICS}/p_value.sql",
        "{{ x }} + 4 / (",
        "{{ x }} + 4 * (",
    ),
    Bug(
        "large weights are taken away",
        f"{STATISTICS}/effective_count.sql",
        "+ {{ decimal_as_double(large_weight_square_sum) }}",
        "- {{ decimal_as_double(large_weight_square_sum) }}",
    ),
    Bug(
        "a weight is among the large and the others",
        f"{STATISTICS}/weight_square_sum.sql",
        "{{ weight }} < 10000",
        "{{ weight }} <= 10000",
    ),
    Bug(
        "a weight is in neither sum",
        f"{STATISTICS}/large_weight_square_sum.sql",
        "{{ weight }} >= 10000",
        "{{ weight }} > 10000",
    ),
    Bug(
        "two proportions are tested without the minus one",
        f"{STATISTICS}/share_change_z.sql",
        "({{ whole }} - 1) /",
        "{{ whole }} /",
    ),
    Bug(
        "all satisfied, both times, is unknown",
        f"{STATISTICS}/share_change_z.sql",
        "<= 0 then 0",
        "<= 0 then null",
    ),
    Bug(
        "the power to see a share move is too small",
        f"{STATISTICS}/share_minimum_detectable_change.sql",
        "normal_quantile(0.8)",
        "normal_quantile(0.5)",
    ),
    Bug(
        "the power to see an NPS move is too small",
        f"{STATISTICS}/nps_minimum_detectable_change.sql",
        "normal_quantile(0.8)",
        "normal_quantile(0.5)",
    ),
    Bug(
        "four satisfied of four promise everything",
        f"{STATISTICS}/_share_variance.sql",
        "{{ n }} - {{ count }} + 1",
        "{{ n }} - {{ count }}",
    ),
    Bug(
        "a change of NPS is the other way round",
        f"{STATISTICS}/nps_change_z.sql",
        "- {{ _nps_adjusted(earlier",
        "+ {{ _nps_adjusted(earlier",
    ),
    Bug(
        "the week a year before is a week off",
        f"{PERIODS}/year_before.sql",
        "'day', -364",
        "'day', -371",
    ),
    Bug(
        "the first year has none after it",
        f"{MARTS}/dim_periods.sql",
        ">= min(period_start_date)",
        "> min(period_start_date)",
    ),
    Bug(
        "the year before is the period before",
        f"{SCORES}/int_score_pairs_by_period.sql",
        "'year_before': 'year_before_period_id'",
        "'year_before': 'previous_period_id'",
    ),
    Bug(
        "a score is compared with those of all groups",
        f"{SCORES}/int_score_pairs_by_period.sql",
        "            and score_estimates.score_group = earlier.score_group\n",
        "",
    ),
    Bug(
        "both comparisons are one family",
        f"{SCORES}/int_score_comparisons_by_period.sql",
        "period_id, comparison' -%}",
        "period_id' -%}",
    ),
    Bug(
        "touchpoints and all are one family",
        f"{SCORES}/int_score_comparisons_by_period.sql",
        "'partition by metric, score_scope, period_id",
        "'partition by metric, period_id",
    ),
    Bug(
        "only the first of a family is significant",
        f"{STATISTICS}/is_significant.sql",
        "change_p_value <= max(",
        "change_p_value <= min(",
    ),
    Bug(
        "a family is not tested together",
        f"{STATISTICS}/allowed_p_value.sql",
        ") / count(*) over ({{ family }})",
        ")",
    ),
    Bug(
        "both kinds of NPS are one sample",
        f"{SCORES}/int_score_parts_by_period.sql",
        "case when counted.metric = 'nps' then touchpoints.survey_kind else 'all' end",
        "'all'",
    ),
    Bug(
        "the weighted interval is the plain one",
        f"{SCORES}/int_score_estimates_by_period.sql",
        "'weighted_positive_n_eff', 'weighted_detractor_n_eff', 'n_eff', 'high'",
        "'positive_n_eff', 'detractor_n_eff', 'n_eff', 'high'",
    ),
    Bug(
        "the plain interval is on all answers",
        f"{SCORES}/int_score_estimates_by_period.sql",
        "else n_eff * positive_count / response_count",
        "else positive_count",
    ),
    Bug(
        "all of an effective number are nearly all",
        f"{SCORES}/int_score_estimates_by_period.sql",
        "when positive_count = response_count then n_eff",
        "when positive_count < 0 then n_eff",
    ),
    Bug(
        "all of a weight are a little more than all",
        f"{METRICS}/weighted_share_pct.sql",
        "when {{ part }} = {{ whole }} then 100",
        "when {{ part }} < 0 then 100",
    ),
    Bug(
        "the weight of the satisfied is that of the others",
        f"{SCORES}/int_satisfaction_counts_by_touchpoint_period.sql",
        "weight_where(\"satisfaction_category = 'satisfied'\"",
        "weight_where(\"satisfaction_category <> 'satisfied'\"",
    ),
    Bug(
        "passives weigh like promoters",
        f"{SCORES}/int_nps_counts_by_touchpoint_period.sql",
        "weight_where(\"nps_category = 'promoter'\"",
        "weight_where(\"nps_category <> 'detractor'\"",
    ),
    Bug(
        "the change of a year is that of a period",
        f"{SCORES}/int_score_statistics_by_period.sql",
        "and year_before.comparison = 'year_before'",
        "and year_before.comparison = 'previous'",
    ),
    Bug(
        "the plain interval is the weighted one",
        f"{STATISTICS}/statistics_columns.sql",
        "score_statistics.score_low as {{ score }}_low",
        "score_statistics.weighted_score_low as {{ score }}_low",
    ),
    Bug(
        "significance is that of the year before",
        f"{STATISTICS}/statistics_columns.sql",
        "score_statistics.is_significant_previous_change as",
        "score_statistics.is_significant_year_before_change as",
    ),
]

# What meets the attack on reports.
REPORT_BUGS = [
    Bug(
        "one touchpoint alone is withheld",
        f"{REPORTS}/int_report_counts.sql",
        ") + 1) / 2),",
        ") + 0) / 1),",
    ),
    Bug(
        "touchpoints are paired by their size",
        f"{REPORTS}/int_report_counts.sql",
        "order by answered_years.score_group",
        "order by answered_years.response_count, answered_years.score_group",
    ),
    Bug(
        "each of those withheld may have just one answer",
        f"{REPORTS}/int_report_cells.sql",
        "and response_count_so_far > touchpoint_count_so_far",
        "and response_count_so_far >= 0",
    ),
    Bug(
        "a year with an answer from each is shown",
        f"{REPORTS}/int_report_counts.sql",
        "having sum(response_count) >= count(*) + ",
        "having sum(response_count) >= 0 * ",
    ),
    Bug(
        "what is left over may be small",
        f"{REPORTS}/int_report_cells.sql",
        "and response_count_so_far >= {{ threshold }}",
        "and response_count_so_far >= 0",
    ),
    Bug(
        "only the small month is withheld",
        f"{REPORTS}/int_report_cells.sql",
        "min(response_count) over ({{ pair }})",
        "response_count",
    ),
    Bug(
        "months of a withheld quarter are shown",
        f"{REPORTS}/int_report_cells.sql",
        "coalesce({{ parent }}_judged.is_withheld, false)",
        "coalesce({{ parent }}_judged.is_withheld, false) and false",
    ),
    Bug(
        "one answer too few is shown",
        f"{REPORTS}/int_report_cells.sql",
        "over ({{ pair }}) < {{ threshold }}",
        "over ({{ pair }}) < {{ threshold }} - 1",
    ),
    Bug(
        "a quarter of one month is shown",
        f"{REPORTS}/int_report_periods.sql",
        "having count(*) = 3",
        "having count(*) >= 1",
    ),
    Bug(
        "a year of some months is shown",
        f"{REPORTS}/int_report_periods.sql",
        "having count(*) = 12",
        "having count(*) >= 1",
    ),
    Bug(
        "months without answers are not there",
        f"{REPORTS}/int_report_counts.sql",
        "    left join score_parts\n        on\n            members",
        "    inner join score_parts\n        on\n            members",
    ),
]

PAGE = "cx_warehouse/page.py"
PAGE_SCRIPT = "cx_warehouse/page_assets/page.js"


def _page_tests(words: str) -> tuple[str, ...]:
    return ("tests/page/test_page.py", "-k", words)


PAGE_BUGS = [
    Bug(
        "a name may end the page's script",
        PAGE,
        r'"<>&\u2028\u2029"',
        r'"&\u2028\u2029"',
        _page_tests("smuggled"),
    ),
    Bug(
        "promoters and detractors change places on the page",
        PAGE,
        '("promoter_count", "passive_count", "detractor_count")',
        '("detractor_count", "passive_count", "promoter_count")',
        _page_tests("cards_are"),
    ),
    Bug(
        "the page shows whole scores",
        PAGE,
        '"score": (self.score, 1)',
        '"score": (self.score, 0)',
        _page_tests("cards_are"),
    ),
    Bug(
        "the page would run any script",
        PAGE,
        "default-src 'none'; img-src data:",
        "default-src * 'unsafe-inline'; img-src *",
        _page_tests("run_or_load"),
    ),
    Bug(
        "a score of 0 is none on the page",
        PAGE_SCRIPT,
        'typeof value === "number"',
        "Boolean(value)",
        _page_tests("score_of_0"),
    ),
    Bug(
        "lines on the page do not break",
        PAGE_SCRIPT,
        "last[last.length - 1] === number - 1",
        "last[last.length - 1] < number",
        _page_tests("lines_break"),
    ),
    Bug(
        "few answers look like many on the page",
        PAGE_SCRIPT,
        "const hollow = row.reportable && ",
        "const hollow = ",
        _page_tests("few_answers"),
    ),
    Bug(
        "every change on the page has a triangle",
        PAGE_SCRIPT,
        'const sign = isReal ? (value < 0 ? "▼ " : "▲ ") : "";',
        'const sign = value < 0 ? "▼ " : "▲ ";',
        _page_tests("cards_are"),
    ),
    Bug(
        "the page begins with a period that still runs",
        PAGE_SCRIPT,
        "const complete = PERIODS[grain].filter((each) => each.complete);",
        "const complete = PERIODS[grain];",
        _page_tests("latest_complete"),
    ),
    Bug(
        "the page compares scores on different scales",
        PAGE_SCRIPT,
        "return scalesOf(one.metric, touchpoint, number) !== ",
        "return false && scalesOf(one.metric, touchpoint, number) !== ",
        _page_tests("another_scale"),
    ),
]

BUGS = [
    *WAREHOUSE_BUGS,
    *STATISTICS_BUGS,
    *PAGE_BUGS,
    *TEST_BUGS,
    *PLAN_BUGS,
    *ERASURE_BUGS,
    *(bug._replace(pytests=REPORT_TESTS) for bug in REPORT_BUGS),
    *(bug._replace(pytests=READER_TESTS) for bug in READER_BUGS),
]
