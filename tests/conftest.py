"""What several folders of tests share."""

from __future__ import annotations

import pytest

from tests.harness import PROJECT_ROOT, Project


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project built on its sample; tests read it and do not change it."""
    project = Project(tmp_path_factory.mktemp("sample"))
    project.build(PROJECT_ROOT / "sample")
    return project
