"""Import the dashboard into a fresh Superset and compare every chart with the marts.

    python -m bi.superset.check [--serving FILE] [--serve PORT]

runs in the environment of `make superset`. It makes a Superset in a temporary folder,
imports the bundle, asks the chart API for each chart in each state of the dashboard's
filters, and compares every value with what DuckDB reads of the marts, by the query in
`expected/` that has the chart's name. Ends with 1 when a value differs. With --serve it
then shows the dashboard on this machine, without a login, until it is interrupted.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bi.superset.bundle import BUNDLE, HERE, SERVING, pack

Row = tuple[Any, ...]
GRAINS = ("week", "month", "quarter", "year")
KINDS = ("relationship", "transactional")

CONFIG = """
SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/metadata.db"
# Nobody but this machine reaches it, and it is gone when the check ends.
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
CONTENT_SECURITY_POLICY_WARNING = False
LOG_LEVEL = "ERROR"
# Who looks at it needs no login.
AUTH_ROLE_PUBLIC = "Alpha"
"""


class CheckError(Exception):
    """Superset could not be set up, or does not answer."""


@dataclass(frozen=True)
class Chart:
    """A chart of the bundle, as its file has it."""

    name: str
    uuid: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    has_kind: bool

    def query(self, state: dict[str, str]) -> dict[str, Any]:
        """The query that Superset's page sends for the chart in a state of filters."""
        filters = [
            {"col": each["subject"], "op": each["operator"], "val": each["comparator"]}
            for each in self.params["adhoc_filters"]
        ]
        filters += [
            {"col": column, "op": "IN", "val": [value]}
            for column, value in state.items()
            if column in self.columns
        ]
        if self.params.get("query_mode") == "raw":
            asked: dict[str, Any] = {"columns": self.params["all_columns"]}
        else:
            groups = [
                *([self.params["x_axis"]] if "x_axis" in self.params else []),
                *self.params.get("groupbyRows", []),
                *self.params.get("groupbyColumns", []),
            ]
            asked = {"columns": groups, "metrics": self.params["metrics_asked"]}
        return {**asked, "filters": filters, "row_limit": self.params["row_limit"]}

    def values(self, answer: list[dict[str, Any]]) -> list[Row]:
        """The rows of an answer, their values in the order of the chart's columns."""
        query = self.query({})
        names = [
            each if isinstance(each, str) else str(each["label"])
            for each in (*query["columns"], *query.get("metrics", []))
        ]
        return [tuple(row[name] for name in names) for row in answer]


def charts() -> list[Chart]:
    """The charts of the bundle."""
    datasets = {}
    for file in BUNDLE.glob("datasets/*/*.yaml"):
        dataset = yaml.safe_load(file.read_text(encoding="utf-8"))
        datasets[dataset["uuid"]] = tuple(
            column["column_name"] for column in dataset["columns"]
        )
    found = []
    for file in sorted(BUNDLE.glob("charts/*.yaml")):
        chart = yaml.safe_load(file.read_text(encoding="utf-8"))
        params = {"row_limit": 10000, **chart["params"]}
        one = [params["metric"]] if "metric" in params else []
        params["metrics_asked"] = params.get("metrics", one)
        columns = datasets[chart["dataset_uuid"]]
        found.append(
            Chart(file.stem, chart["uuid"], params, columns, "survey_kind" in columns)
        )
    return found


def superset(*arguments: str) -> None:
    """Run a command of Superset's.

    Raises CheckError when it fails, with the end of what it said.
    """
    program = Path(sys.executable).with_name("superset")
    run = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise CheckError(
            f"`superset {' '.join(arguments[:2])}` failed: {run.stderr[-1500:]}"
        )


def set_up(home: Path, serving: Path) -> None:
    """Make a Superset in a folder, and import the bundle."""
    config = home / "superset_config.py"
    config.write_text(CONFIG.format(secret=secrets.token_hex(32), home=home))
    os.environ.update(
        SUPERSET_CONFIG_PATH=str(config), SUPERSET_HOME=str(home), FLASK_APP="superset"
    )
    superset("db", "upgrade")
    password = secrets.token_hex(16)
    name = ("--username", "admin", "--firstname", "Ada", "--lastname", "Min")
    mail = ("--email", "admin@cx-warehouse.example")
    superset("fab", "create-admin", *name, *mail, "--password", password)
    superset("init")
    archive = home / "cx_superset.zip"
    pack(serving, archive)
    superset("import-dashboards", "--path", str(archive), "--username", "admin")
    (home / "password").write_text(password)


