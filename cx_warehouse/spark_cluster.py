"""A small Spark cluster on loopback: a master, two workers and a Thrift server.

    python -m cx_warehouse spark up
    python -m cx_warehouse spark down

All from the pyspark wheel; Java 17 or newer must be installed. Data, logs and the
processes' numbers lie in CX_SPARK_DIR (by default the folder `spark` of the project).
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cx_warehouse.errors import UserError
from cx_warehouse.warehouse import PROJECT_ROOT, print_lines

WORKER_COUNT = 2
_SECONDS_TO_START = 120.0

# One session's zone is every session's: timestamps are instants in UTC.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.default.parallelism": "4",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "spark.scheduler.mode": "FAIR",
    "spark.locality.wait": "0",
    "spark.sql.cbo.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "64MB",
}


@dataclass(frozen=True)
class SparkCluster:
    """A cluster that lives in a folder: logs, tables, and the numbers of its processes.

    `port` is that of the Thrift server; `worker_cores` and `worker_memory` are what one
    worker gives, `driver_memory` what the Thrift server takes; `java_options` go to
    every Java machine that computes, `settings` to Spark.
    """

    directory: Path
    port: int = 10000
    worker_cores: int = 1
    worker_memory: str = "2g"
    driver_memory: str = "2g"
    java_options: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    def up(self) -> None:
        """Start master, workers and Thrift server; return when it takes connections.

        Raises UserError with the end of its log when it does not come up, when Java is
        missing, or when a cluster of this folder runs already.
        """
        home = _spark_home()
        _check_java()
        if self._numbers():
            raise UserError(
                f"a Spark cluster of {self.directory} runs already: `make spark-down` "
                "stops it."
            )
        for name in ("logs", "work", "warehouse"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        master_port = free_port()
        master = f"spark://127.0.0.1:{master_port}"
        spark_class = str(home / "bin" / "spark-class")
        self._start(
            "master",
            [spark_class, "org.apache.spark.deploy.master.Master", "--host",
             "127.0.0.1", "--port", str(master_port), "--webui-port", "0"],
        )  # fmt: skip
        self._wait_for("master", master_port)
        for number in range(1, WORKER_COUNT + 1):
            self._start(
                f"worker_{number}",
                [spark_class, "org.apache.spark.deploy.worker.Worker", "--host",
                 "127.0.0.1", "--cores", str(self.worker_cores), "--memory",
                 self.worker_memory, "--webui-port", "0", "--work-dir",
                 str(self.directory / "work"), master],
            )  # fmt: skip
        java_options = f"-Duser.timezone=UTC -XX:+UseSerialGC {self.java_options}"
        settings = _SETTINGS | {
            "spark.driver.extraJavaOptions": java_options,
            "spark.executor.extraJavaOptions": java_options,
            "spark.sql.warehouse.dir": str(self.directory / "warehouse"),
            "spark.executor.memory": self._executor_memory(),
            "spark.executor.cores": str(self.worker_cores),
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(self.directory / "work"),
            **self.settings,
        }
        server = [
            str(home / "bin" / "spark-submit"), "--master", master,
            "--driver-memory", self.driver_memory,
            "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
        ]  # fmt: skip
        for name, value in settings.items():
            server += ["--conf", f"{name}={value}"]
        # All sessions are those of who started the server. For another user each would
        # open the metastore anew, which is a tenth of a small build.
        server += [
            "spark-internal",
            "--hiveconf", "hive.server2.enable.doAs=false",
            "--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1",
            "--hiveconf", f"hive.server2.thrift.port={self.port}",
            "--hiveconf", f"javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName="
            f"{self.directory / 'metastore'};create=true",
        ]  # fmt: skip
        self._start("thrift_server", server)
        self._wait_for("thrift_server", self.port)

    def down(self) -> int:
        """Stop all processes; returns how many there were. Tables stay."""
        numbers = self._numbers()
        for number in reversed(numbers.values()):
            _signal(number, signal.SIGTERM)
        deadline = time.monotonic() + 20
        while any(map(_is_alive, numbers.values())) and time.monotonic() < deadline:
            time.sleep(0.1)
        for number in numbers.values():
            _signal(number, signal.SIGKILL)
        self._number_file().unlink(missing_ok=True)
        return len(numbers)

    def kill_worker(self, number: int = 1) -> None:
        """Kill a worker and what it runs, as a broken machine would."""
        os.killpg(self._numbers()[f"worker_{number}"], signal.SIGKILL)

    def environment(self) -> dict[str, str]:
        """The variables of the profile `spark` and of the loader for this cluster."""
        return {
            "CX_TARGET": "spark",
            "CX_SPARK_HOST": "127.0.0.1",
            "CX_SPARK_PORT": str(self.port),
            "CX_SPARK_RAW_DIR": str(self.directory / "raw"),
        }

    def _executor_memory(self) -> str:
        """What a worker has, less what the Java machine itself takes."""
        amount, unit = int(self.worker_memory[:-1]), self.worker_memory[-1]
        return f"{amount * (1024 if unit == 'g' else 1) - 512}m"

    def _start(self, name: str, command: list[str]) -> None:
        environment = _environment() | {
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_NO_DAEMONIZE": "1",
            # What the wheel's scripts give a Java machine: the Thrift server drives.
            "SPARK_DAEMON_MEMORY": self.driver_memory
            if name == "thrift_server"
            else "256m",
        }
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with self._number_file().open("a", encoding="ascii") as stream:
            stream.write(f"{name} {process.pid}\n")

    def _wait_for(self, name: str, port: int) -> None:
        """Return when a process takes connections; stop all when it does not."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline and name in self._numbers():
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.2)
        self.down()
        text = self._log(name).read_text("utf-8", "replace")
        causes = [line for line in text.splitlines() if "Exception" in line]
        raise UserError(
            f"Spark's {name} did not come up; its log is {self._log(name)}. "
            + (f"The first fault there: {causes[0]}" if causes else "")
        )

    def _numbers(self) -> dict[str, int]:
        """The processes of this folder that are alive: name and number."""
        path = self._number_file()
        if not path.exists():
            return {}
        lines = (line.split() for line in path.read_text("ascii").splitlines())
        numbers = {name: int(number) for name, number in lines}
        return {name: pid for name, pid in numbers.items() if _is_alive(pid)}

    def _number_file(self) -> Path:
        return self.directory / "processes"

    def _log(self, name: str) -> Path:
        return self.directory / "logs" / f"{name}.log"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `spark` to the program's."""
    parser = subparsers.add_parser(
        "spark",
        help="start or stop a Spark cluster on this machine",
        description="Start or stop a Spark master, two workers and a Thrift server on "
        "loopback.",
    )
    parser.add_argument("action", choices=("up", "down"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start or stop the cluster of CX_SPARK_DIR."""
    directory = PROJECT_ROOT / (os.environ.get("CX_SPARK_DIR") or "spark")
    cluster = SparkCluster(
        directory.absolute(), port=int(os.environ.get("CX_SPARK_PORT") or 10000)
    )
    if arguments.action == "up":
        cluster.up()
        print_lines([f"Spark takes connections on port {cluster.port} of loopback."])
    else:
        print_lines([f"{cluster.down()} process(es) stopped."])
    return 0


def _spark_home() -> Path:
    try:
        import pyspark
    except ImportError as error:
        raise UserError(
            "Spark needs the packages of requirements-servers.txt: `make servers` "
            "installs them."
        ) from error
    return Path(pyspark.__file__).parent


def _check_java() -> None:
    java = (
        Path(os.environ["JAVA_HOME"]) / "bin/java" if "JAVA_HOME" in os.environ else ""
    )
    if not shutil.which(java or "java"):
        raise UserError(
            "Spark needs Java 17 or newer, and there is no `java`: install it, on "
            "Debian by `apt-get install openjdk-17-jre-headless`."
        )


def _environment() -> dict[str, str]:
    """The variables of this process, without those that would turn Spark elsewhere."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SPARK_", "PYSPARK_", "HADOOP_"))
    } | {"TZ": "UTC"}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return not Path("/proc").is_dir() and _signal(number, 0)
    return state != "Z"


def _signal(number: int, which: int) -> bool:
    """Send a signal to the group of a process; whether it was there."""
    try:
        os.killpg(number, which)
    except (ProcessLookupError, PermissionError):
        return False
    return True
