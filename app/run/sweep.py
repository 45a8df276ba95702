"""How much a threshold, the number of models and each single model decide: from stored scores."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from app.method.consensus import (
    THRESHOLDS,
    Answers,
    RuleChoice,
    Vote,
    ensembles,
    part_of,
    survives,
    vote_again,
)
from app.method.equality import content
from app.method.learned import model_key
from app.method.terms import Role
from app.method.voices import speakers, units
from app.run.chance import Chance, chance
from app.run.voting import (
    AS_IT_STANDS,
    Asked,
    known,
    note_choice,
    run_choices,
    stands,
    votes_on,
    with_weights,
)
from app.store import votes
from app.store.project import Connection
from app.store.votes import Ballot, VotingCandidate

_TOGETHER = 200
"""Items whose ensembles vote together: six models have 64 each."""


@dataclass(slots=True)
class Without:
    """What leaving one model out changes: of the items kept with it, how many are dropped (`lost`) or get
    another answer (`changed`); `gained` are kept only without it."""

    lost: int = 0
    gained: int = 0
    changed: int = 0


@dataclass(slots=True)
class SweepReport:
    """How many of `items` survive: by threshold, by number of models left in, and without each model.

    `choices` counts by what the items of each run were voted on, as in `VoteReport`. `by_size` is
    the mean over the ways to choose that many of an item's models; an item that has fewer
    counts with all it has. `without` is by a model's role and name (foreign). `by_chance` is what would be
    kept of shuffled answers, None where they cannot be. `by_samples` counts the items that one model alone
    answered by how many of how many samples say the same. Of `unscored` items not all
    scores are stored.
    """

    choices: dict[int, Counter[RuleChoice]] = field(default_factory=dict)
    items: int = 0
    kept: int = 0
    unscored: int = 0
    by_threshold: Counter[float] = field(default_factory=Counter)
    by_size: dict[int, float] = field(default_factory=dict)
    without: dict[tuple[Role, str], Without] = field(default_factory=dict)
    by_chance: Chance | None = None
    by_samples: Counter[tuple[int, int]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Case:
    """An item with the vote of all its models."""

    ballot: Ballot
    choice: RuleChoice
    vote: Vote

    def part(self, members: Sequence[int]) -> tuple[Answers, Vote]:
        """Return what these candidates alone are voted on by."""
        candidates = [self.ballot.candidates[at] for at in members]
        known = part_of(self.vote, members)
        # A model that gave nothing to vote on was asked all the same, in an ensemble of any size.
        left_out = _models(self.ballot.candidates) - _models(candidates)
        asked = max(self.vote.asked - len(left_out), 0)
        models = [model_key(candidate.role, candidate.model) for candidate in candidates]
        outputs = [candidate.output for candidate in candidates]
        key, kind, by = self.ballot.instance_id, self.ballot.kind, speakers(candidates)
        return Answers(outputs, known.barred or (), asked, key, by, kind, models), known

    def kept(self, members: Sequence[int], vote: Vote) -> str | None:
        """Return the answer that a vote on these candidates keeps, None where it drops the item."""
        if not vote.keep or vote.winner is None:
            return None
        return self.ballot.candidates[members[vote.winner]].output


def _models(candidates: Sequence[VotingCandidate]) -> set[tuple[Role, str]]:
    return {(candidate.role, candidate.model) for candidate in candidates}


def sweep(c: Connection, asked: Asked = AS_IT_STANDS, run_id: str | None = None) -> SweepReport:
    """Try thresholds and ensembles on every item of a run, or of the project, that can be voted on.

    What is not asked for is as it stands.
    """
    own = run_choices(c, run_id)
    report = SweepReport(by_chance=chance(c, asked, run_id))
    shares: Counter[tuple[float, ...]] = Counter()
    for chunk in votes.in_chunks(c, run_id):
        ready = [ballot for ballot in chunk if ballot.candidates and not ballot.waiting]
        how = with_weights(c, [asked.over(stands(ballot, own)) for ballot in ready])
        report.unscored += sum(known(ballot) is None for ballot in ready)
        cases = list(map(_Case, ready, how, votes_on(ready, how)))
        for at in range(0, len(cases), _TOGETHER):
            part = cases[at : at + _TOGETHER]
            for case, answers in zip(part, _answers(part), strict=True):
                _note(report, case, own[case.ballot.run_id][0])
                shares[_shares(report, case, answers)] += 1
    for size in range(max(map(len, shares), default=0)):
        report.by_size[size + 1] = math.fsum(
            count * share[min(size, len(share) - 1)] for share, count in shares.items()
        )
    return report


def _note(report: SweepReport, case: _Case, run: int) -> None:
    note_choice(report.choices, run, case.vote)
    report.items += 1
    report.kept += case.vote.keep
    report.by_threshold.update(t for t in THRESHOLDS if survives(case.vote, t))
    if case.vote.decided_by == "samples":
        of = sum(speaker.sampled for speaker in case.ballot.by)
        report.by_samples[case.vote.equal, of] += 1


_Ensembles = Mapping[tuple[int, ...], str | None]
"""The answer that each ensemble keeps, by the places of its models among those of the item."""


def _answers(cases: Sequence[_Case]) -> list[_Ensembles]:
    """Let every ensemble of each item vote, those of all items together."""
    kept: list[dict[tuple[int, ...], str | None]] = [{} for _ in cases]
    parts: dict[RuleChoice, list[tuple[int, tuple[int, ...], list[int]]]] = defaultdict(list)
    for place, case in enumerate(cases):
        together = units(case.ballot.by, len(case.ballot.candidates))
        sizes = range(len(together) + 1)
        for members in chain.from_iterable(ensembles(len(together), size) for size in sizes):
            answers = sorted(chain.from_iterable(together[at] for at in members))
            if len(answers) == len(case.ballot.candidates):
                kept[place][members] = case.kept(answers, case.vote)
            elif answers:
                parts[case.choice].append((place, members, answers))
            else:
                kept[place][members] = None
    for choice, wanted in parts.items():
        found = vote_again([cases[place].part(answers) for place, _, answers in wanted], choice)
        for (place, members, answers), vote in zip(wanted, found, strict=True):
            kept[place][members] = cases[place].kept(answers, vote)
    return list(kept)


def _shares(report: SweepReport, case: _Case, answers: _Ensembles) -> tuple[float, ...]:
    """Return which share of the ensembles of 1, 2, … models keeps an item; note what leaving one out does.

    The samples of a model come and go with its own answer.
    """
    together = units(case.ballot.by, len(case.ballot.candidates))
    count = len(together)
    whole = answers[tuple(range(count))]
    shares = []
    for size in range(1, count + 1):
        of_size = [answers[members] for members in ensembles(count, size)]
        shares.append(sum(answer is not None for answer in of_size) / len(of_size))
    for members in ensembles(count, count - 1):
        [left_out] = set(range(count)) - set(members)
        _note_without(report, case, together[left_out], whole, answers[members])
    return tuple(shares)


def _note_without(
    report: SweepReport, case: _Case, left_out: Sequence[int], whole: str | None, answer: str | None
) -> None:
    model = case.ballot.candidates[left_out[0]]
    noted = report.without.setdefault((model.role, model.name), Without())
    noted.lost += whole is not None and answer is None
    noted.gained += whole is None and answer is not None
    noted.changed += whole is not None and answer is not None and content(whole) != content(answer)
