"""Votes on many items at once: all of them, those that have none, those that nobody has decided.

The rows of some hundred items are one part: what their votes are needs nothing but them, and is found out in
processes of their own where there are many parts.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from app.method.consensus import RuleChoice, Vote, latest_version
from app.method.equality import Difference
from app.method.recipe_parts import Rule
from app.method.voices import ONE_VOICE
from app.run.voting import (
    AS_IT_STANDS,
    Asked,
    Outcome,
    RunChoices,
    note_choice,
    outcome,
    recipe_choices,
    run_choices,
    stands,
    votes_on,
    weighted,
)
from app.spread import spread
from app.store import fits, review, runs, votes
from app.store.connection import connect_beside, roomy
from app.store.counted import Cell
from app.store.project import Connection
from app.store.review_state import ReviewStatus
from app.store.votes import Ballot, FirstVote, NewVote

_PAGES = 160
"""MiB of the project's pages that are kept during a vote."""
_PAGES_BESIDE = 60
"""The same in a process that votes: it reads items in order, and stores nothing."""


@dataclass(frozen=True, slots=True)
class Flip:
    """An item that the vote now keeps and did not before, or the reverse, or whose answer is another text."""

    number: int
    before: Outcome
    after: Outcome


@dataclass(slots=True)
class VoteReport:
    """The results of a vote over many items, and what it changed.

    `choices` counts for each run's number by what was voted, without the tokeniser. `decided_by` and
    `winners` count kept items, `reasons` dropped ones; `differences` counts how answers differ that the
    rule takes as the same; `barred` counts answers that did not vote, by why; `before` are the items that
    had a vote, by whether it kept them. `waiting` items
    lack an answer, `differing` are decided against the vote, `newly_differing` those of them that were
    not so before. `earlier` counts by their rule the votes under an earlier version of it than is meant.
    """

    choices: dict[int, Counter[RuleChoice]] = field(default_factory=dict)
    kept: int = 0
    dropped: int = 0
    waiting: int = 0
    decided_by: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    winners: Counter[str] = field(default_factory=Counter)
    differences: Counter[Difference] = field(default_factory=Counter)
    barred: Counter[str] = field(default_factory=Counter)
    before: Counter[bool] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)
    newly_differing: list[int] = field(default_factory=list)
    earlier: Counter[Rule] = field(default_factory=Counter)

    @property
    def voted(self) -> int:
        """How many items were voted on."""
        return self.kept + self.dropped

    def add(self, other: VoteReport) -> None:
        """Add what a report on other items says; which decided items differ is found out at the end."""
        for run, counts in other.choices.items():
            self.choices.setdefault(run, Counter()).update(counts)
        self.kept += other.kept
        self.dropped += other.dropped
        self.waiting += other.waiting
        self.decided_by.update(other.decided_by)
        self.reasons.update(other.reasons)
        self.winners.update(other.winners)
        self.differences.update(other.differences)
        self.barred.update(other.barred)
        self.before.update(other.before)
        self.flips += other.flips
        self.earlier.update(other.earlier)

    def note(self, ballot: Ballot, row: Vote, run: int, *, all_vote: bool) -> None:
        """Count the vote on one item of a run, whose recipe may say that every answer votes."""
        if row.rule_version < latest_version(row.rule, all_vote=all_vote or row.all_by_choice):
            self.earlier[row.rule] += 1
        note_choice(self.choices, run, row)
        self.differences[row.difference] += 1
        if any(row.barred or ()):
            self.barred.update(why for why in row.barred or () if why not in ("", ONE_VOICE))
        if row.keep:
            self.kept += 1
            self.decided_by[row.decided_by] += 1
            self.winners[outcome(ballot, row).winner] += 1
        else:
            self.dropped += 1
            self.reasons[row.reason] += 1
        if ballot.vote is None:
            return
        self.before[ballot.vote.keep] += 1
        if row.keep == ballot.vote.keep and (not row.keep or row.winner_id == ballot.vote.winner_id):
            return  # nearly always
        before, after = outcome(ballot, ballot.vote), outcome(ballot, row)
        if (before.keep, before.keep and before.output) != (after.keep, after.keep and after.output):
            self.flips.append(Flip(ballot.number, before, after))


Which = Literal["answered", "voted", "outdated"]
"""Items that have all their answers; that have a vote; and of either those whose vote is not about these."""


