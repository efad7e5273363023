"""A PostgreSQL server of its own on a free port of loopback, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server() -> Iterator[dict[str, str]]:
    """Start a server and make a database; gives the variables of the profile.

    Raises RuntimeError with a sentence when PostgreSQL is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="cx_postgres_") as name:
        directory = Path(name)
        as_user = _server_user(directory)
        port = _free_port()

        def server(*arguments: str) -> None:
            done = subprocess.run(
                [*as_user, *arguments],
                capture_output=True,
                text=True,
                check=False,
                cwd=directory,
            )
            if done.returncode:
                raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")

        data = directory / "data"
        server(
            _program("initdb"),
            "--pgdata",
            str(data),
            "--username",
            "cx_build",
            "--auth",
            "trust",
            "--locale",
            "C",
            "--encoding",
            "UTF8",
            "--no-sync",
        )
        settings = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {directory} -c fsync=off "
            "-c full_page_writes=off -c synchronous_commit=off -c shared_buffers=256MB "
            "-c work_mem=64MB -c jit=off"
        )
        server(
            _program("pg_ctl"),
            "--pgdata",
            str(data),
            "--wait",
            "--log",
            str(directory / "log"),
            "--options",
            settings,
            "start",
        )
        try:
            server(
                _program("createdb"),
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--username",
                "cx_build",
                "cx_warehouse",
            )
            yield {
                "CX_TARGET": "postgres",
                "CX_POSTGRES_HOST": "127.0.0.1",
                "CX_POSTGRES_PORT": str(port),
                "CX_POSTGRES_USER": "cx_build",
                "CX_POSTGRES_PASSWORD": "",
                "CX_POSTGRES_DATABASE": "cx_warehouse",
            }
        finally:
            server(
                _program("pg_ctl"),
                "--pgdata",
                str(data),
                "--mode",
                "immediate",
                "--wait",
                "stop",
            )


def _server_user(directory: Path) -> list[str]:
    """What stands before a command: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(directory, user.pw_uid, user.pw_gid)
    return [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
    ]


def _program(name: str) -> str:
    """The path of one of the server's programs, of the newest version installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]),
    )
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise RuntimeError(
            f"{name} is not there: PostgreSQL's server must be installed, on Debian by "
            "`apt-get install postgresql`."
        )
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with postgres_server() as variables:
        print("\n".join(f"export {name}={value}" for name, value in variables.items()))
        while True:
            time.sleep(60)
