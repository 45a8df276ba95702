"""Run a state machine until enough of its runs were long: hypothesis ends some of them early."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

LONG = 30
"""Steps that make a run a long one."""
ROUNDS = 10
"""A machine that cannot get that far must not be run for ever."""


class CountedMachine(RuleBasedStateMachine):
    """A state machine that notes in `lengths` how many steps each of its runs had."""

    lengths: list[int]


def make_long_runs(machine: type[CountedMachine], runs: int, **more: Any) -> None:
    """Make at least that many long runs, each of its own kind; what fails in one is raised."""
    machine.lengths = []
    for number in range(ROUNDS):
        missing = runs - sum(length >= LONG for length in machine.lengths)
        if missing <= 0:
            return
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=missing + 1,
                stateful_step_count=LONG + 2,
                deadline=None,
                # Where hypothesis makes the same runs every time, a second round would repeat the first.
                derandomize=settings.default.derandomize and not number,
                suppress_health_check=list(HealthCheck),
                **more,
            ),
        )
    raise AssertionError(f"after {ROUNDS} rounds too few runs had {LONG} steps: {machine.lengths}")