@dataclass(frozen=True, slots=True)
class _Job:
    """On which items to vote, and how: what a process has to know beside their rows."""

    which: frozenset[Which]
    asked: Asked
    own: RunChoices
    fitted: fits.StoredFits
    all_vote: frozenset[int] = frozenset()
    tells: bool = False
    """Whether somebody reads which items change."""
    without: frozenset[str] = frozenset()
    """Items that are left out."""

    @property
    def wanted(self) -> bool:
        """Whether a person asked for just this; where all vote, the vote says so from now on."""
        return self.asked.voters == "all"

    def is_about(self, ballot: Ballot) -> bool:
        """Say whether to vote on an item."""
        return bool(ballot.candidates) and not (
            ("answered" in self.which and ballot.waiting)
            or ("voted" in self.which and ballot.vote is None)
            or ("outdated" in self.which and ballot.up_to_date)
        )


class _Part(NamedTuple):
    """The votes on some items: what is told of them, those that are new, and what these do to the counts,
    None where only the stored rows tell."""

    report: VoteReport
    new: list[NewVote]
    changes: Counter[Cell] | None


@dataclass(slots=True)
class _Changes:
    """What new votes do to the counts of a project; not `known` where one takes the place of a vote on
    answers that no longer take part."""

    before: list[Cell] = field(default_factory=list)
    after: list[Cell] = field(default_factory=list)
    known: bool = True

    def note(self, ballot: Ballot, row: Vote) -> None:
        """Add the vote on an item, in the place of the one that stands."""
        before = () if ballot.vote is None else votes.cells(ballot, ballot.vote)
        after = votes.cells(ballot, row)
        if before is None or after is None:
            self.known = False
        elif before is not after:
            self.before += before
            self.after += after

    def sum(self) -> Counter[Cell]:
        """Return what all of them do to each count."""
        changes = Counter(self.after)
        changes.subtract(Counter(self.before))
        return changes


def _voted(job: _Job, rows: votes.Rows) -> _Part:
    """Vote on the items of these rows, each by its choice."""
    report, new = VoteReport(), []
    counts = _Changes()
    with uncollected():
        ballots = votes.ballots(rows.without(job.without))
        report.waiting = sum(not ballot.candidates or ballot.waiting for ballot in ballots)
        ready = [ballot for ballot in ballots if job.is_about(ballot)]
        standing = [stands(ballot, job.own) for ballot in ready]
        wanted = {choice: job.asked.over(choice) for choice in dict.fromkeys(standing)}
        complete = weighted(list(wanted.values()), partial(fits.among, job.fitted))
        by = dict(zip(wanted, complete, strict=True))
        for ballot, vote in zip(ready, votes_on(ready, [by[choice] for choice in standing]), strict=True):
            row = _by_choice(ballot, vote, wanted=job.wanted)
            run = job.own[ballot.run_id][0]
            report.note(ballot, row, run, all_vote=run in job.all_vote)
            if row != ballot.vote:
                new.append(votes.next_vote(ballot, row))
                counts.note(ballot, row)
    if not job.tells:
        report.flips.clear()  # of a million items they are long
    return _Part(report, new, counts.sum() if counts.known else None)


class _Reading:
    """Votes on the items of these numbers, and reads their rows: in a process beside this one from the
    project's file, as that has been committed."""

    def __init__(self, job: _Job, c: Connection) -> None:
        self._job, self._c = job, c

    def __call__(self, numbers: Sequence[int]) -> _Part:
        return _voted(self._job, votes.rows_of(self._c, numbers))

    def __reduce__(self) -> tuple[Any, ...]:
        return _reading, (self._job, self._c.file)


def _reading(job: _Job, path: Path) -> _Reading:
    """Make it in a process that has no connection; it keeps its own until it ends."""
    return _Reading(job, connect_beside(path, _PAGES_BESIDE))


class _FirstPart(NamedTuple):
    """The votes on some items that had none, and what they do to the counts."""

    new: list[FirstVote]
    changes: Counter[Cell]


def _first_voted(job: _Job, rows: votes.Rows) -> _FirstPart:
    """Do the same with items that nobody has voted on or decided, and say what else is stored of each."""
    counts, new = _Changes(), []
    with uncollected():
        ballots = votes.ballots(rows)
        choices = [job.own[ballot.run_id][1] for ballot in ballots]
        for ballot, row in zip(ballots, votes_on(ballots, choices), strict=True):
            new.append(votes.first_vote(ballot, row, job.own[ballot.run_id][0]))
            counts.note(ballot, row)
    return _FirstPart(new, counts.sum())


def vote_as_stored(c: Connection, rows: Iterable[votes.Rows]) -> int:
    """Vote on the items of imports by what their recipe says, while they are being stored; return how many.

    Each part of `rows` is what its items' ballots are made of, which nobody has voted on or decided. Taking
    one stores its items, which must all be of one run.
    """
    coming, count = iter(rows), 0
    first = next(coming, None)
    if first is None:
        return 0
    [(_, _, run, *_), *_] = first.instances
    job = _Job(frozenset(), AS_IT_STANDS, recipe_choices(c, run), {})
    with uncollected(), closing(spread(partial(_first_voted, job), chain([first], coming))) as voted:
        for part in voted:
            votes.save_first_votes(c, part.new, part.changes)
            count += len(part.new)
    return count


