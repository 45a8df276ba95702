"""Prints the figures of the programme, as `tests/faults` does."""

from __future__ import annotations

from tests.faults.conftest import (
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

__all__ = ["pytest_runtest_logreport", "pytest_runtest_makereport", "pytest_terminal_summary"]
