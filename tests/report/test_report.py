"""The report says what the marts hold, to the letter."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cx_warehouse.__main__ import main
from cx_warehouse.report import METRICS
from tests.harness import Project

SCALES = {"five": (1, 5), "seven": (1, 7), "ten": (1, 10), "eleven": (0, 10)}

# touchpoint_id: (name, journey_order); listed in another order than the journey's.
TOUCHPOINTS = {
    "support": ("Unterstützung am Telefon, per E-Mail und im Laden", 30),
    "shop": ("Shop", 10),
    "pay": ("支払い\nと請求書", 20),
    "return": ("Return", 20),
    "effort": ("Asked about effort only", 5),
    "gone": ("Asked about in 2025 only", 6),
    "later": ("Asked about from April 2026 on", 7),
    "tools": ("Two tools, two scales", ""),
}

# (question_id, metric, scale_id, touchpoint_id, valid_from, valid_to)
QUESTIONS = [
    ("shop_csat", "csat", "five", "shop", "", ""),
    ("shop_nps", "nps", "eleven", "shop", "", ""),
    ("pay_csat", "csat", "five", "pay", "", ""),
    ("pay_nps", "nps", "ten", "pay", "", ""),
    ("support_csat", "csat", "five", "support", "", ""),
    ("return_csat", "csat", "five", "return", "2025-01-01", ""),
    ("effort", "ces", "seven", "effort", "", ""),
    ("gone_csat", "csat", "five", "gone", "", "2026-01-01"),
    ("later_csat", "csat", "five", "later", "2026-04-01", ""),
    ("tools_five", "csat", "five", "tools", "", ""),
    ("tools_seven", "csat", "seven", "tools", "", ""),
]

Q1, Q2 = "2026-02-01", "2026-04-01"

ANSWERS = [
    *(("shop_csat", Q1, score) for score in ("5",) * 1200 + ("1",) * 600),
    *(("shop_nps", Q1, score) for score in ("10", "0", "8")),
    *(("pay_csat", Q1, score) for score in ("1", "2", "3")),
    *(("pay_nps", Q1, score) for score in ("1", "9")),
    ("pay_nps", Q1, "1"),
    ("support_csat", Q1, "5"),
    ("effort", Q1, "7"),
    ("gone_csat", "2025-12-31", "5"),
    ("tools_five", Q1, "5"),
    ("tools_seven", Q1, "1"),
    # The quarter that is still running.
    *(("shop_csat", Q2, "1") for _ in range(10)),
    ("return_csat", Q2, "5"),
    # What is not accepted.
    ("shop_csat", Q1, ""),
    *(("shop_csat", Q1, answer) for answer in ("6", "6", "six", "4.5")),
    ("shop_csat", "someday", "5"),
    ("shop_csat", "", "5"),
    ("unknown", Q1, "5"),
    ("unknown", Q1, "5"),
    ("shop_csat", "2026-12-01", "5"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return built(tmp_path_factory.mktemp("report"), ANSWERS)


def built(directory: Path, answers: list[tuple[str, str, str]]) -> Project:
    """A warehouse of (question_id, responded_at, answer), as of the 1st of May 2026."""
    feed = directory / "feed"
    feed.mkdir()
    with (feed / "survey_answers.csv").open(
        "w", newline="", encoding="utf-8"
    ) as stream:
        writer = csv.writer(stream)
        ids = ["source_system", "survey_id", "question_id", "response_id"]
        writer.writerow([*ids, "responded_at", "answer"])
        for number, (question_id, responded_at, answer) in enumerate(answers):
            writer.writerow(["t", "s", question_id, number, responded_at, answer])
    project = Project(directory)
    project.write_definitions(
        {
            "rating_scales": [
                {
                    "scale_id": scale_id,
                    "min_score": min_score,
                    "max_score": max_score,
                    "best_is_high": "true",
                    "top_box_count": 2,
                    "bottom_box_count": 2,
                }
                for scale_id, (min_score, max_score) in SCALES.items()
            ],
            "touchpoints": [
                {
                    "touchpoint_id": touchpoint_id,
                    "touchpoint_name": name,
                    "journey_stage": "use",
                    "journey_order": order,
                    "survey_kind": "transactional",
                }
                for touchpoint_id, (name, order) in TOUCHPOINTS.items()
            ],
            "survey_questions": [
                {
                    "source_system": "t",
                    "survey_id": "s",
                    "question_id": question_id,
                    "metric": metric,
                    "scale_id": scale_id,
                    "touchpoint_id": touchpoint_id,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                }
                for (
                    question_id,
                    metric,
                    scale_id,
                    touchpoint_id,
                    valid_from,
                    valid_to,
                ) in QUESTIONS
            ],
        }
    )
    project.build(
        feed, variables={"as_of": "2026-05-01", "minimum_reportable_responses": 3}
    )
    return project


def report(capsys: pytest.CaptureFixture[str], warehouse: Path) -> str:
    """What the command prints, but for the lines on the warehouse file."""
    assert main(["report", "--warehouse", str(warehouse)]) == 0
    text, mark, end = capsys.readouterr().out.partition("\nWarehouse: ")
    assert mark and end.startswith(f"{warehouse}\n")
    return text


def changed(project: Project, directory: Path, *statements: str) -> Path:
    """A copy of the warehouse, without constraints, that statements have changed."""
    copy = directory / "copy.duckdb"
    shutil.copy(project.warehouse, copy)
    with duckdb.connect(copy) as connection:
        for metric in METRICS:
            table = f"marts.{metric.fact}"
            connection.execute(
                f"create or replace table {table} as select * from {table}"
            )
        for statement in statements:
            connection.execute(statement)
    return copy


COUNTS = """\
rows read                      1,835
accepted                       1,825
skipped                            1
rejected                           9
  off_scale                        2
  unknown_question                 2
  future_timestamp                 1
  missing_timestamp                1
  not_a_whole_number               1
  other reasons                    2