def _vote(
    c: Connection,
    job: _Job,
    run_id: str | None = None,
    *,
    store: bool = True,
    told: Callable[[int], object] = lambda _voted: None,
) -> VoteReport:
    """Vote on the items of a run, or of the project, that the job is about, and store what is new.

    `told` gets how many were voted on, now and then; what it raises ends it.
    """
    report = VoteReport()
    numbers = votes.numbers_in_chunks(c, run_id)
    if c.as_committed:
        coming = spread(_Reading(job, c), numbers)
    else:
        coming = spread(partial(_voted, job), (votes.rows_of(c, part) for part in numbers))
    with roomy(c, _PAGES), uncollected(), closing(coming) as voted:
        for part in voted:
            told(report.voted)
            report.add(part.report)
            if store and part.new:
                votes.save_votes(c, part.new, part.changes)
    return report


def revote(
    c: Connection,
    asked: Asked = AS_IT_STANDS,
    run_id: str | None = None,
    *,
    store: bool = True,
    told: Callable[[int], object] = lambda _voted: None,
) -> VoteReport:
    """Vote on every item of a run, or of the project, that has all its answers.

    What is not asked for stays: of an item that has a vote what that was made by, of others what most votes
    of their run were made by, else the recipe's; for imported candidates `IMPORTS`. Scores that are stored
    are not computed again, and a vote with the same result as the last one is not stored again. Nothing is
    stored without `store`; only reading is needed then. `told` gets how many were voted on, now and then.
    """
    differed = set(review.differing(c, run_id))
    own, all_vote = run_choices(c, run_id), frozenset(runs.where_all_vote(c))
    job = _Job(frozenset(("answered",)), asked, own, fits.every(c), all_vote, tells=True)
    report = _vote(c, job, run_id, store=store, told=told)
    if store:
        report.differing = review.differing(c, run_id)
    else:
        report.differing = _would_differ(c, differed, report.flips)
    report.newly_differing = [number for number in report.differing if number not in differed]
    return report


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking through a million rows, which never refer to each other in
    circles: that takes a quarter of the time of a vote."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _would_differ(c: Connection, differed: set[int], flips: Sequence[Flip]) -> list[int]:
    """Return the decided items that the votes would contradict if these flips were stored."""
    decided = review.decided_answers(c, [flip.number for flip in flips])
    contradicted = {
        flip.number
        for flip in flips
        if flip.number in decided and contradicts(*decided[flip.number], flip.after)
    }
    return sorted(differed - {flip.number for flip in flips} | contradicted)


def contradicts(status: ReviewStatus, answer: str, after: Outcome) -> bool:
    """Say whether a decision departs from the outcome of a vote: about keeping the item, or its answer."""
    if status == "rejected":
        return after.keep
    return not after.keep or (status != "edited" and answer != after.output)


def renew_votes(c: Connection, run_id: str | None = None) -> int:
    """Vote where the vote that stands is about other candidates than take part now; return how many.

    By the rule and threshold of that vote.
    """
    return _vote_where(c, run_id, frozenset(("voted", "outdated")))


def vote_where_missing(
    c: Connection, run_id: str | None = None, told: Callable[[int], object] = lambda _voted: None
) -> int:
    """Do the same, and vote by the recipe's rule where no vote stands and no answer is missing.

    `told` gets how many were voted on, now and then; what it raises ends the vote.
    """
    return _vote_where(c, run_id, frozenset(("answered", "outdated")), told)


def _vote_where(
    c: Connection,
    run_id: str | None,
    which: frozenset[Which],
    told: Callable[[int], object] = lambda _voted: None,
) -> int:
    job = _Job(which, AS_IT_STANDS, recipe_choices(c, run_id), fits.every(c))
    return _vote(c, job, run_id, told=told).voted


def revote_undecided(c: Connection, asked: Asked) -> int:
    """Vote on every item that has a vote and that nobody has decided; return how many.

    What is not asked for is as it stands.
    """
    decided = frozenset(review.decided_ids(c))
    job = _Job(frozenset(("voted",)), asked, recipe_choices(c), fits.every(c), without=decided)
    return _vote(c, job).voted


def _by_choice(ballot: Ballot, vote: Vote, *, wanted: bool) -> Vote:
    """Let a vote of all answers say that a person chose it, now or earlier."""
    chosen = wanted or (ballot.vote is not None and ballot.vote.all_by_choice)
    return vote._replace(asked=max(1, ballot.asked)) if chosen and vote.barred is None else vote
