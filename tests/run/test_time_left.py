"""How long a run still takes, by a clock that is only simulated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.method.terms import StageName
from app.run.progress import StageProgress, TimeLeft
from app.run.time_left import Clock
from app.words import time_left

TARGET = 80
Done = dict[StageName, int]
Steps = list[tuple[StageName, int]]
SECONDS: dict[StageName, float] = {"instructions": 2.0, "instances": 1.0, "answers": 1.5}
AT_ONCE = 4
"""Requests that a model answers together: they end in the same moment."""


def stages(done: Done) -> tuple[StageProgress, ...]:
    """A run of eighty with two answers each."""
    targets: Done = {"instructions": TARGET, "instances": TARGET, "answers": 2 * TARGET, "votes": TARGET}
    return tuple(StageProgress(name, done.get(name, 0), target, 0) for name, target in targets.items())


def one_by_one() -> Steps:
    """Item by item, as where nothing is batched."""
    item: Steps = [("instructions", 1), ("instances", 1), ("answers", 2)]
    return item * TARGET


def in_waves() -> Steps:
    """Twenty instructions, then their instances and answers, four requests at once."""
    wave: Steps = [("instructions", AT_ONCE)] * 5 + [("instances", AT_ONCE)] * 5 + [("answers", AT_ONCE)] * 10
    return wave * 4


def in_turns() -> Steps:
    """All instructions, then all instances, then all answers, as where models take turns in memory."""
    return sorted(in_waves(), key=lambda step: list(SECONDS).index(step[0]))


def run_of(steps: Steps, clock: Clock, tick: float = 0.2) -> Iterator[tuple[float, float, TimeLeft | None]]:
    """Make these steps at a steady rate; yield how much of the run is over, what is left, what is said."""
    whole = sum(number * SECONDS[name] for name, number in steps)
    done: Done = {}
    over, due = 0.0, 0.0
    clock.tell(stages(done), 0.0)
    for name, number in steps:
        due += number * SECONDS[name]
        while over + tick < due:
            over += tick
            clock.tell(stages(done), tick)
            yield over / whole, whole - over, clock.left(stages(done), None)
        done[name] = done.get(name, 0) + number
        clock.tell(stages(done), due - over)
        over = due
        yield over / whole, whole - over, clock.left(stages(done), None)


@pytest.mark.parametrize("steps", [one_by_one(), in_waves()], ids=["one by one", "in waves"])
def test_a_third_into_a_steady_run_the_time_left_is_known_within_a_quarter(steps: Steps) -> None:
    told = list(run_of(steps, Clock()))
    assert told[0][2] is None, "nothing is said before anything was seen"
    early = [said for over, _, said in told if over < 0.1 and said is not None]
    assert early and all(said.least < said.most for said in early), "a range comes first"
    for over, truth, said in told:
        if 1 / 3 <= over < 0.97:
            assert said is not None and said.least == said.most
            assert said.most == pytest.approx(truth, rel=0.25)
    assert told[-1][2] == TimeLeft(0.0, 0.0)


@pytest.mark.parametrize("steps", [one_by_one(), in_waves(), in_turns()], ids=["single", "waves", "turns"])
def test_the_range_that_is_said_holds_the_truth(steps: Steps) -> None:
    told = [step for step in run_of(steps, Clock()) if step[0] > 0.05 and step[2] is not None]
    assert told
    for over, truth, said in told:
        if said is not None and said.least < said.most:
            assert said.least <= truth <= said.most, f"{over:.0%} into the run"


def test_what_a_resumed_run_began_with_took_no_time_now() -> None:
    clock = Clock()
    done: Done = {"instructions": 60, "instances": 40, "answers": 80}
    clock.tell(stages(done), 5.0)
    assert clock.left(stages(done), None) is None
    for _ in range(20):
        done["instances"] += 1
        clock.tell(stages(done), 1.0)
    said = clock.left(stages(done), "instances")
    assert said is not None and said.least <= 20 + 20 <= said.most


def test_a_run_that_falls_silent_is_said_to_take_longer() -> None:
    clock = Clock()
    done: Done = {"instructions": 0}
    clock.tell(stages(done), 0.0)
    for _ in range(60):
        done["instructions"] += 1
        clock.tell(stages(done), 1.0)
    before = clock.left(stages(done), "instructions")
    clock.tell(stages(done), 60.0)
    after = clock.left(stages(done), "instructions")
    assert before is not None and after is not None and after.most > before.most + 30


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (240, 240, "≈ 4 min left"),
        (240, 420, "4 to 7 min left"),
        (40, 150, "40 s to 2 min left"),
        (4200, 9000, "70 min to 2.5 h left"),
        (0, 3, "≈ 5 s left"),
    ],
)
def test_time_left_is_said_in_one_figure_or_as_a_range(least: float, most: float, words: str) -> None:
    assert time_left(least, most) == words
