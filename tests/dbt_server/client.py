"""Many fast dbt commands on one parsed project: the other end of server.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Done:
    """How a command ended.

    `returncode` is that of `dbt`, and None for a command that was killed; `message` is
    what dbt said of a failure, `statements` how many SQL statements it ran.
    """

    returncode: int | None
    message: str
    statements: int
    seconds: float


class ServerGoneError(Exception):
    """The server ended, which says nothing about the project."""


class DbtServer:
    """Runs dbt commands in processes that have the project parsed already.

    `project` is the folder that is parsed, `log` the file for what the server says,
    `environment` what the profile needs to name the database.
    """

    def __init__(
        self, project: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        self.log = log
        self._lock = threading.Lock()
        with log.open("w", encoding="utf-8") as stream:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    str(Path(__file__).with_name("server.py")),
                    str(project),
                ],
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
            )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def run(
        self,
        directory: Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        output: Path | None = None,
        kill_at_statement: int | None = None,
        fail_at_statement: int | None = None,
        deliver_at_statement: int | None = None,
        delivery: tuple[str, str] | None = None,
        kill_after_seconds: float | None = None,
    ) -> Done:
        """Run dbt in a folder that holds the parsed project, with seeds of its own.

        What dbt prints goes to the file `output`, or nowhere. When asked to, the
        command is killed (kill -9) or fails in front of its nth SQL statement, or a
        file is moved then, or it is killed after some seconds.
        """
        request = {
            "directory": str(directory),
            "arguments": list(arguments),
            "environment": {**os.environ, **environment},
            "output": str(output) if output else None,
            "kill_at_statement": kill_at_statement,
            "fail_at_statement": fail_at_statement,
            "deliver_at_statement": deliver_at_statement,
            "delivery": delivery,
            "kill_after_seconds": kill_after_seconds,
        }
        assert self._process.stdin is not None
        with self._lock:
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()
            return Done(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            told = self.log.read_text("utf-8")[-2000:]
            raise ServerGoneError(f"the dbt server ended with {code}: {told}")
        answer: dict[str, Any] = json.loads(line)
        return answer
