"""A publication that is killed, at whatever moment, leaves a whole version published.

A few here; `CX_TEST_KILLS=50` kills at as many random moments.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import duckdb
import pytest

from cx_warehouse.publication import Folder, publish
from tests.harness import PROJECT_ROOT, Project

KILLS = int(os.environ.get("CX_TEST_KILLS") or 5)

_PUBLISH = """
import sys
from pathlib import Path
from cx_warehouse.publication import publish
print("ready", flush=True)
publish(Path(sys.argv[1]), Path(sys.argv[2]))
print("done", flush=True)
"""

# Kills the process in front of the step of that number which changes the folder.
_PUBLISH_AND_DIE = """
import os, shutil, signal, sys
from pathlib import Path
from cx_warehouse import publication
left = int(sys.argv[3])
def dying(step):
    def stepped(*arguments, **more):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*arguments, **more)
    return stepped
for name in ("replace", "symlink_to", "unlink", "rmdir", "mkdir"):
    setattr(Path, name, dying(getattr(Path, name)))
shutil.rmtree = dying(shutil.rmtree)
publication.publish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def published_version(directory: Path) -> str:
    """The version to which the link leads; fails unless it is whole, as all are."""
    folder = Folder(directory)
    for link in (folder.serving_link, folder.snapshot_link):
        stamp = link.resolve(strict=True).name.split(".")[1]
        with duckdb.connect() as connection:
            if link == folder.serving_link:
                connection.execute(f"attach '{link}' as serving (read_only)")
                source = "serving.marts.{}"
            else:
                source = f"'{link}/{{}}.parquet'"
            assert connection.execute(
                f"select version from {source.format('publication')}"
            ).fetchall() == [(stamp,)]
            ((days, answers),) = connection.execute(
                "select count(distinct reporting_date), sum(answer_count)"
                f" from {source.format('fct_score_counts_by_day')}"
            ).fetchall()
            ((asked,),) = connection.execute(
                "select sum(accepted_count)"
                f" from {source.format('fct_answer_counts_by_question')}"
            ).fetchall()
        assert answers == asked
        assert days > 700
    return folder.serving_link.resolve().name.split(".")[1]


def assert_tidy(directory: Path) -> None:
    """Three whole versions and the links lie there, and nothing else."""
    folder = Folder(directory)
    stamps = folder.stamps()
    assert len(stamps) <= 3
    assert {path.name for path in directory.iterdir()} == {
        *(".lock", folder.serving_link.name, folder.snapshot_link.name),
        *(folder.serving(stamp).name for stamp in stamps),
        *(folder.snapshot(stamp).name for stamp in stamps),
    }


def test_kill_at_a_random_moment(passed_project: Project, published: Path) -> None:
    warehouse = passed_project.warehouse
    publish(warehouse, published)
    begun = time.monotonic()
    publish(warehouse, published)
    duration = time.monotonic() - begun
    versions = [published_version(published)]
    rng = Random(os.environ.get("CX_TEST_SEED"))
    killed = 0
    while killed < KILLS:
        process = started(_PUBLISH, warehouse, published)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 1.2 * duration))
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate()
        killed += "done" not in output
        versions.append(published_version(published))
    assert versions == sorted(versions)
    publish(warehouse, published)
    assert published_version(published) > versions[-1]
    assert_tidy(published)


@pytest.mark.parametrize("existing", [0, 3])
def test_kill_in_front_of_each_step(
    existing: int, passed_project: Project, published: Path
) -> None:
    """From the first to the last step that changes the folder, each on top of all."""
    warehouse = passed_project.warehouse
    version = ""
    for _ in range(existing):
        version = publish(warehouse, published).stamp
    step = 0
    while True:
        step += 1
        process = started(_PUBLISH_AND_DIE, warehouse, published, step)
        process.communicate()
        if not process.returncode:
            break
        assert process.returncode == -signal.SIGKILL
        # The first one may be killed before there is a link.
        if version or (published / "current").exists():
            assert published_version(published) >= version
            version = published_version(published)
    assert step > 8
    assert published_version(published) > version
    publish(warehouse, published)
    assert_tidy(published)
