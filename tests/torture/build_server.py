"""A process that has dbt and the parsed project in memory and forks a child a build.

    python build_server.py PROJECT

Most of what `dbt build` costs on a small feed is to start Python, to import dbt and to
parse the project. This process does it once. Each build is then a process of its own
all the same: nothing that one leaves in memory (connections, plans, compiled models)
reaches another, and it can be killed like any process.

Requests come as JSON, one a line, on standard input; each is answered by a line on
standard output (see builds.py, the other end of the pipe). The module is run as a
script and imports nothing of the project's but the plugin of the copy that it builds.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

Request = dict[str, Any]
Answer = dict[str, Any]

_QUIET = ("--quiet", "--no-write-json", "--log-level-file", "none")


def serve(project: Path) -> None:
    """Parse the project in a folder, then build as often as asked."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.chdir(project)
    sys.path[0] = str(project)
    manifest = _parse()
    __import__("cx_warehouse.dbt_plugin")
    _silence_events()
    gc.collect()
    gc.freeze()
    answers.write(json.dumps({"is_ready": True}) + "\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(_build_in_child(json.loads(line), manifest)) + "\n")
        answers.flush()


def _parse() -> Any:
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke([*_QUIET, "parse"])
    if not parsed.success:
        raise SystemExit(f"The project cannot be parsed: {parsed.exception}")
    return parsed.result


def _silence_events() -> None:
    """Throw dbt's log events away: nobody reads them, and they cost a tenth."""
    from dbt_common.events.event_manager import EventManager

    EventManager.fire_event = lambda *_, **__: None


def _build_in_child(request: Request, manifest: Any) -> Answer:
    """Fork, build in the child, and say how it ended.

    `outcome` is `done`, `failed` or `killed`.
    """
    started = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _build_and_exit(request, manifest, writing)
    os.close(writing)
    patience = request.get("kill_after_seconds")
    if patience is not None and not select.select([reading], [], [], patience)[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    seconds = time.monotonic() - started
    # Told, then killed while it left: whoever reads the answer hears of no kill.
    answer: Answer = json.loads(told) if told else {"outcome": "killed", "message": ""}
    return {**answer, "seconds": seconds}


def _build_and_exit(request: Request, manifest: Any, writing: int) -> None:
    """Never returns: the child ends without any of its parent's clearing up."""
    try:
        gc.disable()
        os.environ.update(request["environment"])
        time.tzset()
        counted = _Statements(request)
        told = {**_invoke(request, manifest), "statements": counted.count}
    except BaseException as error:
        told = {"outcome": "failed", "message": repr(error), "statements": 0}
    try:
        with os.fdopen(writing, "wb") as stream:
            stream.write(json.dumps(told).encode())
    finally:
        os._exit(0)


def _invoke(request: Request, manifest: Any) -> Answer:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    variables = json.dumps(request["variables"])
    done = dbtRunner(manifest=manifest).invoke(
        [*_QUIET, *request["arguments"], "--vars", variables]
    )
    # As at the end of dbt's own process, the file is closed before anybody looks.
    if (environment := DuckDBConnectionManager._ENV) is not None:
        environment.close()
    if done.success:
        return {"outcome": "done", "message": ""}
    if done.exception is not None:
        return {"outcome": "failed", "message": str(done.exception)}
    failures = [
        f"{result.node.name}: {result.message}"
        for result in done.result.results
        if result.status in ("error", "fail")
    ]
    return {"outcome": "failed", "message": "\n".join(failures)}


class _Statements:
    """Counts the SQL statements of a build; in front of one of them something happens.

    The build is killed, it fails, or a file is delivered (moved to where it belongs).
    """

    def __init__(self, request: Request) -> None:
        from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

        self.count = 0
        self.lock = threading.Lock()
        self.kill_at = request.get("kill_at_statement")
        self.fail_at = request.get("fail_at_statement")
        self.deliver_at = request.get("deliver_at_statement")
        self.delivery = [Path(path) for path in request.get("delivery") or ()]
        self.execute = DuckDBCursorWrapper.execute

        def execute(cursor: Any, sql: str, bindings: Any = None) -> Any:
            self.step()
            return self.execute(cursor, sql, bindings)

        DuckDBCursorWrapper.execute = execute

    def step(self) -> None:
        with self.lock:
            self.count += 1
            count = self.count
        if count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if count == self.deliver_at:
            self.delivery[0].replace(self.delivery[1])
        if count == self.fail_at:
            from dbt_common.exceptions import DbtRuntimeError

            raise DbtRuntimeError("a failure that the torture planted")


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
