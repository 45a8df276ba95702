"""How long a run still takes: the seconds that a step of each stage took here, times what is left of it.

Pure: whoever reads a stage's counts tells them with the time that models worked, so loading, reading files,
measuring, auditions and pauses are left out by not being told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

from app.method.terms import StageName
from app.run.progress import StageProgress, TimeLeft, reaches

ASKED: tuple[StageName, ...] = tuple(name for name in get_args(StageName) if name != "votes")
"""The stages in which models are asked; votes are computed, in next to no time."""
LEAST = 4
"""Steps that must have been seen before anything is said."""
MEMORY = 100
"""Steps that a pace is remembered for: a writer that begins to repeat itself becomes slower."""
CERTAIN = 0.2
"""The uncertainty from which on one figure is said instead of a range."""
GUESSED = 0.6
"""The uncertainty of a stage that has not begun, taken to be as fast as those that have."""
MOST = 0.8


@dataclass(slots=True)
class _Pace:
    """The seconds that steps of a stage took, and how many; both fade, `seen` does not."""

    seconds: float = 0.0
    steps: float = 0.0
    seen: int = 0

    def add(self, seconds: float, steps: int) -> None:
        fades = math.exp(-steps / MEMORY)
        self.seconds = self.seconds * fades + seconds
        self.steps = self.steps * fades + steps
        self.seen += steps

    @property
    def each(self) -> float:
        return self.seconds / self.steps


@dataclass(slots=True)
class Clock:
    """Measures the stages of a run while it works, and estimates how long the rest takes."""

    _paces: dict[StageName, _Pace] = field(default_factory=dict)
    _done: dict[StageName, int] = field(default_factory=dict)
    _waited: float = 0.0
    """Seconds of work since a stage last made a step."""
    _usual_wait: float = 0.0
    """How long that is at most as a rule: requests made together end together."""

    def tell(self, stages: Sequence[StageProgress], seconds: float) -> None:
        """Note what is done after `seconds` more of work; what was done at the first call took no time."""
        done = {stage.name: stage.done for stage in stages if stage.name in ASKED}
        steps = {name: done[name] - self._done[name] for name in done if name in self._done}
        self._done = done
        self._waited += seconds
        made = {name: number for name, number in steps.items() if number > 0}
        if not made:
            return
        # Stages that made steps in the same moment share its time as they took it before.
        usual = self._usual()
        shares = {name: number * self._each(name, usual) for name, number in made.items()}
        for name, number in made.items():
            self._paces.setdefault(name, _Pace()).add(
                self._waited * shares[name] / sum(shares.values()), number
            )
        self._usual_wait = max(self._waited, 0.9 * self._usual_wait)
        self._waited = 0.0

    def left(self, stages: Sequence[StageProgress], until: StageName | None) -> TimeLeft | None:
        """Return how long the rest of a run takes that stops after `until`; None before that can be said.

        The stages not begun are taken to be as fast a step as the others, and make it a range.
        """
        if sum(pace.seen for pace in self._paces.values()) < LEAST:
            return None
        usual = self._usual()
        open_steps = {
            stage.name: max(0, (stage.target or 0) - stage.done)
            for stage in stages
            if stage.name in ASKED and reaches(until, stage.name)
        }
        seconds = {name: steps * self._each(name, usual) for name, steps in open_steps.items()}
        whole = sum(seconds.values())
        if not whole:
            return TimeLeft(0.0, 0.0)
        unsure = sum(value * self._unsure(name) for name, value in seconds.items()) / whole
        # What is under way is partly done; where it is overdue, the rest may be slow as well.
        overdue = max(0.0, self._waited - self._usual_wait)
        whole = max(0.0, whole - min(self._waited, self._usual_wait)) + overdue
        if unsure <= CERTAIN:
            return TimeLeft(whole, whole)
        return TimeLeft(whole * (1 - min(unsure, MOST)), whole * (1 + unsure))

    def _usual(self) -> float:
        """Return the seconds of a step in the stages that were measured; 1 before any was."""
        steps = sum(pace.steps for pace in self._paces.values())
        return sum(pace.seconds for pace in self._paces.values()) / steps if steps else 1.0

    def _each(self, name: StageName, usual: float) -> float:
        pace = self._paces.get(name)
        return pace.each if pace is not None and pace.seconds > 0 else usual

    def _unsure(self, name: StageName) -> float:
        """Return how far off the pace of a stage may be, as a share of it: less with every step seen."""
        pace = self._paces.get(name)
        return 1 / math.sqrt(pace.seen) if pace is not None else GUESSED
