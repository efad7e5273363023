"""A build that passed and was checked, which the tests of this folder publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from cx_warehouse.expectations import check
from tests.harness import PROJECT_ROOT, Project


@pytest.fixture(scope="session")
def passed_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project built on its sample with all data tests, and checked."""
    directory = tmp_path_factory.mktemp("passed")
    project = Project(directory)
    project.build(PROJECT_ROOT / "sample", tests=True, artifacts=True)
    assert check(project.warehouse, directory / "data_docs")
    return project


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder to publish to."""
    return tmp_path / "published"
