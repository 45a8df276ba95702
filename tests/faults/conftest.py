"""Gives the programme a quick disk, and prints its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import FIGURES, LONG, table


@pytest.fixture
def tmp_path(memory_path: Path) -> Path:
    """Give every test a folder in memory: a sync counts as a call, and a disk takes 10 ms for it."""
    return memory_path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let the figures travel with the report of a test, which may have run in another process."""
    report = yield
    if call.when == "call" and item.path.parent.name in ("faults", "fuzz"):
        report.faults = {what: dict(row) for what, row in FIGURES.items()}
    return report


def pytest_runtest_logreport(report: Any) -> None:
    """Take the figures of a test that ran elsewhere."""
    FIGURES.update(getattr(report, "faults", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, once for all folders."""
    if FIGURES:
        terminalreporter.section("faults" + (", the long run" if LONG else ""))
        for line in table():
            terminalreporter.write_line(line)
        FIGURES.clear()
