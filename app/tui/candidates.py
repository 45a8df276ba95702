"""The candidates of an item as Review shows them: equal ones together, each with its figures. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from rapidfuzz.distance import LCSseq

from app.method import explanation
from app.method.consensus import Vote
from app.method.equality import Difference, content, difference
from app.method.lengths import length
from app.method.pair_scores import normalise
from app.method.terms import Fault, in_words
from app.method.voices import ONE_VOICE
from app.run import learned_parts
from app.store.rows import CandidateRow
from app.store.views import ReviewItem
from app.visible import hidden_count

MAX_WORDS = 3000
"""Beyond this the comparison would take longer than a key press may."""

ALL = 0.9
"""The share of a text from which on all of it differs: then marks on every word would say nothing."""

_SEEN: frozenset[Fault] = frozenset({"short", "hidden", "long", "missing", "present"})
"""Faults that the figures of a candidate show anyway, and those of the task."""
_PIECES = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


def differing(text: str, other: str) -> list[tuple[int, int]] | None:
    """Return the (start, end) ranges of `text` whose words a longest common subsequence with `other` lacks.

    Words count without regard to case; spaces alone never differ. None when the texts are too long.
    """
    pieces = [match for match in _PIECES.finditer(text) if not match.group().isspace()]
    wanted = [piece.casefold() for piece in _PIECES.findall(other) if not piece.isspace()]
    if len(pieces) > MAX_WORDS or len(wanted) > MAX_WORDS:
        return None
    words = [match.group().casefold() for match in pieces]
    ranges: list[tuple[int, int]] = []
    for op in LCSseq.opcodes(words, wanted):
        if op.tag in ("delete", "replace") and op.src_end > op.src_start:
            start, end = pieces[op.src_start].start(), pieces[op.src_end - 1].end()
            if ranges and text[ranges[-1][1] : start].isspace():
                start = ranges.pop()[0]
            ranges.append((start, end))
    return ranges


def all_differs(text: str, ranges: list[tuple[int, int]]) -> bool:
    """Say whether next to nothing of `text` lies outside the ranges that differ, spaces left out."""
    letters = len(text) - sum(map(str.isspace, text))
    differing = sum(len("".join(text[start:end].split())) for start, end in ranges)
    return differing >= ALL * letters


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates with exactly the same output; `support` is the mean similarity to the others (0 … 1)."""

    numbers: tuple[int, ...]
    members: tuple[CandidateRow, ...]
    winner: bool
    support: float | None
    hidden: int
    short: bool
    thought: str = ""
    """What a model thought before it answered so (foreign); the longest of the members."""
    earlier: bool = False
    """Whether they answer an earlier text of the task."""
    equal: str = ""
    """How many of how many answers a group of equal ones decided by: "4 of 6"."""
    difference: Difference = Difference.NONE
    """In what it differs from the winner, where the rule takes the two as the same."""
    faults: tuple[Fault, ...] = ()
    """What looks wrong with it, but for what is seen anyway."""
    barred: str = ""
    """Why it did not vote, by name; empty where one of them did."""
    samples: str = ""
    """How many samples of a model say what it says, by which that model votes: "3 of 5 samples"."""
    settled: str = ""
    """How a tie was settled that it won; empty without one."""
    probability: float | None = None
    """How probably it is right; None where nothing was learned."""

    @property
    def output(self) -> str:
        """The shared output (foreign)."""
        return self.members[0].output

    @property
    def cut(self) -> bool:
        """Whether the length limit cut one of them."""
        return any(member.cut for member in self.members)

    @property
    def error(self) -> str:
        """Why there is no output that counts (foreign), else empty."""
        first = self.members[0]
        return (first.error or in_words(first.reason)) if first.reason else ""


def number_of(item: ReviewItem, candidate: CandidateRow) -> int:
    """Return the key that chooses a candidate of an item: the first has 1, be it the writer's or not."""
    return 1 + candidate.position - min(other.position for other in item.candidates)


def groups(item: ReviewItem) -> list[Group]:
    """Put equal outputs together, in order of the first of each; one that is dropped is equal to nothing."""
    by_output: dict[tuple[str, str, bool], list[CandidateRow]] = {}
    for candidate in item.candidates:
        own = candidate.id if candidate.reason else ""
        by_output.setdefault((candidate.output, own, item.is_earlier(candidate)), []).append(candidate)
    vote = None if item.stale else item.vote
    voices = explanation.voices(vote, item.candidates)

    def wins(members: list[CandidateRow]) -> bool:
        return vote is not None and any(candidate.id == vote.winner_id for candidate in members)

    return [
        Group(
            numbers=tuple(number_of(item, candidate) for candidate in _named(members)),
            members=tuple(members),
            winner=wins(members),
            barred=_barred(vote, members),
            samples=", ".join(str(voices[one.id]) for one in members if one.id in voices),
            settled=explanation.tie(vote) if vote is not None and vote.tie and wins(members) else "",
            support=support(item.vote, members[0].id),
            probability=probability(item.vote, members[0].id),
            hidden=hidden_count(members[0].output),
            short=short(item, members[0]),
            thought=max((item.thoughts.get(candidate.id, "") for candidate in members), key=length),
            earlier=item.is_earlier(members[0]),
            equal=_equal(vote) if wins(members) else "",
            difference=_from_winner(vote, members[0], item),
            faults=_faults(item, members[0]),
        )
        for members in by_output.values()
    ]


def barred(vote: Vote | None, candidate: CandidateRow) -> str:
    """Return the name of the reason why a candidate did not vote; empty where it did, or took no part."""
    if vote is None or not vote.barred or candidate.id not in vote.candidates:
        return ""
    return vote.barred[vote.candidates.index(candidate.id)]