"""
CSAT = """\
Latest complete quarter: 2026-Q1, 2026-01-01 to 2026-03-31

CSAT, satisfied answers in percent
  touchpoint                          CSAT    answers
  Shop                                66.7      1,800
  支払い と請求書                      0.0          3
  Return                        no answers          0
  Unterstützung am Telefon, pe…      100.0          1  few answers
  Two tools, two scales               50.0          2  few answers, mixed scales

"""
NPS = """\
NPS, points from -100 to 100
  touchpoint                           NPS    answers
  Shop                                 0.0          3
  支払い と請求書                    -33.3          3  not all 0-10

"""
CES = """\
CES, easy answers in percent
  touchpoint                           CES    answers
  Asked about effort only            100.0          1  few answers
"""


def test_the_whole_report(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(capsys, project.warehouse) == COUNTS + CSAT + NPS + CES


def test_no_line_but_a_path_is_wider_than_80_columns(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = changed(
        project,
        tmp_path,
        "update marts.fct_csat_by_touchpoint_period set response_count = 99999999, "
        "is_mixed_scale = true, is_reportable = false",
    )
    lines = report(capsys, warehouse).splitlines()
    widest = max(lines, key=len)
    assert widest.endswith(" 99,999,999  few answers, mixed scales")
    assert len(widest) <= 80


def test_the_end_says_how_to_open_the_file(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "it's here.duckdb"
    shutil.copy(project.warehouse, warehouse)
    main(["report", "--warehouse", str(warehouse)])
    *_, shell, python = capsys.readouterr().out.splitlines()
    [printed] = subprocess.run(
        ["/bin/sh", "-c", shell.replace("duckdb -readonly", "printf '%s\\n'")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert printed == str(warehouse)
    with eval(python.strip(), {"duckdb": duckdb}) as connection:
        assert connection.execute("from marts.dim_touchpoints").fetchall()


def test_a_quarter_without_nps_says_so(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = changed(
        project,
        tmp_path,
        "delete from marts.fct_nps_by_touchpoint_period where period_grain = 'quarter'",
    )
    assert report(capsys, warehouse) == (
        COUNTS + CSAT + "NPS: no answers in 2026-Q1.\n\n" + CES
    )


def test_a_score_that_rounds_to_zero_has_no_sign_and_null_is_no_score(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = changed(
        project,
        tmp_path,
        "update marts.fct_nps_by_touchpoint_period set nps = "
        "case touchpoint_id when 'shop' then -0.04 end",
    )
    scores = report(capsys, warehouse).partition("NPS, ")[2].splitlines()
    assert scores[2] == "  Shop                                 0.0          3"
    assert scores[3].split()[2:4] == ["no", "answers"]


def test_questions_of_which_every_row_was_rejected(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From ten rows on, the most first, with spaces that would not be seen."""
    columns = "source_system, survey_id, question_id, feed_count, rejected_count"
    warehouse = changed(
        project,
        tmp_path,
        "create or replace table marts.fct_answer_counts_by_question as "
        "from marts.fct_answer_counts_by_question where false",
        # A view is nothing to insert into.
        "create table marts.unaccepted as "
        "from marts.fct_unaccepted_answers where false",
        "drop view marts.fct_unaccepted_answers",
        "alter table marts.unaccepted rename to fct_unaccepted_answers",
        f"insert into marts.fct_answer_counts_by_question ({columns}) values "
        "('a', 's', 'rating ', 10, 10), ('a', 's', 'few', 9, 9), "
        "('a', 's', 'most', 12, 12), ('a', 's', 'some', 12, 11)",
        "insert into marts.fct_unaccepted_answers "
        "(source_system, survey_id, question_id, status_reason) values "
        "('a', 's', 'rating ', 'unknown_question'), ('a', 's', 'few', 'off_scale'), "
        "('a', 's', 'most', 'off_scale'), ('a', 's', 'most', 'unreadable_timestamp'), "
        "('a', 's', 'most', 'unreadable_timestamp'), ('a', 's', 'some', 'blank')",
    )
    assert (
        "\n\nQuestions of which every row was rejected, with the commonest reason\n"
        "  'a', 's', 'most': 12 rows, unreadable_timestamp\n"
        "  'a', 's', 'rating ': 10 rows, unknown_question\n\nLatest"
        in report(capsys, warehouse)
    )


