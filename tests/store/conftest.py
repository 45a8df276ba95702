"""Projects on real files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new project open for writing."""
    with Project.open(tmp_path / "made.db", create=True) as made:
        yield made
