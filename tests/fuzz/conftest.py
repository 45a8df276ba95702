"""Gives the programme a quick disk and prints its figures, as `tests/faults` does."""

from __future__ import annotations

from tests.faults.conftest import (
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_terminal_summary,
    tmp_path,
)

__all__ = ["pytest_runtest_logreport", "pytest_runtest_makereport", "pytest_terminal_summary", "tmp_path"]
