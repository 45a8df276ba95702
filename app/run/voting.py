"""Stage 5: a rule chooses among the candidates of every instance that has them all.

Voting again applies another rule or threshold to the stored scores, or counts candidates added since.
Votes are never changed, a new one takes the place of the old; decisions stay as they are.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from app.method.consensus import Matrix, Vote, part_of, vote, vote_again, vote_all
from app.method.recipe import Recipe
from app.method.recipe_parts import Rule, Tokeniser
from app.run.context import RunContext
from app.run.written import FAILED, SET_ASIDE
from app.store import generated, review, runs, votes
from app.store.project import Connection
from app.store.rows import CandidateRow, RunRow
from app.store.votes import Ballot


async def vote_missing(ctx: RunContext) -> None:
    """Vote on every instance of the run that all answerers have answered and that has no vote yet.

    Candidates that are dropped, as the model failed, never left its thinking or refused, do not take part;
    an instance that has no others is set aside as they were.
    """
    for instance, candidates in await ctx.project.fetch(lambda c: _waiting(c, ctx.run.id)):
        taking_part = [candidate for candidate in candidates if not candidate.reason]
        if taking_part:
            row = await asyncio.to_thread(vote_row, taking_part, ctx.recipe)
            await ctx.project.write(partial(votes.save_vote, instance_id=instance, vote=row))
        else:
            status, reason = _why_aside([candidate.reason for candidate in candidates])
            await ctx.project.write(
                partial(generated.set_instance_status, instance_id=instance, status=status, reason=reason)
            )
        ctx.stored()


def _why_aside(reasons: Sequence[str]) -> tuple[str, str]:
    """Return the status and reason of an instance none of whose candidates takes part, by theirs."""
    if drops := [reason for reason in reasons if reason not in SET_ASIDE]:
        return "dropped", drops[0]
    return "quarantined", next((reason for reason in SET_ASIDE if reason in reasons), FAILED)


def _waiting(c: Connection, run_id: str) -> list[tuple[str, list[CandidateRow]]]:
    return [
        (instance.id, generated.candidates_of(c, instance.id))
        for instance in generated.instances_without_vote(c, run_id)
    ]


def vote_row(candidates: Sequence[CandidateRow], recipe: Recipe) -> Vote:
    """Apply the recipe's rule to candidates in their order."""
    consensus = recipe.consensus
    outputs = [candidate.output for candidate in candidates]
    result = vote(outputs, consensus.rule, consensus.threshold, recipe.tokeniser)
    return replace(result, candidates=tuple(candidate.id for candidate in candidates))


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """By what an instance is voted on."""

    rule: Rule = "released"
    threshold: float = 0.01
    tokeniser: Tokeniser = "rouge-score"


IMPORTS = RuleChoice()
"""For candidates from elsewhere, which have no recipe: the rule of the reference code.

An import whose letters need another tokeniser has it in the place of the recipe: {"tokeniser": …}.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a vote: whether to keep, the winner's model and text (foreign, or empty), the reason."""

    keep: bool
    winner: str
    output: str
    reason: str


@dataclass(frozen=True, slots=True)
class Flip:
    """An item that the vote now keeps and did not before, or the reverse, or whose answer is another text."""

    number: int
    before: Outcome
    after: Outcome


@dataclass(slots=True)
class VoteReport:
    """The results of a vote over many items, and what it changed.

    `decided_by` and `winners` count kept items, `reasons` dropped ones; `before` are the items that had a
    vote, by whether it kept them. `waiting` items lack an answer, `differing` are decided against the
    vote, `newly_differing` those of them that were not so before.
    """

    choices: dict[int, RuleChoice] = field(default_factory=dict)
    kept: int = 0
    dropped: int = 0
    waiting: int = 0
    decided_by: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    winners: Counter[str] = field(default_factory=Counter)
    before: Counter[bool] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)
    newly_differing: list[int] = field(default_factory=list)

    def note(self, ballot: Ballot, row: Vote) -> None:
        """Count the vote on one item."""
        after = outcome(ballot, row)
        if row.keep:
            self.kept += 1
            self.decided_by[row.decided_by] += 1
            self.winners[after.winner] += 1
        else:
            self.dropped += 1
            self.reasons[row.reason] += 1
        if ballot.vote is None:
            return
        self.before[ballot.vote.keep] += 1
        before = outcome(ballot, ballot.vote)
        if (before.keep, before.keep and before.output) != (after.keep, after.keep and after.output):
            self.flips.append(Flip(ballot.number, before, after))


def revote(
    c: Connection, rule: Rule | None = None, threshold: float | None = None, run_id: str | None = None
) -> VoteReport:
    """Vote on every item of a run, or of the project, that has all its answers.

    What is None is the recipe's; for imported candidates `IMPORTS`. Scores that are stored are not
    computed again, and a vote with the same result as the last one is not stored again.
    """
    report = VoteReport()
    differed = set(review.differing(c, run_id))
    by_run = choices(c, rule, threshold, run_id)
    report.choices = {run.number: choice for run, choice in by_run.items()}
    chosen = {run.id: choice for run, choice in by_run.items()}
    for chunk in votes.in_chunks(c, run_id):
        ready = [ballot for ballot in chunk if ballot.candidates and not ballot.waiting]
        report.waiting += len(chunk) - len(ready)
        for ballot, row in _vote(c, ready, lambda ballot: chosen[ballot.run_id]):
            report.note(ballot, row)
    report.differing = review.differing(c, run_id)
    report.newly_differing = [number for number in report.differing if number not in differed]
    return report


