"""The rules of consensus: which of several answers stands for the ensemble, and whether it is kept.

Answers are compared as normalised texts (lower case, no ASCII punctuation, single spaces) by ROUGE-L F1
with stemmer, every pair. `released` is the rule of the released Ensemble-Instruct code, `paper` the one
its paper describes (section 2.4), `quorum` our own for any number of answers. All scores are recorded,
so that another rule or threshold, or fewer models, can be tried without asking a model again.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb
from statistics import median

from app.method.recipe_parts import Rule, Tokeniser
from app.method.rouge import Coder, pairwise
from app.method.terms import DecidedBy, in_words

Matrix = tuple[tuple[float, ...], ...]

RULE_VERSIONS: dict[Rule, int] = {"released": 1, "paper": 1, "quorum": 1}
THRESHOLDS = (0.0, 0.01, 0.05, *(tenth / 10 for tenth in range(1, 10)))
"""What a sweep tries; 0.01 is the released one."""

_PUNCTUATION = string.punctuation.encode()
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MANY_TOKENS = 1_000_000
"""A coder with more distinct tokens is nearly full and is replaced."""
_CLOSE = 0.05
"""Mean similarities nearer than this are called close."""
_MOST = 20
"""All ensembles of a size are tried up to six models; beyond, as many as there are models."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a rule says about the candidates of one instance; also what the store keeps of it.

    `candidates` are their ids in the given order, empty where bare texts were voted on; indices are positions
    in that order. `matrix` holds the ROUGE-L F1 of every pair (1 where two non-empty normalised texts are
    equal, and on the diagonal). `winner` is the best-supported candidate, also where the vote drops the
    instance; None only if the rule allows no empty winner and all are empty. `lowest` is the lowest pair,
    `mean` the winner's mean similarity to the others, both 0 for a single candidate. `tie`: another,
    different answer had as good a claim. `short`: the winner has under half the median length.
    `reason` is "" or the drop reason. `disagreement` is 1 − the mean over all pairs.

    `score` is what the rule compares with the threshold: it keeps the instance if the score is more or,
    unless it is `strict`, as much. None where no threshold changes the outcome (equal answers, the only
    answer, an empty winner).
    """

    rule: Rule
    rule_version: int
    threshold: float
    candidates: tuple[str, ...]
    matrix: Matrix
    decided_by: DecidedBy
    winner: int | None
    lowest: float
    mean: float
    tie: bool
    short: bool
    keep: bool
    reason: str
    disagreement: float
    score: float | None
    strict: bool

    @property
    def winner_id(self) -> str | None:
        """The id of the winner, None without one."""
        return None if self.winner is None else self.candidates[self.winner]


@dataclass(frozen=True, slots=True)
class _Case:
    """The candidates as a rule sees them."""

    texts: tuple[str, ...]
    """Normalised."""
    matrix: Matrix
    threshold: float
    scores: tuple[float, ...]
    """Of every pair (i, j) with i < j, in the order of `pairs`."""

    @property
    def lowest(self) -> float:
        """The lowest pair score; 0 without pairs."""
        return min(self.scores, default=0.0)

    def support(self, index: int) -> float:
        """The sum of a candidate's similarities to the others, free of summation order."""
        row = self.matrix[index]
        return math.fsum(row[:index] + row[index + 1 :])

    def mean(self, index: int) -> float:
        """A candidate's mean similarity to the others; 0 where there are none."""
        return self.support(index) / max(len(self.texts) - 1, 1)

    def equals(self, index: int) -> list[int]:
        """All candidates with the same normalised text, itself included."""
        return [other for other, text in enumerate(self.texts) if text == self.texts[index]]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a rule decided; `tie` is about answers that differ from the winner's, `score` as in `Vote`."""

    winner: int | None
    decided_by: DecidedBy
    tie: bool
    reason: str = ""
    score: float | None = None
    strict: bool = False


@lru_cache(maxsize=64)
def pairs(count: int) -> tuple[tuple[int, int], ...]:
    """Return every pair (i, j) of `count` candidates with i < j, in order."""
    return tuple((i, j) for i in range(count) for j in range(i + 1, count))


def normalise(text: str) -> str:
    """Return `text` as the rules compare it: lower case, no ASCII punctuation, single spaces."""
    lower = text.lower()
    if lower.isascii():  # many times faster by bytes
        return " ".join(lower.encode().translate(None, _PUNCTUATION).decode().split())
    return " ".join(lower.translate(_NO_PUNCTUATION).split())


