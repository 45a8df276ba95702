"""Whatever Quorum does to a file may end, or be refused, at any system call: nothing acknowledged is lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults import traced
from tests.faults.figures import LONG, chosen, note
from tests.faults.operations import BY_NAME, OPERATIONS, Operation, run_operation, whole_run
from tests.run.scripted import use_scripted_worker

KILLED = "killed at a system call"
WRITES = "pwrite64,write,fdatasync,fsync,ftruncate,link,rename"
READS = "pread64"
ANEW = ("create", "migrate", "export", "backup", "rescue")
"""What is recovered from by doing it anew; the rest by opening the project."""


@contextmanager
def fresh(tmp_path: Path, operation: Operation) -> Iterator[Path]:
    """Give a prepared folder for one attempt."""
    folder = tmp_path / "attempt"
    folder.mkdir()
    operation.prepare(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def number_of_calls(tmp_path: Path, operation: Operation, calls: str = traced.CHANGING) -> int:
    with fresh(tmp_path, operation) as folder:
        return len(traced.calls_of(partial(operation.work, folder), calls))


def kill_everywhere(tmp_path: Path, operation: Operation, most: int) -> None:
    """Kill the operation at its calls, one after the other, and check what is left each time."""
    if not traced.can_trace():
        kill_at_random(tmp_path, operation, most)
        return
    total = number_of_calls(tmp_path, operation)
    points = chosen(total, most)
    for number in points:
        with fresh(tmp_path, operation) as folder:
            work = partial(operation.work, folder)
            ended = traced.run(work, traced.inject(traced.CHANGING, number))
            assert ended.status in (-9, 0), (operation.name, number, ended)
            operation.check(folder, len(ended.acknowledged))
    note(KILLED, points=len(points), lost=0)


def kill_at_random(tmp_path: Path, operation: Operation, most: int) -> None:
    with fresh(tmp_path, operation) as folder:
        begun = time.monotonic()
        assert traced.run(partial(operation.work, folder)).status == 0
        seconds = time.monotonic() - begun
    for _ in range(most):
        with fresh(tmp_path, operation) as folder:
            ended = traced.killed_sometime(partial(operation.work, folder), seconds)
            operation.check(folder, len(ended.acknowledged))
    note("killed at a random moment, as nothing can be traced here", points=most, lost=0)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_was_acknowledged_survives_a_kill_at_every_call(tmp_path: Path, operation: Operation) -> None:
    kill_everywhere(tmp_path, operation, 34)


def test_a_run_killed_at_any_call_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    (tmp_path / "whole").mkdir()
    operation = run_operation(whole_run(tmp_path / "whole"))
    kill_everywhere(tmp_path, operation, 8)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_second_kill_while_the_first_is_recovered_from_loses_nothing(
    tmp_path: Path, operation: Operation
) -> None:
    if not traced.can_trace():
        pytest.skip("nothing can be traced here")
    total = number_of_calls(tmp_path, operation)
    pairs = 0
    for first in range(1, total + 1, max(1, total // (12 if LONG else 2))):
        second = 1
        while second < 200:
            with fresh(tmp_path, operation) as folder:
                work = partial(operation.work, folder)
                before = traced.run(work, traced.inject(traced.CHANGING, first))
                done = len(before.acknowledged)
                recovering = partial(operation.work if operation.name in ANEW else _reopen, folder)
                ended = traced.run(recovering, traced.inject(traced.CHANGING, second))
                done += len(ended.acknowledged) if ended.status != traced.REFUSED else 0
                operation.check(folder, done)
            pairs += 1
            if ended.status != -9:
                break
            second += 3 if LONG else 29
    note("killed again while recovering", pairs=pairs, lost=0)


def _reopen(folder: Path, _ack: traced.Ack) -> None:
    from app.store.project import Project

    if (folder / "a.db").exists():
        Project.open(folder / "a.db").close()


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_disk_that_refuses_is_no_success_and_leaves_nothing_half_made(
    tmp_path: Path, operation: Operation, error: str
) -> None:
    if not traced.can_trace():
        pytest.skip("nothing can be traced here")
    total = number_of_calls(tmp_path, operation, WRITES)
    points = refused = 0
    for lasting in (False, True):
        for number in chosen(total, 6):
            with fresh(tmp_path, operation) as folder:
                injected = traced.inject(WRITES, number, error, lasting=lasting)
                ended = traced.run(partial(operation.work, folder), injected)
                said = [line for line in ended.acknowledged if not line.startswith("refused")]
                assert ended.status in (0, traced.REFUSED), (operation.name, number, ended)
                operation.check(folder, len(said))
                points += 1
                refused += ended.status == traced.REFUSED
    assert refused
    note(f"{error} at a write", points=points, refused=refused, false_successes=0, half_made=0)


@pytest.mark.parametrize("name", ["create", "export", "backup", "migrate"])
def test_a_disk_that_cannot_be_read_is_no_success(tmp_path: Path, name: str) -> None:
    if not traced.can_trace():
        pytest.skip("nothing can be traced here")
    operation = BY_NAME[name]
    total = number_of_calls(tmp_path, operation, READS)
    points = 0
    for number in chosen(total, 3):
        with fresh(tmp_path, operation) as folder:
            ended = traced.run(partial(operation.work, folder), traced.inject(READS, number, "EIO"))
            said = [line for line in ended.acknowledged if not line.startswith("refused")]
            assert ended.status in (0, traced.REFUSED), (operation.name, number, ended)
            operation.check(folder, len(said))
            points += 1
    note("EIO at a read", points=points, false_successes=0, half_made=0)
