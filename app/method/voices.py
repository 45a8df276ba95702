"""The voice of a model that gave several answers to a task: which of them votes, how many say so. Pure.

Beside the answer that its recipe asks for, a model may give samples at a higher temperature. Their votes
count as one, and how many samples agree says how sure the model is (self-consistency, arXiv 2203.11171).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from app.method.containment import says
from app.method.terms import Reason

ONE_VOICE: Final[Reason] = "one_voice"
"""Why an answer does not vote whose model votes by another one."""


class Given(Protocol):
    """An answer of a model: `attempt` is 0 for the one that its recipe asks for, and negative for samples."""

    @property
    def id(self) -> str:
        """The answer itself."""

    @property
    def role(self) -> str:
        """What its model does in the run."""

    @property
    def model(self) -> str:
        """Its model."""

    @property
    def attempt(self) -> int:
        """Which answer of its model it is."""

    @property
    def output(self) -> str:
        """Its text."""


class Speaker(NamedTuple):
    """Who gave an answer, and whether it is a sample."""

    name: str
    sampled: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """What a model says: `place` is that of the answer that votes for it, `first` that of its first answer.

    `equal` of its `of` samples say the same.
    """

    place: int
    first: int
    equal: int
    of: int

    def __str__(self) -> str:
        return f"{self.equal} of {self.of} samples"


def speakers(answers: Sequence[Given]) -> tuple[Speaker, ...]:
    """Return who gave each answer; nothing where there are no samples, so that each speaks for itself.

    An answer that a person asked for once more counts by itself.
    """
    if all(answer.attempt >= 0 for answer in answers):
        return ()
    return tuple(
        Speaker(answer.id if answer.attempt > 0 else f"{answer.role} {answer.model}", answer.attempt < 0)
        for answer in answers
    )


def units(by: Sequence[Speaker], count: int) -> list[tuple[int, ...]]:
    """Return the places of `count` answers, those of one speaker together, in order of their first."""
    together: dict[str, list[int]] = {}
    for place in range(count):
        together.setdefault(by[place].name if by else str(place), []).append(place)
    return list(map(tuple, together.values()))


def voices(
    by: Sequence[Speaker], texts: Sequence[str], barred: Sequence[str], *, containment: bool = False
) -> list[Voice]:
    """Return the voice of every speaker that gave samples and has an answer that may vote.

    It is the answer that the recipe asked for, unless more samples, two at least, agree on another one.
    `texts` are as the rule compares them, `barred` says why an answer may not vote. A sample that may not
    counts in `of`: it does not agree.
    """
    found = []
    for places in units(by, len(texts)):
        sampled = [place for place in places if by and by[place].sampled]
        may = {place: texts[place] for place in places if not barred[place]}
        if sampled and may:
            place, equal = _spoken(may, set(sampled), containment=containment)
            found.append(Voice(place, places[0], equal, len(sampled)))
    return found


def _spoken(may: Mapping[int, str], sampled: set[int], *, containment: bool) -> tuple[int, int]:
    """Return the place of what a model says, and how many of its samples say so."""
    filled = {place: text for place, text in may.items() if text}
    if not filled:
        return min(may), 0
    saying = {
        place: sum(says(filled[other], text, containment=containment) for other in sampled & filled.keys())
        for place, text in filled.items()
    }
    # Of as many samples the recipe's own answer decides, then the order of asking.
    best = max(filled, key=lambda place: (saying[place], place not in sampled, -place))
    own = [place for place in filled if place not in sampled]
    if own and saying[best] < 2:
        best = own[0]
    return best, saying[best]


class Heard(NamedTuple):
    """Who votes: the places of the answers that do, in order, and for each why it does not, "" where it does.

    `barred` is None where all do, whatever they are. `voices` are those of models that gave samples.
    """

    voting: list[int]
    barred: tuple[str, ...] | None
    voices: list[Voice]


def hear(
    by: Sequence[Speaker], texts: Sequence[str], barred: Sequence[str] | None, *, containment: bool = False
) -> Heard:
    """Let the answers vote that may, and of a model that gave samples one, in the place of its first answer.

    `barred` says why an answer may not vote, None that all do. Which one votes of a model's is open again.
    """
    if barred is None:
        return Heard(list(range(len(texts))), None, [])
    if not by and not any(barred):
        return Heard(list(range(len(texts))), tuple(barred), [])  # nearly always
    reasons = ["" if why == ONE_VOICE else why for why in barred]
    if not by:
        return Heard([place for place, why in enumerate(reasons) if not why], tuple(reasons), [])
    heard = voices(by, texts, reasons, containment=containment)
    spoken = {by[voice.place].name: voice.place for voice in heard}
    for place, speaker in enumerate(by):
        if not reasons[place] and spoken.get(speaker.name, place) != place:
            reasons[place] = ONE_VOICE
    stands = {voice.place: voice.first for voice in heard}
    voting = [place for place, why in enumerate(reasons) if not why]
    return Heard(sorted(voting, key=lambda place: stands.get(place, place)), tuple(reasons), heard)
