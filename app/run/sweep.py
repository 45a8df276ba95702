"""How much a threshold, the number of models and each single model decide: from stored scores."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
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

    def answer(self, members: Sequence[int]) -> str | None:
        """Return the answer that these candidates alone would keep, None where they drop the item."""
        candidates = [self.ballot.candidates[at] for at in members]
        outputs = [candidate.output for candidate in candidates]
        if not outputs:
            return None
        vote = self.vote
        if len(outputs) < len(self.ballot.candidates):
            known = part_of(vote, members)
            # A model that gave nothing to vote on was asked all the same, in an ensemble of any size.
            left_out = _models(self.ballot.candidates) - _models(candidates)
            asked = max(vote.asked - len(left_out), 0)
            models = [model_key(candidate.role, candidate.model) for candidate in candidates]
            key, kind, by = self.ballot.instance_id, self.ballot.kind, speakers(candidates)
            answers = Answers(outputs, known.barred or (), asked, key, by, kind, models)
            vote = vote_again(answers, known, self.choice)
        return outputs[vote.winner] if vote.keep and vote.winner is not None else None


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
        for case in map(_Case, ready, how, votes_on(ready, how)):
            note_choice(report.choices, own[case.ballot.run_id][0], case.vote)
            report.items += 1
            report.kept += case.vote.keep
            report.by_threshold.update(t for t in THRESHOLDS if survives(case.vote, t))
            if case.vote.decided_by == "samples":
                of = sum(speaker.sampled for speaker in case.ballot.by)
                report.by_samples[case.vote.equal, of] += 1
            shares[_shares(report, case)] += 1
    for size in range(max(map(len, shares), default=0)):
        report.by_size[size + 1] = math.fsum(
            count * share[min(size, len(share) - 1)] for share, count in shares.items()
        )
    return report


def _shares(report: SweepReport, case: _Case) -> tuple[float, ...]:
    """Return which share of the ensembles of 1, 2, … models keeps an item; note what leaving one out does.

    The samples of a model come and go with its own answer.
    """
    together = units(case.ballot.by, len(case.ballot.candidates))
    count = len(together)
    shares = []
    for size in range(count + 1):
        answers = {
            members: case.answer(sorted(chain.from_iterable(together[at] for at in members)))
            for members in ensembles(count, size)
        }
        shares.append(sum(answer is not None for answer in answers.values()) / len(answers))
        if size == count - 1:
            for members, answer in answers.items():
                [left_out] = set(range(count)) - set(members)
                _note_without(report, case, together[left_out], answer)
    return tuple(shares[1:])


def _note_without(report: SweepReport, case: _Case, left_out: Sequence[int], answer: str | None) -> None:
    candidates = case.ballot.candidates
    model = candidates[left_out[0]]
    noted = report.without.setdefault((model.role, model.name), Without())
    whole = case.answer(range(len(candidates)))
    noted.lost += whole is not None and answer is None
    noted.gained += whole is None and answer is not None
    noted.changed += whole is not None and answer is not None and content(whole) != content(answer)
