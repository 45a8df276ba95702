"""The chance control: what would be kept if each model's answers stood beside other tasks.

Answers are shuffled among items of the same run and kind, so that no two of an item are about the same task:
what the rule still keeps it keeps by chance, as answers to one kind of task resemble each other. It says how
much a threshold filters, and nothing about whether what is kept is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.method.consensus import Answers, RuleChoice, Vote, survives, vote_on
from app.method.terms import Kind
from app.run.voting import AS_IT_STANDS, Asked, answers_of, known, run_choices, stands, with_weights
from app.store import votes
from app.store.project import Connection
from app.store.votes import Ballot

SAMPLED = 1_000
"""Votes on shuffled answers: a share of them is right to about 1.5 percentage points."""
MOST_ROUNDS = 20
"""A small project is shuffled several times over."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The votes on shuffled answers: of `items` sampled of `of`, `rounds` times over."""

    items: int
    of: int
    rounds: int
    votes: tuple[Vote, ...]

    @property
    def kept(self) -> float:
        """The share that is kept as the votes are made, 0 to 1."""
        return sum(vote.keep for vote in self.votes) / len(self.votes)

    def kept_at(self, threshold: float) -> float:
        """Return the share that another threshold would keep, 0 to 1."""
        return sum(survives(vote, threshold) for vote in self.votes) / len(self.votes)

    def as_dict(self) -> dict[str, float]:
        """Give the figures as plain data for JSON."""
        return {"kept": self.kept, "items": self.items, "of": self.of, "rounds": self.rounds}

    def of_what(self) -> str:
        """Say what was shuffled, in a few words."""
        times = "" if self.rounds == 1 else f", {self.rounds} times over"
        sample = "" if self.items == self.of else f" in a sample of {self.items:,}"
        return f"each model's answers shuffled among items of the same kind{sample}{times}"


def chance(c: Connection, asked: Asked = AS_IT_STANDS, run_id: str | None = None) -> Chance | None:
    """Shuffle the answers of a run, or of the project, and vote on them; what is not asked for stands.

    None where there are too few items to shuffle, or one answer each. The same votes whenever it is asked.
    """
    drawn = votes.sample(c, SAMPLED, run_id)
    ready = [ballot for ballot in drawn if ballot.candidates and not ballot.waiting]
    own = run_choices(c, run_id) if any(ballot.vote is None for ballot in ready) else {}
    groups: dict[tuple[str, Kind], list[Ballot]] = defaultdict(list)
    for ballot in ready:
        groups[ballot.run_id, ballot.kind].append(ballot)
    able = [group for group in groups.values() if _can_be_shuffled(group)]
    items = sum(map(len, able))
    if not items:
        return None
    rounds = max(1, min(MOST_ROUNDS, SAMPLED // items))
    shuffled: dict[RuleChoice, list[Answers]] = defaultdict(list)
    for group in able:
        choices = with_weights(c, [asked.over(stands(ballot, own)) for ballot in group])
        answers = [answers_of(b, known(b), choice) for b, choice in zip(group, choices, strict=True)]
        for number in range(rounds):
            moved = _shuffled(group, answers, Random(number))
            for choice, mixed in zip(choices, moved, strict=True):
                shuffled[choice].append(mixed)
    made = [vote for choice, mixed in shuffled.items() for vote in vote_on(mixed, choice)]
    return Chance(items, votes.votable(c, run_id), rounds, tuple(made))


Part = tuple[str, str, int]
"""Role and model of an answer, and which of that model's it is: 0, 1, …, of its samples -1, -2, …"""


def _can_be_shuffled(group: Sequence[Ballot]) -> bool:
    """Whether every answer of an item can come from another item, and there are several to an item."""
    moving = _moving(group)
    most = max(len({moving[part] for part in _parts(ballot)}) for ballot in group)
    return most > 1 and len(group) >= most


def _parts(ballot: Ballot) -> list[Part]:
    """Return which answer of its model each candidate is."""
    seen: Counter[tuple[str, str]] = Counter()
    parts: list[Part] = []
    for candidate in ballot.candidates:
        model = candidate.role, candidate.model
        parts.append((*model, min(candidate.attempt, 0) or seen[model]))
        seen[model] += candidate.attempt >= 0
    return parts


def _moving(group: Sequence[Ballot]) -> dict[Part, Part]:
    """Map each part to the one that it moves with: samples move with the own answer of their model.

    Those of a model that answers alone move by themselves: they are what must agree there.
    """
    parts = dict.fromkeys(part for ballot in group for part in _parts(ballot))
    if len({(role, model) for role, model, _ in parts}) < 2:
        return {part: part for part in parts}
    return {part: (*part[:2], max(part[2], 0)) for part in parts}


def _shuffled(group: Sequence[Ballot], answers: Sequence[Answers], rng: Random) -> list[Answers]:
    """Return the answers of a group's items, each model's moved on by another number of items.

    So no two of an item come from one where every item has an answer of every model. Whether an answer may
    vote goes with it.
    """
    order = list(range(len(group)))
    rng.shuffle(order)
    of_part: dict[Part, list[tuple[int, int]]] = defaultdict(list)
    for item in order:
        for place, part in enumerate(_parts(group[item])):
            of_part[part].append((item, place))
    moving = _moving(group)
    shift = {unit: by for by, unit in enumerate(dict.fromkeys(moving[part] for part in of_part))}
    moved: list[list[tuple[str, str]]] = [[("", "")] * len(of_item.outputs) for of_item in answers]
    for part, places in of_part.items():
        for at, (item, place) in enumerate(places):
            source, its = places[(at + shift[moving[part]]) % len(places)]
            known_of = answers[source]
            moved[item][place] = known_of.outputs[its], known_of.barred[its] if known_of.barred else ""
    return [
        of_item._replace(outputs=[text for text, _ in mixed], barred=[why for _, why in mixed])
        for of_item, mixed in zip(answers, moved, strict=True)
    ]
