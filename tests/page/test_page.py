"""The page in a real browser: it renders, asks for nothing, and shows the marts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import pytest

from cx_warehouse.__main__ import main
from cx_warehouse.page import METRICS, Metric, page
from tests.harness import Project
from tests.page.chromium import Chromium
from tests.page.datasets import DATASETS, PUBLIC, SMUGGLED, written

WIDTHS = (1440, 768, 390)
GRAINS = ("month", "quarter", "year")
LARGEST_FILE = 2_000_000
LONGEST_FIRST_PAINT = 1000

PAINTED = """
new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))).then(() =>
  performance.getEntriesByName('first-contentful-paint')[0].startTime)
"""
# What is wider than the page or its own box, with the reason to look at it.
OVERFLOWING = """
(() => {
  const root = document.documentElement;
  const found = root.scrollWidth > root.clientWidth
    ? [`page: ${root.scrollWidth} in ${root.clientWidth}`] : [];
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg, .scroll, .visually-hidden, .clamp, .skip, option')) {
      continue;
    }
    const box = element.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 || box.left < -1) {
      found.push(`${element.tagName} ${element.className} ends at ${box.right}`);
    }
  }
  for (const text of document.querySelectorAll('svg text')) {
    const [box, svg] = [text, text.ownerSVGElement].map(
      (each) => each.getBoundingClientRect());
    if (box.right > svg.right + 1.5 || box.left < svg.left - 1.5
        || box.top < svg.top - 1.5 || box.bottom > svg.bottom + 1.5) {
      found.push(`text ${text.textContent} leaves its chart`);
    }
  }
  return found.slice(0, 5);
})()
"""
# Text that is less than 4.5 times as light or dark as what is behind it.
PALE = """
(() => {
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const pale = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim()) continue;
    if (element.closest('script, noscript, option, title, :disabled')) continue;
    const style = getComputedStyle(element);
    const inChart = element.namespaceURI.endsWith('svg');
    const ink = light(parts(inChart ? style.fill : style.color).slice(0, 3));
    // Behind a chart's text may be paper, the shown period or an interval.
    const grounds = inChart ? [[255, 255, 255], [238, 242, 245]] : [behind(element)];
    for (const ground of grounds.map(light)) {
      const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      if (ratio < 4.5) {
        pale.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
      }
    }
  }
  return [...pale];
})()
"""
UNNAMED = """
(() => {
  const missing = [];
  for (const svg of document.querySelectorAll('svg')) {
    const hidden = svg.getAttribute('aria-hidden') === 'true';
    if (!hidden && (svg.getAttribute('role') !== 'img'
        || !svg.getAttribute('aria-label'))) missing.push('a chart without words');
  }
  for (const field of document.querySelectorAll('input, select')) {
    if (!field.labels.length) missing.push(`${field.name || field.id}: no label`);
  }
  for (const set of document.querySelectorAll('fieldset')) {
    if (!set.querySelector('legend')) missing.push('a fieldset without a legend');
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption) missing.push('a table without a caption');
  }
  for (const head of document.querySelectorAll('th')) {
    if (!head.scope) missing.push('a head without a scope');
  }
  for (const figure of document.querySelectorAll('figure')) {
    if (!figure.querySelector('figcaption')) missing.push('a figure without a caption');
  }
  for (const region of document.querySelectorAll('.scroll[tabindex]')) {
    if (!region.getAttribute('aria-label')) missing.push('a region without a name');
  }
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  if (new Set(ids).size !== ids.length) missing.push('an id twice');
  const levels = [...document.querySelectorAll('h1, h2, h3')]
    .map((each) => Number(each.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) missing.push('not one h1');
  return missing;
})()
"""
OPENED_TABLES = """
[...document.querySelectorAll('details')].forEach((box) => { box.open = true; });
new Promise(done => setTimeout(done, 0)).then(() =>
  Object.fromEntries([...document.querySelectorAll('details')].map((box) => [
    box.dataset.table,
    [...box.querySelectorAll('tbody tr')].map(
      (row) => [...row.cells].map((cell) => cell.textContent)),
  ])))