class Api:
    """The API of the Superset that was set up, without a port."""

    def __init__(self, home: Path) -> None:
        from superset.app import create_app

        self._client = create_app().test_client()
        login = {
            "username": "admin",
            "password": (home / "password").read_text(),
            "provider": "db",
        }
        token = self._call("post", "security/login", json=login)["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}
        listed = self._call("get", "chart/?q=(page_size:100)")["result"]
        self._datasets = {
            each["slice_name"]: self._call("get", f"chart/{each['id']}")["result"]
            for each in listed
        }
        self._sources = {
            result["uuid"]: json.loads(result["params"])["datasource"]
            for result in self._datasets.values()
        }

    def rows(self, chart: Chart, state: dict[str, str]) -> list[Row]:
        """What the chart shows in a state of the filters."""
        number, kind = self._sources[chart.uuid].split("__")
        context = {
            "datasource": {"id": int(number), "type": kind},
            "queries": [chart.query(state)],
            "result_format": "json",
            "result_type": "full",
            "force": True,
        }
        answer = self._call("post", "chart/data", json=context)["result"][0]
        return chart.values(answer["data"])

    def _call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        headers = getattr(self, "_headers", {})
        answer = getattr(self._client, method)(
            f"/api/v1/{path}", headers=headers, **given
        )
        if answer.status_code != 200:
            raise CheckError(f"{path}: {answer.status_code} {answer.text[:800]}")
        return dict(answer.json)


def expected(serving: Path, chart: Chart, state: dict[str, str]) -> list[Row]:
    """What the marts say that the chart has to show."""
    sql = (HERE / "expected" / f"{chart.name}.sql").read_text(encoding="utf-8")
    known = {name: value for name, value in state.items() if f"${name}" in sql}
    with duckdb.connect(str(serving), read_only=True) as connection:
        return connection.execute(sql, known).fetchall()


def ordered(rows: list[Row]) -> list[Row]:
    """The rows in an order that does not depend on who gave them."""
    return sorted(rows, key=lambda row: [str(value) for value in row])


def compare(api: Api, serving: Path, chart: Chart) -> bool:
    """Compare a chart in each state of the filters and print one line about it."""
    count = 0
    kinds = KINDS if chart.has_kind else KINDS[:1]
    for grain, kind in itertools.product(GRAINS, kinds):
        state = {"period_grain": grain, "survey_kind": kind}
        shown = ordered(api.rows(chart, state))
        wanted = ordered(expected(serving, chart, state))
        if shown != wanted:
            differing = [
                pair
                for pair in itertools.zip_longest(shown, wanted)
                if pair[0] != pair[1]
            ]
            first_shown, first_wanted = differing[0]
            print(
                f"{chart.name:20} DIFFERS, {grain}, {kind}: {len(differing)} rows, the "
                f"first {first_shown}, in the marts {first_wanted}"
            )
            return False
        count += sum(len(row) for row in shown)
    print(f"{chart.name:20} {count:6,} values in {len(GRAINS) * len(kinds)} states")
    return True


def serve(port: int) -> None:
    """Show the dashboard until it is interrupted."""
    print(f"http://127.0.0.1:{port}/superset/dashboard/cx-scores/?standalone=0")
    program = Path(sys.executable).with_name("superset")
    subprocess.run([str(program), "run", "--port", str(port)], check=False)


def main() -> int:
    """Set up, compare all charts, and say how it went."""
    parser = argparse.ArgumentParser(description="Check the dashboard for Superset.")
    parser.add_argument("--serving", type=Path, default=SERVING)
    parser.add_argument("--serve", type=int, metavar="PORT")
    arguments = parser.parse_args()
    if not arguments.serving.exists():
        print(f"there is no {arguments.serving}; `make build` publishes it.")
        return 1
    with tempfile.TemporaryDirectory(prefix="cx_superset_") as folder:
        began = time.monotonic()
        try:
            set_up(Path(folder), arguments.serving)
            api = Api(Path(folder))
            print(f"Superset with the bundle: {time.monotonic() - began:.0f} s")
            results = [compare(api, arguments.serving, each) for each in charts()]
        except CheckError as error:
            print(error)
            return 1
        print(
            f"{sum(results)} of {len(results)} charts show the marts' numbers, "
            f"{time.monotonic() - began:.0f} s"
        )
        if arguments.serve:
            serve(arguments.serve)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