def vote(
    candidates: Sequence[str], rule: Rule, threshold: float, tokeniser: Tokeniser = "rouge-score"
) -> Vote:
    """Vote on the outputs of one instance, the writer's first.

    A single candidate wins unless it is empty; nothing is compared then. Raises ValueError without
    candidates or for an unknown rule.
    """
    return vote_all([candidates], rule, threshold, tokeniser)[0]


def vote_all(
    instances: Iterable[Sequence[str]], rule: Rule, threshold: float, tokeniser: Tokeniser = "rouge-score"
) -> list[Vote]:
    """Vote on the outputs of many instances, as `vote` does on one; what they share is computed once."""
    coder = Coder(tokeniser, stem=True)
    votes = []
    for candidates in instances:
        if len(coder) > _MANY_TOKENS:
            coder = Coder(tokeniser, stem=True)
        texts = tuple(map(normalise, candidates))
        votes.append(_decide(texts, _compare(texts, coder), rule, threshold))
    return votes


def vote_again(candidates: Sequence[str], matrix: Matrix, rule: Rule, threshold: float) -> Vote:
    """Vote on the outputs of one instance whose pair scores are known: the `matrix` of an earlier vote."""
    return _decide(tuple(map(normalise, candidates)), matrix, rule, threshold)


def _decide(texts: tuple[str, ...], matrix: Matrix, rule: Rule, threshold: float) -> Vote:
    """Apply a rule to normalised texts and their scores."""
    if not texts:
        raise ValueError("a vote needs at least one candidate")
    if rule not in _RULES:
        raise ValueError(f"unknown rule {rule!r}")
    scores = tuple([matrix[i][j] for i, j in pairs(len(texts))])
    case = _Case(texts, matrix, threshold, scores)
    verdict = _only_one(case) if len(texts) == 1 else _RULES[rule](case)
    winner = verdict.winner
    return Vote(
        rule=rule,
        rule_version=RULE_VERSIONS[rule],
        threshold=threshold,
        candidates=(),
        matrix=matrix,
        decided_by=verdict.decided_by,
        winner=winner,
        lowest=case.lowest,
        mean=0.0 if winner is None else case.mean(winner),
        tie=verdict.tie,
        short=winner is not None and _is_short(texts, winner),
        keep=not verdict.reason,
        reason=verdict.reason,
        disagreement=1.0 - math.fsum(scores) / len(scores) if scores else 0.0,
        score=verdict.score,
        strict=verdict.strict,
    )


def _compare(texts: tuple[str, ...], coder: Coder) -> Matrix:
    """Score every pair of normalised texts."""
    matrix = pairwise(texts, coder)
    for i, j in pairs(len(texts)):
        # ROUGE knows no tokens outside a-z and 0-9; two equal answers in another script agree.
        if texts[i] and texts[i] == texts[j]:
            matrix[i][j] = matrix[j][i] = 1.0
    return tuple(map(tuple, matrix))


def _only_one(case: _Case) -> _Verdict:
    """Decide where there is nothing to compare with."""
    return _Verdict(0, "only-one", tie=False, reason="" if case.texts[0] else "empty_winner")


def _released(case: _Case) -> _Verdict:
    """Exact match first, the writer's before others and whatever the threshold; else the best-supported.

    Equal empty answers win by exact match as any others do, as in the released code.
    """
    count = len(case.texts)
    if len(set(case.texts)) < count:
        return _first_equal(case)
    supports = [case.support(index) for index in range(count)]
    best = max(supports)
    winner = supports.index(best)
    tie = supports.count(best) > 1
    return _by_score(case, winner, tie, case.lowest, strict=True)


def _first_equal(case: _Case) -> _Verdict:
    """The first answer that another one equals; a tie if as many others agree on a different one."""
    groups = [group for index in range(len(case.texts)) if len(group := case.equals(index)) > 1]
    first = groups[0]
    rivals = [group for group in groups if group[0] != first[0] and len(group) == len(first)]
    return _Verdict(first[0], "exact", tie=bool(rivals))


def _paper(case: _Case) -> _Verdict:
    """The first answer of the most similar pair, kept if the least similar pair passes the threshold."""
    best = max(case.scores)
    firsts = [i for (i, _), score in zip(pairs(len(case.texts)), case.scores, strict=True) if score == best]
    winner = firsts[0]
    tie = any(case.texts[i] != case.texts[winner] for i in firsts)
    return _by_score(case, winner, tie, case.lowest, strict=True)


