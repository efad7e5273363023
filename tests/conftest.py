"""What several folders of tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.harness import PROJECT_ROOT, Project

_MEMORY = Path("/dev/shm")
_ROOM = 8 << 30


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory where there is room, unless told where.

    Half of what a small build does is to wait until its commits lie on the disk.
    """
    is_worker = hasattr(config, "workerinput")
    if config.option.basetemp is None and not is_worker and _has_room():
        directory = _MEMORY / f"pytest_{os.getpid()}"
        config.option.basetemp = str(directory)
        config.add_cleanup(lambda: shutil.rmtree(directory, ignore_errors=True))


def _has_room() -> bool:
    return _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project built on its sample; tests read it and do not change it."""
    project = Project(tmp_path_factory.mktemp("sample"))
    project.build(PROJECT_ROOT / "sample", artifacts=True)
    return project