"""
CARDS = """
Object.fromEntries([...document.querySelectorAll('[data-card]')].map((card) => [
  card.dataset.card,
  ['score', 'interval', 'n'].map((part) =>
    card.querySelector(`[data-${part}]`)?.textContent ?? null)
    .concat([[...card.querySelectorAll('.parts li')].map((part) => part.textContent)])
    .concat([[...card.querySelectorAll('.change')].map((part) => {
      const value = part.querySelector('b:first-child').textContent;
      const isReal = part.textContent.includes('real change');
      return isReal ? value : `chance ${value}`;
    })]),
]))
"""
CELLS = """
Object.fromEntries([...document.querySelectorAll('[data-cell]')].map((cell) => [
  cell.dataset.cell,
  [cell.firstChild.textContent, cell.querySelector('small').textContent,
   cell.classList.contains('thin')],
]))
"""


@dataclass(frozen=True)
class Shown:
    """A data set, and the page on it."""

    name: str
    warehouse: Path
    page: Path
    text: str

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            result = connection.execute(sql)
            names = [column[0] for column in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def address(self, **state: Any) -> str:
        return (
            f"{self.page.as_uri()}#{urlencode(state)}" if state else self.page.as_uri()
        )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with Chromium() as browser:
        yield browser


class Pages:
    """The pages of the data sets, each made once."""

    def __init__(self, sample: Path, folder: Path) -> None:
        self._sample, self._folder = sample, folder
        self._made: dict[str, Shown] = {}

    def __getitem__(self, name: str) -> Shown:
        if name not in self._made:
            path = self._folder / name.replace(" ", "_")
            warehouse = written(name, self._sample, path.with_suffix(".duckdb"))
            with duckdb.connect(warehouse, read_only=True) as connection:
                text = page(connection, SMUGGLED[0] if "smuggled" in name else name)
            path.with_suffix(".html").write_text(text, encoding="utf-8", newline="\n")
            self._made[name] = Shown(name, warehouse, path.with_suffix(".html"), text)
        return self._made[name]


@pytest.fixture(scope="module")
def pages(sample_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(sample_project.warehouse, tmp_path_factory.mktemp("pages"))


def number(value: float | None) -> str:
    """A score as the page writes it."""
    return "–" if value is None else f"{value:z.1f}".replace("-", "−")


def signed(value: float) -> str:
    """A change as the page writes it; the sign is that of the rounded one."""
    text = number(value)
    return text if text.startswith("−") else f"±{text}" if text == "0.0" else f"+{text}"


def answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def facts(metric: Metric, by: str) -> str:
    return f"marts.fct_{metric.key}_by_{by}"


@pytest.mark.parametrize("name", DATASETS)
def test_a_page_of_any_data(name: str, pages: Pages, chromium: Chromium) -> None:
    """No error, no request, nothing too wide, text that can be read, small enough."""
    shown = pages[name]
    assert len(shown.text.encode()) < LARGEST_FILE
    for width in WIDTHS:
        chromium.open(shown.address(), width)
        assert chromium.value("'ready' in document.documentElement.dataset")
        assert chromium.value(OVERFLOWING) == [], width
        assert chromium.told.complaints == []
        assert chromium.told.requests == [shown.page.as_uri()]
    assert chromium.value(UNNAMED) == []
    assert chromium.value(PALE) == []


@pytest.mark.parametrize("name", ["sixty touchpoints, six years", "long names"])
def test_large_pages_in_every_grain(
    name: str, pages: Pages, chromium: Chromium
) -> None:
    chromium.open(pages[name].address(), 390)
    for grain in GRAINS:
        chromium.go(urlencode({"grain": grain, "metric": "nps"}))
        chromium.value(OPENED_TABLES)
        assert chromium.value(OVERFLOWING) == [], grain
        assert chromium.told.complaints == []


@pytest.mark.parametrize(
    "name",
    [
        "the sample",
        "without statistics",
        "one month",
        "scores of 0",
        "single answers",
        "gaps",
        "many answers",
        "smuggled names",
    ],
)
def test_numbers_are_those_of_the_marts(
    name: str, pages: Pages, chromium: Chromium
) -> None:
    """Every score, interval, change and count, in every grain and metric."""
    shown = pages[name]
    labels = {
        row["period_id"]: row["period_label"]
        for row in shown.rows("from marts.dim_periods")
    }
    chromium.open(shown.address(), 1440)
    for grain in GRAINS:
        for metric in METRICS:
            chromium.go(urlencode({"grain": grain, "metric": metric.key}))
            tables = chromium.value(OPENED_TABLES)
            cells = chromium.value(CELLS)
            expected = {}
            listed = []
            for row in shown.rows(
                f"from {facts(metric, 'touchpoint_period')} "
                "inner join marts.dim_touchpoints using (touchpoint_id) "
                f"where period_grain = '{grain}'"
            ):
                key = f"{metric.key}|{row['touchpoint_id']}|{row['period_id']}"
                expected[key] = [
                    number(row[metric.score]),
                    f"n {row['response_count']:,}",
                    not row["is_reportable"],
                ]
                listed.append(
                    [
                        row["touchpoint_name"],
                        labels[row["period_id"]],
                        *table_cells(metric, row),
                    ]
                )
            assert cells == expected, (grain, metric.key)
            name_of_table = f"{metric.key.upper()} by touchpoint and {grain}"
            found = tables.get(name_of_table, [])
            assert sorted(
                without_words(row) for row in found if row[2] != "0"
            ) == sorted(listed), (grain, metric.key)


def table_cells(metric: Metric, row: dict[str, Any]) -> list[str]:
    """What the data table says of a score, but for its words."""
    low, change = row.get(f"{metric.score}_low"), row.get(f"{metric.score}_change")
    p_value = row.get(f"{metric.score}_change_p_value")
    return [
        f"{row['response_count']:,}",
        number(row[metric.score]),
        "–"
        if low is None
        else f"{number(low)} to {number(row[f'{metric.score}_high'])}",
        "–" if change is None else signed(change),
        "–"
        if p_value is None
        else "< 0.001"
        if round(p_value, 4) < 0.001
        else f"{round(p_value, 4):.3f}",
        *(f"{row[column]:,}" for column in metric.counts),
    ]


def without_words(cells: list[str]) -> list[str]:
    # touchpoint, period, answers, score, interval, change, p, verdict, parts, remarks
    return [*cells[:7], *cells[8:11]]


@pytest.mark.parametrize("name", ["the sample", "scores of 0"])
def test_cards_are_those_of_the_marts(
    name: str, pages: Pages, chromium: Chromium
) -> None:
    """For the whole and for each touchpoint, in the newest complete period."""
    shown = pages[name]
    touchpoints = shown.rows(
        "from marts.dim_touchpoints order by journey_order nulls last, touchpoint_id"
    )
    chromium.open(shown.address(), 1440)
    for grain in GRAINS:
        [period] = shown.rows(
            "from marts.dim_periods where is_complete and "
            f"period_grain = '{grain}' order by period_start_date desc limit 1"
        )
        for at, touchpoint in enumerate([None, *touchpoints], -1):
            state = {"grain": grain}
            if touchpoint:
                state["touchpoint"] = touchpoint["touchpoint_id"]
            chromium.go(urlencode(state))
            expected = {}
            for metric in METRICS:
                by = "touchpoint_period" if touchpoint else "period"
                for row in shown.rows(
                    f"from {facts(metric, by)} where period_id = "
                    f"'{period['period_id']}'"
                ):
                    if touchpoint and row["touchpoint_id"] != state["touchpoint"]:
                        continue
                    member = str(at) if touchpoint else row.get("survey_kind", "all")
                    expected[f"{metric.key}|{member}"] = card(
                        metric, row, grain, on_another_scale(shown, metric, row, period)
                    )
            cards = chromium.value(CARDS)
            assert {
                key: value for key, value in cards.items() if value[0] is not None
            } == expected, state


def on_another_scale(
    shown: Shown, metric: Metric, row: dict[str, Any], period: dict[str, Any]
) -> list[bool]:
    """Whether a touchpoint was asked on other scales a period and a year before."""
    if "touchpoint_id" not in row:
        return [False, False]
    scales = {
        found["period_id"]: found["scales"]
        for found in shown.rows(
            f"""
            select period_id, list_sort(list(distinct scale_id)) as scales
            from marts.fct_score_counts_by_day as counts
            inner join marts.dim_periods
                on counts.reporting_date >= period_start_date
                and counts.reporting_date < period_end_date
            where counts.metric = '{metric.key}'
            and counts.touchpoint_id = '{row["touchpoint_id"]}'
            group by period_id
            """
        )
    }
    return [
        scales.get(period[before]) != scales[period["period_id"]]
        for before in ("previous_period_id", "year_before_period_id")
    ]


def card(
    metric: Metric, row: dict[str, Any], grain: str, blurred: list[bool]
) -> list[Any]:
    low, change = row.get(f"{metric.score}_low"), row.get(f"{metric.score}_change")
    year_change = row.get(f"{metric.score}_year_change")
    words = [column.removesuffix("_count") for column in metric.counts]
    if metric.key == "nps":
        words = [f"{word}s" for word in words]
    changes = [
        (change, row.get("is_significant_change") and not blurred[0]),
        (
            year_change if grain != "year" else None,
            row.get("is_significant_year_change") and not blurred[1],
        ),
    ]
    return [
        number(row[metric.score]),
        None
        if low is None
        else f"{number(low)} to {number(row[f'{metric.score}_high'])}",
        answers(row["response_count"]),
        [
            f"{row[column]:,} {word}"
            for column, word in zip(metric.counts, words, strict=True)
        ],
        [
            f"{'▲' if value > 0 else '▼'} {signed(value)}"
            if is_real
            else f"chance {signed(value)}"
            for value, is_real in changes
            if value is not None and change is not None
        ],
    ]


def test_answers_and_rows_are_those_of_the_marts(
    pages: Pages, chromium: Chromium
) -> None:
    shown = pages["the sample"]
    chromium.open(shown.address(grain="quarter", period="2025-Q2"), 1440)
    tables = chromium.value(OPENED_TABLES)
    expected = shown.rows(
        """
        select
            source_system || ' / ' || survey_id || ' / ' || question_id as question,
            scale_id,
            score,
            sum(answer_count)::bigint as answer_count,
            100 * sum(answer_count)
            / sum(sum(answer_count)) over (partition by question, scale_id) as share
        from marts.fct_score_counts_by_day
        where reporting_date between '2025-04-01' and '2025-06-30'
        group by question, scale_id, score
        """
    )
    assert sorted(row[3:] for row in tables["Answers in 2025-Q2"]) == sorted(
        [
            row["question"],
            row["scale_id"],
            str(row["score"]),
            f"{row['answer_count']:,}",
            f"{row['share']:.1f}",
        ]
        for row in expected
    )
    [totals] = shown.rows(
        "select sum(feed_count), sum(accepted_count), sum(skipped_count), "
        "sum(rejected_count) from marts.fct_answer_counts_by_question"
    )
    figures = chromium.value(
        "[...document.querySelectorAll('.figures dd')].map((each) => each.textContent)"
    )
    assert figures == [f"{count:,}" for count in totals.values()]
    reasons = chromium.value(
        "[...document.querySelectorAll('#quality .two > :first-child tbody tr')]"
        ".map((row) => row.cells[2].textContent)"
    )
    unaccepted = totals["sum(skipped_count)"] + totals["sum(rejected_count)"]
    assert sum(int(count.replace(",", "")) for count in reasons) == unaccepted
    sources = chromium.value(
        "[...document.querySelectorAll('#quality .two > :last-child tbody tr')]"
        ".map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent))"
    )
    assert sources == [
        [row["source_system"], str(row["newest"])]
        for row in shown.rows(
            "select source_system, max(reporting_date) as newest "
            "from marts.fct_score_counts_by_day group by 1 order by 1"
        )
    ]


def contribution(value: float) -> str:
    """Points of a change as the page writes them."""
    text = f"{value:+.2f}".replace("-", "−")
    return f"±{text[1:]}" if float(f"{value:.2f}") == 0 else text


def test_what_moved_a_score_is_that_of_the_marts(
    pages: Pages, chromium: Chromium
) -> None:
    """Every member of every split, and together they are the change."""
    shown = pages["the sample"]
    chromium.open(shown.address(), 1440)
    for metric in METRICS:
        for dimension in ("touchpoint", "channel", "segment"):
            table = f"fct_{metric.key}_change_by_{dimension}"
            if not shown.rows(f"from duckdb_tables() where table_name = '{table}'"):
                continue
            member = "touchpoint_name" if dimension == "touchpoint" else dimension
            source = f"marts.{table}"
            if dimension == "touchpoint":
                source += " inner join marts.dim_touchpoints using (touchpoint_id)"
            pool = f"{table}.survey_kind" if metric.key == "nps" else "'all'"
            expected: dict[str, list[list[str]]] = {}
            together: dict[str, str] = {}
            for row in shown.rows(
                f"select *, {pool} as pool from {source} "
                "where period_id = 'quarter:2025-07-01'"
            ):
                expected.setdefault(row["pool"], []).append(
                    [
                        row[member] or f"(no {dimension})",
                        f"{row['response_count_previous']:,}",
                        f"{row['response_count']:,}",
                        number(row[f"{metric.score}_previous"]),
                        number(row[metric.score]),
                        *(
                            contribution(row[f"{effect}_effect"])
                            for effect in ("rate", "mix", "total")
                        ),
                    ]
                )
                [together[row["pool"]]] = [
                    contribution(value)
                    for name, value in row.items()
                    if name.startswith("pooled_") and name.endswith("_change")
                ]
            for name, rows in expected.items():
                state = {
                    "grain": "quarter",
                    "period": "2025-Q3",
                    "moved": f"{metric.key}|{name}/{dimension}",
                }
                chromium.go(urlencode(state))
                tables = chromium.value(OPENED_TABLES)
                [found] = [
                    body
                    for title, body in tables.items()
                    if title.startswith("What moved")
                ]
                assert sorted(found) == sorted(rows), state
                assert chromium.value("document.querySelector('.sum').textContent") == (
                    f"Together {together[name]} points"
                )


def test_drill_down_is_that_of_the_marts(pages: Pages, chromium: Chromium) -> None:
    """In the quarter that NPS fell, what CSAT did where, and the story it makes."""
    shown = pages["the sample"]
    if not shown.rows(
        "from duckdb_tables() where table_name = 'fct_nps_drop_drilldown'"
    ):
        pytest.skip("these marts have no drill-down")
    chromium.open(shown.address(grain="quarter", period="2025-Q3"), 1440)
    found = chromium.value(OPENED_TABLES)["CSAT when NPS fell in 2025-Q3"]
    expected = [
        [
            row["touchpoint_name"] or row["channel"],
            row["period_label"],
            f"{row['response_count_previous']:,}",
            f"{row['response_count']:,}",
            number(row["csat_pct_previous"]),
            number(row["csat_pct"]),
            signed(row["csat_pct_change"]),
            row["pair_count"],
            number(row["satisfied_nps"]),
            number(row["dissatisfied_nps"]),
            number(row["nps_gap"]),
        ]
        for row in shown.rows(
            "from marts.fct_nps_drop_drilldown as drilldown "
            "inner join marts.dim_periods on csat_period_id = dim_periods.period_id "
            "left join marts.dim_touchpoints using (touchpoint_id) "
            "where drilldown.period_id = 'quarter:2025-07-01'"
        )
    ]
    assert sorted(
        [
            *row[:7],
            None if row[9] == "–" else int(row[9]),
            *(row[at] for at in (11, 13, 14)),
        ]
        for row in found
    ) == sorted(expected)
    story = chromium.value("document.getElementById('story').textContent")
    assert "CSAT at Delivery of the bike had fallen by 19.7 to 63.0 %." in story
    stood_out = chromium.value(
        "[...document.querySelectorAll('#fall .named')].map((row) => "
        "[row.closest('[data-lag]').dataset.lag, row.querySelector('bdi').textContent])"
    )
    assert stood_out == [["1", "Delivery of the bike"]]
    # A quarter in which NPS rose shows the last one in which it really fell.
    chromium.go(urlencode({"grain": "quarter"}))
    assert "in 2025-Q3" in chromium.value(
        "document.querySelector('#fall .lead').textContent.replaceAll('\u2060', '')"
    )


def test_switches_switch(pages: Pages, chromium: Chromium) -> None:
    shown = pages["the sample"]
    chromium.open(shown.address(), 1440)

    def headline() -> str:
        return str(chromium.value("document.querySelector('.eyebrow').textContent"))

    def click(name: str, value: str) -> None:
        chromium.value(
            f"document.querySelector('[name={name}][value={value}]').click()"
        )

    def choose(identifier: str, text: str) -> None:
        chromium.value(
            f"""
            (() => {{
              const field = document.getElementById({json.dumps(identifier)});
              field.focus();
              field.value = [...field.options]
                .find((option) => option.text === {json.dumps(text)}).value;
              field.dispatchEvent(new Event('change'));
            }})()
            """
        )

    def bands() -> int:
        return int(
            chromium.value(
                "document.querySelectorAll('#trend .plot svg')[0].querySelectorAll"
                "('.hit').length"
            )
        )

    assert headline().startswith("Quarter 2025-Q4") and bands() == 8
    click("grain", "month")
    assert headline().startswith("Month 2025-12") and bands() == 24
    click("grain", "year")
    assert headline().startswith("Year 2025,") and bands() == 2
    click("grain", "quarter")
    assert "Quarter 2025-Q4" in chromium.value(
        "document.querySelector('[role=status]').textContent"
    )
    choose("period", "2025-Q3")
    assert headline().startswith("Quarter 2025-Q3, 2025-07-01 to 2025-09-30, complete")
    assert chromium.value("document.activeElement.id") == "period"
    choose("touchpoint", "Delivery of the bike")
    assert headline().endswith("Delivery of the bike")
    assert list(chromium.value(CARDS)) == ["csat|2"]
    click("metric", "ces")
    cells = chromium.value(CELLS)
    assert {key.split("|")[1] for key in cells} == {"order", "support"}
    click("colour", "level")
    # What is shown stands in the address, so that a link leads there again.
    address = chromium.value("location.href")
    before = chromium.value("document.querySelector('main').textContent")
    chromium.open(address, 1440)
    assert chromium.value("document.querySelector('main').textContent") == before
    choose("touchpoint", "All touchpoints")
    assert headline().endswith("all touchpoints")
    chromium.value("document.querySelector('.multiple button').click()")
    assert "touchpoint=order" in chromium.value("location.hash")
    assert chromium.told.complaints == []


def test_every_touchpoint_of_odd_names_can_be_chosen(
    pages: Pages, chromium: Chromium
) -> None:
    shown = pages["smuggled names"]
    chromium.open(shown.address(), 768)
    for row in shown.rows("from marts.dim_touchpoints"):
        chromium.go(urlencode({"touchpoint": row["touchpoint_id"]}))
        eyebrow = chromium.value("document.querySelector('.eyebrow bdi').textContent")
        assert eyebrow == row["touchpoint_name"]
        assert chromium.told.complaints == []
        assert chromium.value("document.title") == SMUGGLED[0]
    assert (
        chromium.value("document.querySelectorAll('main img, main script').length") == 0
    )


def test_a_score_of_0_is_a_score(pages: Pages, chromium: Chromium) -> None:
    chromium.open(pages["scores of 0"].address(), 1440)
    assert {value[0] for value in chromium.value(CARDS).values()} == {"0.0"}
    assert "no answers" not in chromium.value(
        "document.getElementById('cards').textContent"
    )


def test_lines_break_where_nobody_answered(pages: Pages, chromium: Chromium) -> None:
    """April, May and August are missing, and the last quarter: four lines."""
    chromium.open(pages["gaps"].address(grain="month"), 1440)
    lines = chromium.value(
        "[...document.querySelectorAll('[data-trend=\"nps|relationship\"] .line')]"
        ".map((line) => line.getAttribute('points').split(' ').length)"
    )
    # January to March, June and July, September to March, June and July; September
    # 2025 stands alone.
    assert lines == [3, 2, 7, 2]
    rows = chromium.value(OPENED_TABLES)["Relationship NPS by month"]
    assert [row[0] for row in rows if row[1] == "0"][:3] == [
        "2024-04",
        "2024-05",
        "2024-08",
    ]


def test_few_answers_are_marked(pages: Pages, chromium: Chromium) -> None:
    chromium.open(pages["single answers"].address(grain="year"), 1440)
    cards = chromium.value(
        "[...document.querySelectorAll('[data-card]')].map((card) => "
        "card.querySelector('.few')?.textContent)"
    )
    assert cards and set(cards) == {"few answers"}
    solid = "document.querySelectorAll('.plot .dot:not(.hollow)').length"
    assert chromium.value(solid) == 0


def test_the_latest_complete_period_is_shown(pages: Pages, chromium: Chromium) -> None:
    """The one that still runs is drawn, apart from the others, and can be chosen."""
    chromium.open(pages["a running period"].address(), 1440)
    eyebrow = "document.querySelector('.eyebrow').textContent"
    assert chromium.value(eyebrow).startswith("Quarter 2025-Q3")
    assert chromium.value("document.querySelector('#trend .plot .running') !== null")
    options = "[...document.getElementById('period').options].map((each) => each.text)"
    assert chromium.value(options)[:2] == ["2025-Q4 (running)", "2025-Q3"]
    chromium.go(urlencode({"grain": "quarter", "period": "2025-Q4"}))
    assert "still running" in chromium.value(eyebrow)


def test_another_scale_is_no_change(pages: Pages, chromium: Chromium) -> None:
    """The first ride was asked on 5 points, in one quarter on both, then on 7."""
    shown = pages["the sample"]
    chromium.open(
        shown.address(grain="quarter", touchpoint="onboarding", period="2025-Q1"), 1440
    )
    assert chromium.value("document.querySelectorAll('.plot .break').length") == 2
    rows = chromium.value(OPENED_TABLES)["CSAT by quarter"]
    compared = [row for row in rows if row[4] != "–"]
    assert {row[0] for row in compared if row[6] == "on another scale"} == (
        {"2024-Q4", "2025-Q1"} if compared else set()
    )
    real = [row for row in rows if row[6] == "real change"]
    assert real == []
    assert "real change" not in chromium.value(
        "document.getElementById('cards').textContent"
    )


def test_nothing_else_would_run_or_load(pages: Pages, chromium: Chromium) -> None:
    """What somebody might get into the page is stopped by its policy."""
    chromium.open(pages["the sample"].address(), 1440)
    chromium.value(
        """
        const script = document.createElement('script');
        script.textContent = 'window.smuggled = true';
        const image = document.createElement('img');
        image.src = 'https://cx-warehouse.example/pixel.png';
        document.body.append(script, image);
        document.body.insertAdjacentHTML('beforeend',
          '<b onclick="window.smuggled = true">x</b><i style="color: red">y</i>');
        document.querySelector('b[onclick]').click();
        new Promise((done) => setTimeout(done, 100));
        """
    )
    assert chromium.value("window.smuggled") is None
    assert chromium.value("getComputedStyle(document.querySelector('i[style]')).color")
    assert len(chromium.told.complaints) == 4
    assert all("Security Policy" in each for each in chromium.told.complaints)


def test_first_paint_comes_within_a_second(pages: Pages, chromium: Chromium) -> None:
    shown = pages["sixty touchpoints, six years"]
    times = []
    for _ in range(3):
        chromium.open(shown.address(grain="month"), 1440)
        times.append(chromium.value(PAINTED))
    assert min(times) < LONGEST_FIRST_PAINT


def test_print_is_a_few_whole_pages(pages: Pages, chromium: Chromium) -> None:
    chromium.open(pages["the sample"].address(), 1440)
    document = chromium.printed()
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", document)) <= 7
    # After printing the charts are as wide as the screen allows again.
    assert chromium.value(
        "document.querySelector('#trend .plot svg').getAttribute('width') > 400"
    )


def test_no_person_is_read(pages: Pages) -> None:
    """The page needs nothing but the public marts; here there are no others."""
    shown = pages["the sample"]
    tables = shown.rows("select table_name from information_schema.tables")
    assert {row["table_name"] for row in tables} <= set(PUBLIC)


def test_the_command_writes_the_page(
    pages: Pages,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = str(pages["the sample"].warehouse)
    out = tmp_path / "new" / "page.html"
    arguments = ["page", "--warehouse", warehouse, "--title", "the sample"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"Page: {out}\n"
    assert out.read_text("utf-8") == pages["the sample"].text
    assert [path.name for path in out.parent.iterdir()] == ["page.html"]
    monkeypatch.setenv("CX_PAGE", str(tmp_path / "named.html"))
    assert main(arguments) == 0
    assert (tmp_path / "named.html").read_text("utf-8") == out.read_text("utf-8")


def test_the_command_takes_a_picture(pages: Pages, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    assert (
        main(
            [
                "page",
                *("--warehouse", str(pages["the sample"].warehouse)),
                *("--out", str(tmp_path / "page.html")),
                *("--picture", str(picture)),
            ]
        )
        == 0
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert 20_000 < picture.stat().st_size < 300_000


def test_without_a_browser_there_is_one_sentence(
    pages: Pages,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CX_BROWSER", "no-such-browser")
    assert (
        main(
            [
                "page",
                *("--warehouse", str(pages["the sample"].warehouse)),
                *("--out", str(tmp_path / "page.html")),
                *("--picture", str(tmp_path / "page.png")),
            ]
        )
        == 2
    )
    assert "there is no no-such-browser on this machine" in capsys.readouterr().err
