from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from functools import partial

import pytest

from app import spread as spreading
from app.errors import IntakeError, QuorumError
from app.spread import spread


def raised(power: int, base: int) -> tuple[int, int]:
    """What a part becomes, and in which process."""
    if base == 13:
        raise IntakeError("Thirteen.", "Take another.")
    if base == 17:
        os.abort()
    if base == 19:
        os.write(1, pickle.dumps(("half of a result" * 10, None))[:50])
        os.abort()
    return base**power, os.getpid()


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


def test_parts_come_back_in_order_whoever_works_on_them() -> None:
    made = list(spread(partial(raised, 2), range(12)))
    assert [square for square, _ in made] == [base**2 for base in range(12)]
    here = [process == os.getpid() for _, process in made]
    # While the oldest is not there, one that no process has begun can be worked on here.
    assert all(here[: spreading.ALONE]) and not all(here)


def test_parts_are_taken_only_a_few_ahead() -> None:
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for base in range(10):
            taken.append(base)
            yield base

    made = spread(partial(raised, 2), parts())
    for _ in range(spreading.ALONE + 1):
        next(made)
    made.close()
    assert len(taken) < 10


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (13, "Thirteen. Take another."),
        (17, "that shared the work was killed"),
        (19, "that shared the work was killed"),
    ],
)
def test_what_goes_wrong_in_a_process_is_raised_here(bad: int, words: str) -> None:
    with pytest.raises(QuorumError, match=words):
        list(spread(partial(raised, 2), [*range(spreading.ALONE + 1), bad]))