def renew_votes(c: Connection, run_id: str | None = None) -> int:
    """Vote where the vote that stands is about other candidates than take part now; return how many.

    By the rule and threshold of that vote.
    """
    return _vote_where(c, run_id, lambda ballot: ballot.vote is not None)


def vote_where_missing(c: Connection, run_id: str | None = None) -> int:
    """Do the same, and vote by the recipe's rule where no vote stands and no answer is missing."""
    return _vote_where(c, run_id, lambda ballot: not ballot.waiting)


def _vote_where(c: Connection, run_id: str | None, wanted: Callable[[Ballot], bool]) -> int:
    own = {run.id: choice for run, choice in choices(c, run_id=run_id).items()}

    def choice(ballot: Ballot) -> RuleChoice:
        given = own[ballot.run_id]
        stood = ballot.vote
        if stood is None:
            return given
        return RuleChoice(stood.rule, stood.threshold, given.tokeniser)

    count = 0
    for chunk in votes.in_chunks(c, run_id):
        missing = [
            ballot for ballot in chunk if ballot.candidates and not ballot.up_to_date and wanted(ballot)
        ]
        count += sum(1 for _ in _vote(c, missing, choice))
    return count


def revote_undecided(c: Connection, threshold: float) -> int:
    """Vote on every item that nobody has decided by another threshold and its own rule; return how many."""
    decided = review.decided_ids(c)
    own = {run.id: choice for run, choice in choices(c).items()}

    def choice(ballot: Ballot) -> RuleChoice:
        assert ballot.vote is not None
        return RuleChoice(ballot.vote.rule, threshold, own[ballot.run_id].tokeniser)

    count = 0
    for chunk in votes.in_chunks(c):
        asked = [
            ballot
            for ballot in chunk
            if ballot.vote and ballot.candidates and ballot.instance_id not in decided
        ]
        count += sum(1 for _ in _vote(c, asked, choice))
    return count


def choices(
    c: Connection, rule: Rule | None = None, threshold: float | None = None, run_id: str | None = None
) -> dict[RunRow, RuleChoice]:
    """Return by what each run is voted on: the given rule and threshold, else its recipe's."""
    by_run = {}
    for run in runs.all_runs(c):
        if run_id in (None, run.id):
            own = _own_choice(run)
            by_run[run] = RuleChoice(
                rule or own.rule, own.threshold if threshold is None else threshold, own.tokeniser
            )
    return by_run


def _own_choice(run: RunRow) -> RuleChoice:
    """Return the rule, threshold and tokeniser of a run's recipe."""
    if run.state == runs.IMPORTED:
        own = json.loads(run.recipe_json)
        return replace(IMPORTS, tokeniser=own.get("tokeniser", IMPORTS.tokeniser))
    recipe = Recipe.from_json(run.recipe_json)
    return RuleChoice(recipe.consensus.rule, recipe.consensus.threshold, recipe.tokeniser)


def outcome(ballot: Ballot, row: Vote) -> Outcome:
    """Return the result of a vote on this ballot's item."""
    winner = next((candidate for candidate in ballot.candidates if candidate.id == row.winner_id), None)
    if winner is None:
        return Outcome(row.keep, "", "", row.reason)
    return Outcome(row.keep, winner.name, winner.output, row.reason)


def scores(ballot: Ballot) -> Matrix | None:
    """Return the stored pair scores of a ballot's candidates, None where one of them is missing."""
    if ballot.vote is None:
        return None
    if ballot.up_to_date:
        return ballot.vote.matrix
    places = {key: place for place, key in enumerate(ballot.vote.candidates)}
    if any(key not in places for key in ballot.ids):
        return None
    return part_of(ballot.vote.matrix, [places[key] for key in ballot.ids])


def _vote(
    c: Connection, asked: Sequence[Ballot], choice: Callable[[Ballot], RuleChoice]
) -> Iterator[tuple[Ballot, Vote]]:
    """Vote on these ballots, store what is new, and yield each with its vote."""
    results = votes_on(asked, [choice(ballot) for ballot in asked])
    pairs = list(zip(asked, results, strict=True))
    votes.save_votes(c, [(ballot.instance_id, new) for ballot, new in pairs if new != ballot.vote])
    return iter(pairs)


def votes_on(asked: Sequence[Ballot], choices: Sequence[RuleChoice]) -> list[Vote]:
    """Vote on ballots, each by its choice, from stored scores where there are any."""
    results: dict[int, Vote] = {}
    unscored: dict[RuleChoice, list[int]] = {}
    for at, (ballot, choice) in enumerate(zip(asked, choices, strict=True)):
        matrix = scores(ballot)
        if matrix is None:
            unscored.setdefault(choice, []).append(at)
        else:
            outputs = [candidate.output for candidate in ballot.candidates]
            results[at] = vote_again(outputs, matrix, choice.rule, choice.threshold)
    for choice, places in unscored.items():
        outputs_of = [[candidate.output for candidate in asked[at].candidates] for at in places]
        made = vote_all(outputs_of, choice.rule, choice.threshold, choice.tokeniser)
        results.update(zip(places, made, strict=True))
    return [replace(results[at], candidates=ballot.ids) for at, ballot in enumerate(asked)]