def test_no_complete_quarter(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = changed(
        project, tmp_path, "update marts.dim_periods set is_complete = false"
    )
    assert report(capsys, warehouse) == COUNTS + (
        "No quarter is complete yet: 2025-Q4 ends on 2025-12-31.\n"
    )


def test_a_feed_without_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = built(tmp_path, [])
    assert report(capsys, project.warehouse) == (
        "rows read                          0\n"
        "accepted                           0\n"
        "skipped                            0\n"
        "rejected                           0\n"
        "\n"
        "No answer has been accepted: there is no score to report.\n"
    )


def test_the_warehouse_of_the_environment_and_a_terminal_without_unicode(
    project: Project,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cx_warehouse", "report"],
        cwd=project.root,
        env={
            **os.environ,
            # Seen from the project's folder, as dbt sees it.
            "CX_WAREHOUSE_PATH": f"../{project.warehouse.name}",
            "PYTHONIOENCODING": "ascii",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Unterst\\xfctzung am Telefon, pe\\u2026" in done.stdout
    assert "duckdb -readonly /" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "there is no warehouse at"),
        (b"not a database\n" * 1000, "cannot be read"),
        (b"", "does not exist"),
    ],
    ids=["no file", "another file", "a warehouse without marts"],
)
def test_what_is_no_warehouse_is_an_error_in_one_sentence(
    content: bytes | None,
    reason: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    warehouse = tmp_path / "none.duckdb"
    if content is not None:
        warehouse.write_bytes(content)
    if content == b"":
        warehouse.unlink()
        duckdb.connect(warehouse).close()
    assert main(["report", "--warehouse", str(warehouse)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert reason in printed.err and str(warehouse) in printed.err
    assert printed.err.count("\n") == 1
