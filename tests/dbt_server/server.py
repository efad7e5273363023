"""A process that has dbt and the parsed project in memory and forks a child a command.

    python server.py PROJECT

Most of what a dbt command costs on a small feed is to start Python, to import dbt and
to parse the project. This process does it once. Each command is then a process of its
own all the same: nothing that one leaves in memory (connections, plans, compiled
models) reaches another, and it can be killed like any process.

Requests come as JSON, one a line, on standard input; each is answered by a line on
standard output (see client.py, the other end of the pipe). The module is run as a
script and imports nothing of the project's but the plugin of the copy that it parsed.
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


def serve(project: Path) -> None:
    """Parse the project in a folder, then run commands as often as asked."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.chdir(project)
    sys.path[0] = str(project)
    manifest = _parse()
    # What it imports of others is in memory then.
    __import__("cx_warehouse.dbt_plugin")
    gc.collect()
    gc.freeze()
    answers.write(json.dumps({"is_ready": True}) + "\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(_run_in_child(json.loads(line), manifest)) + "\n")
        answers.flush()


def _parse() -> Any:
    from dbt.cli.main import dbtRunner

    quiet = ("--quiet", "--log-level-file", "none")
    parsed = dbtRunner().invoke([*quiet, "parse"])
    if not parsed.success:
        raise SystemExit(f"The project cannot be parsed: {parsed.exception}")
    # Once around, so that what dbt makes of its classes at first use is there.
    dbtRunner(manifest=parsed.result).invoke([*quiet, "list"])
    return parsed.result


def _run_in_child(request: Request, manifest: Any) -> Answer:
    """Fork, run in the child, and say how it ended.

    `returncode` is that of the command `dbt`, or null when the child was killed.
    """
    started = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _run_and_exit(request, manifest, writing)
    os.close(writing)
    patience = request["kill_after_seconds"]
    if patience is not None and not select.select([reading], [], [], patience)[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    seconds = time.monotonic() - started
    # Told, then killed while it left: whoever reads the answer hears of no kill.
    answer: Answer = json.loads(told) if told else {"returncode": None}
    return {"message": "", "statements": 0, **answer, "seconds": seconds}


def _run_and_exit(request: Request, manifest: Any, writing: int) -> None:
    """Never returns: the child ends without any of its parent's clearing up."""
    try:
        gc.disable()
        _enter(request, manifest)
        counted = _Statements(request)
        told = {**_invoke(request, manifest), "statements": counted.count}
    except BaseException as error:
        told = {"returncode": 2, "message": repr(error)}
    try:
        sys.stdout.flush()
        with os.fdopen(writing, "wb") as stream:
            stream.write(json.dumps(told).encode())
    finally:
        os._exit(0)


def _enter(request: Request, manifest: Any) -> None:
    """Go where the command is to run: its folder, environment and output.

    The project there is the parsed one, but for what its seeds hold; its plugin finds
    them by where it lies itself.
    """
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["directory"])
    sys.path[0] = request["directory"]
    for name in [name for name in sys.modules if name.startswith("cx_warehouse")]:
        del sys.modules[name]
    for node in manifest.nodes.values():
        if node.resource_type == "seed":
            node.root_path = request["directory"]
    if request["output"] is not None:
        os.dup2(os.open(request["output"], os.O_WRONLY), 1)
    _silence_events(is_heard=request["output"] is not None)


def _silence_events(*, is_heard: bool) -> None:
    """Throw dbt's log events away that nobody reads: they cost a fifth."""
    from dbt_common.events.event_manager import EventManager

    tell = EventManager.fire_event

    def fire_event(manager: Any, event: Any, level: Any = None, **rest: Any) -> None:
        if is_heard and (level or event.level_tag()) != "debug":
            tell(manager, event, level, **rest)

    EventManager.fire_event = fire_event


def _invoke(request: Request, manifest: Any) -> Answer:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = request["directory"]
    done = dbtRunner(manifest=manifest).invoke(
        [*request["arguments"], "--project-dir", folder, "--profiles-dir", folder]
    )
    # As at the end of dbt's own process, the file is closed before anybody looks.
    if (environment := DuckDBConnectionManager._ENV) is not None:
        environment.close()
    if done.success:
        return {"returncode": 0}
    if done.exception is not None:
        return {"returncode": 2, "message": str(done.exception)}
    failures = [
        f"{result.node.name}: {result.message}"
        for result in done.result.results
        if result.status in ("error", "fail")
    ]
    return {"returncode": 1, "message": "\n".join(failures)}


class _Statements:
    """Counts the SQL statements of a build; in front of one of them something happens.

    The build is killed, it fails, or a file is delivered (moved to where it belongs).
    """

    def __init__(self, request: Request) -> None:
        from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

        self.count = 0
        self.lock = threading.Lock()
        self.kill_at = request["kill_at_statement"]
        self.fail_at = request["fail_at_statement"]
        self.deliver_at = request["deliver_at_statement"]
        self.delivery = [Path(path) for path in request["delivery"] or ()]
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