def _quorum(case: _Case) -> _Verdict:
    """The largest group of equal answers; without one, the answer most like the others, if enough so."""
    filled = [index for index, text in enumerate(case.texts) if text]
    if not filled:
        return _Verdict(None, "exact", tie=False, reason="empty_winner")
    claims = {index: (len(case.equals(index)), case.mean(index)) for index in filled}
    best = max(claims.values())
    winner = next(index for index in filled if claims[index] == best)
    tie = any(claims[index] == best and case.texts[index] != case.texts[winner] for index in filled)
    if best[0] > 1:
        return _Verdict(winner, "exact", tie)
    return _by_score(case, winner, tie, best[1], strict=False)


_RULES = {"released": _released, "paper": _paper, "quorum": _quorum}


def _by_score(case: _Case, winner: int, tie: bool, score: float, *, strict: bool) -> _Verdict:
    """Let the threshold decide whether a winner by similarity is kept; an empty one never is."""
    if not case.texts[winner]:
        return _Verdict(winner, "rouge", tie, "empty_winner")
    reason = "" if _passes(score, case.threshold, strict) else "no_agreement"
    return _Verdict(winner, "rouge", tie, reason, score, strict)


def _passes(score: float, threshold: float, strict: bool) -> bool:
    """Whether a score reaches a threshold, or is more where that is asked for."""
    return score > threshold if strict else score >= threshold


def _is_short(texts: Sequence[str], winner: int) -> bool:
    """Whether the winner has under half the median length of all answers."""
    return len(texts[winner]) < median(map(len, texts)) / 2


def explain(vote: Vote, names: Sequence[str], outputs: Sequence[str] = ()) -> str:
    """Say in one line why the vote came out as it did.

    `names` are the candidates' models (foreign text, as is the result); with `outputs` an exact match
    also says who agrees.
    """
    parts = [_how(vote, names, outputs)]
    if vote.tie:
        parts.append("a tie, the earlier one wins")
    if vote.reason:
        parts.append(f"dropped: {in_words(vote.reason)}")
    parts.append(f"rule {vote.rule}")
    return " · ".join(parts)


def _how(vote: Vote, names: Sequence[str], outputs: Sequence[str]) -> str:
    """Say by what the winner won, with the figures that decided."""
    winner = vote.winner
    if winner is None:
        return "all answers are empty"
    if vote.decided_by == "only-one":
        return "the only answer"
    if vote.decided_by == "exact":
        wanted = normalise(outputs[winner]) if outputs else ""
        same = [name for name, text in zip(names, outputs, strict=False) if normalise(text) == wanted]
        return f"the same answer from {_listed(same)}" if same else "the same answer from several models"
    lowest = (
        f"lowest pair {vote.lowest:.2f} {'>' if vote.lowest > vote.threshold else '≤'} {vote.threshold:g}"
    )
    if vote.rule == "paper":
        row = vote.matrix[winner]
        best = max(range(winner + 1, len(row)), key=row.__getitem__)
        return f"first of the most similar pair, {row[best]:.2f} with {names[best]}, {lowest}"
    own = f"largest mean similarity {vote.mean:.2f}, {_next_best(vote, winner)}"
    if vote.rule == "quorum":
        return f"{own}, {vote.mean:.2f} {'≥' if vote.mean >= vote.threshold else '<'} {vote.threshold:g}"
    return f"{own}, {lowest}"


def _next_best(vote: Vote, winner: int) -> str:
    """Say how near the next best candidate came."""
    others = len(vote.matrix) - 1
    means = [
        (math.fsum(row) - row[index]) / others for index, row in enumerate(vote.matrix) if index != winner
    ]
    runner_up = max(means)
    return f"next {runner_up:.2f}{' (close)' if vote.mean - runner_up < _CLOSE else ''}"


def _listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def survives(vote: Vote, threshold: float) -> bool:
    """Say whether the vote's rule would keep its winner at another threshold; nothing else depends on it."""
    return vote.keep if vote.score is None else _passes(vote.score, threshold, vote.strict)


def ensembles(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    """Return the ways to leave `size` of `count` candidates in, each candidate in equally many.

    All there are, up to `_MOST`; beyond that every stretch of neighbours, the last followed by the first.
    """
    if comb(count, size) <= _MOST:
        return tuple(combinations(range(count), size))
    return tuple(tuple(sorted((begin + step) % count for step in range(size))) for begin in range(count))


def part_of(matrix: Matrix, members: Sequence[int]) -> Matrix:
    """Return the scores among some candidates only."""
    return tuple(tuple(matrix[row][column] for column in members) for row in members)