def _barred(vote: Vote | None, members: list[CandidateRow]) -> str:
    """Return why none of these answers voted, by what is wrong with it where something is."""
    reasons = {barred(vote, member) for member in members}
    return "" if "" in reasons else next((why for why in reasons if why != ONE_VOICE), ONE_VOICE)


def _named(members: list[CandidateRow]) -> list[CandidateRow]:
    """Return those of equal answers whose keys are shown: of samples one is enough, beside others none."""
    return [member for member in members if member.attempt >= 0] or members[:1]


def _equal(vote: Vote | None) -> str:
    """Return how many answers equal the winner of a vote that counts them; empty where it is one alone."""
    counts = vote is not None and vote.by_content and vote.equal > 1 and len(vote.voting) > 1
    return f"{vote.equal} of {len(vote.voting)}" if vote is not None and counts else ""


def _from_winner(vote: Vote | None, candidate: CandidateRow, item: ReviewItem) -> Difference:
    """Say in what an answer differs from the winner that the vote takes as the same."""
    winner = winner_of(item)
    if vote is None or not vote.difference or winner is None or candidate.id not in vote.candidates:
        return Difference.NONE
    alike = vote.matrix[vote.candidates.index(winner.id)][vote.candidates.index(candidate.id)] == 1.0
    equal = not vote.by_content and normalise(candidate.output) == normalise(winner.output)
    between = difference(candidate.output, winner.output) if alike or equal else Difference.NONE
    return between if equal or between is Difference.SYMBOLS else Difference.NONE


def _faults(item: ReviewItem, candidate: CandidateRow) -> tuple[Fault, ...]:
    """Return the faults that a candidate is marked with; where the limit cut it, that is said."""
    seen = _SEEN | {"truncated"} if candidate.cut else _SEEN
    return tuple(name for name in item.faults.get(candidate.id, ()) if name not in seen)


def support(vote: Vote | None, candidate_id: str) -> float | None:
    """Return a candidate's mean similarity to the others that voted; None where nothing was compared."""
    if vote is None or candidate_id not in vote.candidates:
        return None
    return explanation.support(vote, vote.candidates.index(candidate_id))


def probability(vote: Vote | None, candidate_id: str) -> float | None:
    """Return how probably a candidate is right by the vote; None where that was not asked."""
    if vote is None or vote.probabilities is None or candidate_id not in vote.candidates:
        return None
    return vote.probabilities[vote.candidates.index(candidate_id)]


def runner_up(item: ReviewItem, vote: Vote) -> tuple[CandidateRow, float] | None:
    """Return the best-supported candidate that says something else than the winner, and its support."""
    rows = {candidate.id: candidate for candidate in item.candidates}
    winner = rows.get(vote.winner_id or "")
    if winner is None:
        return None
    said = content(winner.output)
    others = [rows[key] for key in vote.candidates if key in rows and content(rows[key].output) != said]
    best = max(others, key=lambda candidate: support(vote, candidate.id) or 0.0, default=None)
    return None if best is None else (best, support(vote, best.id) or 0.0)


def short(item: ReviewItem, candidate: CandidateRow) -> bool:
    """Say whether an output has under half the median length of all that count."""
    counting = [other.length for other in item.candidates if not other.reason]
    return not candidate.reason and candidate.length < median(counting) / 2


def winner_of(item: ReviewItem) -> CandidateRow | None:
    """Return the candidate the vote prefers."""
    winner = item.vote.winner_id if item.vote else None
    return next((candidate for candidate in item.candidates if candidate.id == winner), None)


def decided_candidate(item: ReviewItem) -> CandidateRow | None:
    """Return the candidate a person took, as it is."""
    if item.state.status not in ("accepted", "chosen"):
        return None
    return next((candidate for candidate in item.candidates if candidate.id == item.state.candidate_id), None)


def cursor_candidate(item: ReviewItem, cursor: int | None) -> CandidateRow | None:
    """Return the first candidate of the group under the cursor, None where there is no cursor."""
    grouped = groups(item)
    return grouped[cursor].members[0] if cursor is not None and cursor < len(grouped) else None


def answer_of(item: ReviewItem) -> str:
    """Return the answer as it stands: a person's, else the winner's, else the first (foreign)."""
    return editing_base(item)[0]


def editing_base(item: ReviewItem, cursor: CandidateRow | None = None) -> tuple[str, str | None]:
    """Return the text an edit begins with and the candidate it comes from: the one under the cursor first."""
    if cursor is not None:
        return cursor.output, cursor.id
    if item.state.status == "edited" and item.state.text is not None:
        return item.state.text, item.state.candidate_id
    base = decided_candidate(item) or winner_of(item) or next(iter(item.candidates), None)
    return (base.output, base.id) if base else ("", None)


def told_apart(item: ReviewItem, candidate: CandidateRow) -> str:
    """Return the name of a candidate's model (foreign), with its part where it has two in this item."""
    parts = {other.role for other in item.candidates if other.model == candidate.model}
    return f"{candidate.model_name} as {candidate.role}" if len(parts) > 1 else candidate.model_name


def why(item: ReviewItem) -> str:
    """Return in one line why the vote came out as it did (foreign: it names models)."""
    vote = item.vote
    if vote is None:
        return "not voted on yet"
    rows = {candidate.id: candidate for candidate in item.candidates}
    order = [rows[id] for id in vote.candidates if id in rows]
    if len(order) != len(vote.candidates):
        return vote.reason
    voices = explanation.voices(vote, order)
    names = [
        f"{told_apart(item, one)} ({voices[one.id]})" if one.id in voices else told_apart(item, one)
        for one in order
    ]
    words = explanation.explain(vote, names, [candidate.output for candidate in order])
    parts = learned_parts.in_words(item, vote.winner_id)
    return f"{words} · {parts}" if parts else words
