"""Parts of the sentences that families read and rewrite: actions, places and times."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass

from .data import read
from .facts import DAYS, MEN, MONTHS, PEOPLE, SEASONS, WOMEN

_PARTS = read("sentence_parts")


@dataclass(frozen=True)
class Action:
    """A verb in three forms and the words that follow it."""

    base: str
    present: str
    past: str
    rest: str

    def slots(self) -> dict[str, str]:
        """Return what a sentence may say of the action: `<base>`, `<present>`, `<past>` and `<rest>`."""
        return asdict(self)


ACTIONS: tuple[Action, ...] = tuple(Action(*row) for row in _PARTS["actions"])
ANYWHERE: tuple[Action, ...] = tuple(action for action in ACTIONS if action.rest in _PARTS["done_anywhere"])

PLACES: tuple[str, ...] = tuple(_PARTS["places"])
TIMES: tuple[str, ...] = (
    *(f"on {day}" for day in DAYS),
    *(f"in {month}" for month in MONTHS),
    *(f"in {season}" for season in SEASONS),
    *(f"at {hour} o'clock" for hour in range(1, 13)),
    *_PARTS["times"],
)
EVENTS: tuple[str, ...] = tuple(_PARTS["events"])
EVENT_PLACES: tuple[str, ...] = tuple(_PARTS["event_places"])
STATES: tuple[str, ...] = tuple(_PARTS["states"])
SKILLS: tuple[str, ...] = tuple(_PARTS["skills"])
HAPPENINGS: tuple[str, ...] = tuple(_PARTS["happenings"])
ABOUT_A_PERSON: tuple[str, ...] = tuple(_PARTS["about_a_person"])


def subject_of(person: str) -> str:
    """Return the pronoun that stands for the person as the subject."""
    if person in WOMEN:
        return "she"
    if person in MEN:
        return "he"
    raise ValueError(f"nobody of this world is called {person!r}")


def person(rng: random.Random) -> str:
    """Draw one first name."""
    return rng.choice(PEOPLE)
