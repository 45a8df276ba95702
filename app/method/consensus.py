"""The rules of consensus: which of several answers stands for the ensemble, and whether it is kept.

Answers are compared as normalised texts (lower case, no ASCII punctuation, single spaces) by ROUGE-L F1
with stemmer, every pair. `released` is the rule of the released Ensemble-Instruct code, `paper` the one
its paper describes (section 2.4), `quorum` our own for any number of answers; both of the former take
answers as equal whose normalised texts are, so 3.5 equals 35. Version 2 of `quorum` asks whether they say
the same (`app.method.equality`), and lets a group of equal answers decide only if it is large enough. Rule
`learned` takes the answer that is right most probably, by what judgements taught (`app.method.learned`).
In the present version of each only those answers vote that may (`app.method.may_vote`), and `quorum` settles
no tie by the order of the answers. All scores are recorded, so that another rule or threshold, or fewer
models, can be tried without asking a model again.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, repeat
from math import comb
from operator import eq
from typing import NamedTuple

from app.method.containment import says
from app.method.equality import Difference, content
from app.method.learned import Item, Weights
from app.method.loops import loops
from app.method.pair_scores import (
    Matrix,
    difference_among,
    normalise,
    pairs,
    score_pairs,
    with_content,
    without_content,
)
from app.method.recipe_parts import AtLeast, Rule, Tokeniser, TokeniserChoice, Voters
from app.method.rouge import Coder, chosen
from app.method.terms import DecidedBy, Kind
from app.method.voices import Heard, Speaker, Voice, hear

RULE_VERSIONS: dict[Rule, int] = {"released": 2, "paper": 2, "quorum": 3, "learned": 1}
"""The present version of each rule; votes and runs that stand under an earlier one keep it."""
COUNTING: frozenset[Rule] = frozenset(("quorum",))
"""The rules that ask how many answers must be equal."""
LEARNED: Rule = "learned"
"""The rule whose threshold is a probability, and which needs weights."""
THRESHOLDS = (0.0, 0.01, 0.05, 0.1, 0.15, 0.2, 0.25, *(tenth / 10 for tenth in range(3, 10)))
"""What a sweep tries; 0.01 is the released one."""

_MANY_TOKENS = 1_000_000
"""A coder with more distinct tokens is nearly full and is replaced."""
_ROUNDING = 1e-9
"""0.6 of 5 is 3, whatever the floating-point product."""
_MOST = 20
"""All ensembles of a size are tried up to six models; beyond, as many as there are models."""


class Vote(NamedTuple):
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

    `tokeniser` made the tokens of the scores. `at_least` is how many answers had to be equal to decide, None
    for rules that do not ask. `equal` counts the answers that the rule takes as the winner's, itself
    included (0 without one); `difference` says how answers differ that it takes as the same, by its
    notion of equality or as their similarity is 1.

    `barred` says for each candidate why it did not vote, "" where it did; None where all voted, whatever
    they are. Everything but `candidates` and `matrix` is about those that voted. `asked` is how many models
    were asked, those included that gave nothing to vote on; 0 where all voted because they did in earlier
    versions or the recipe says so, and nobody asked for it.
    `containment` says that answers which hold another counted as equal to it.

    With rule learned, `probabilities` says how probably each candidate is right, by the weights of fit number
    `fit`; None otherwise.
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
    tokeniser: Tokeniser
    at_least: AtLeast | None
    equal: int
    difference: Difference
    barred: tuple[str, ...] | None = None
    asked: int = 0
    containment: bool = False
    probabilities: tuple[float, ...] | None = None
    fit: int | None = None

    @property
    def all_by_choice(self) -> bool:
        """Whether all answers voted because a person wanted it so."""
        return self.barred is None and self.asked > 0

    @property
    def by_content(self) -> bool:
        """Whether the rule went by what texts say."""
        return self.at_least is not None or self.rule == LEARNED

    @property
    def voting(self) -> list[int]:
        """The places of the candidates that voted."""
        return [at for at in range(len(self.matrix)) if not (self.barred and self.barred[at])]

    @property
    def winner_id(self) -> str | None:
        """The id of the winner, None without one."""
        return None if self.winner is None else self.candidates[self.winner]


def latest_version(rule: Rule, *, all_vote: bool) -> int:
    """Return the version of a rule that is no earlier one: the one before the present if all are to vote."""
    return RULE_VERSIONS[rule] - (all_vote and rule != LEARNED)


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """By what answers are voted on.

    `at_least` is a matter of rule quorum alone, as `containment` is; without it that rule is its version 1,
    by which votes and runs stand that began before there was another. "auto" chooses the tokeniser for each
    item. `voters` are "sound" answers only, or all as they once were. `fit` is the number of the weights that
    rule learned votes by, `weights` what they are; None is the newest there are.
    """

    rule: Rule = "released"
    threshold: float = 0.01
    tokeniser: TokeniserChoice = "auto"
    at_least: AtLeast | None = None
    voters: Voters = "sound"
    containment: bool = False
    fit: int | None = None
    weights: Weights | None = field(default=None, compare=False, repr=False)

    @property
    def by_content(self) -> bool:
        """Whether the rule goes by what texts say."""
        return self.at_least is not None or self.rule == LEARNED

    @property
    def version(self) -> int:
        """The version of the rule that is meant."""
        if self.rule in COUNTING and self.at_least is None:
            return 1
        return latest_version(self.rule, all_vote=self.voters == "all")


class Answers(NamedTuple):
    """The answers to one instance, the writer's first, and what is known of them beside their texts.

    `barred` says of each why it may not vote, "" where it may; empty where nothing is known. `asked` is how
    many models were asked, 0 for as many as speak. `key` is the item's, by which lots are drawn. `by` says
    who gave each answer where models gave samples, which count as one voice; empty if each stands for itself.
    Only rule learned asks for `kind` and `models`, names that tell each model in its role from others.
    `ids` are what the vote calls the candidates, empty where they have no names.
    """

    outputs: Sequence[str]
    barred: Sequence[str] = ()
    asked: int = 0
    key: str = ""
    by: Sequence[Speaker] = ()
    kind: Kind = "B"
    models: Sequence[str] = ()
    ids: tuple[str, ...] = ()


def standing(vote: Vote, tokeniser: TokeniserChoice | None = None) -> RuleChoice:
    """Return by what a vote was made, by another tokeniser if one is named."""
    voters: Voters = "all" if vote.barred is None else "sound"
    by = tokeniser or vote.tokeniser
    return _chosen(vote.rule, vote.threshold, by, vote.at_least, voters, vote.containment, vote.fit)


# A million votes were made by the same few choices. 1 of all answers is not the same as a single one.
_chosen = lru_cache(maxsize=256, typed=True)(RuleChoice)


class _Case(NamedTuple):
    """The candidates that vote, as a rule sees them."""

    texts: tuple[str, ...]
    """As the rule compares them: normalised, or what they say."""
    matrix: Matrix
    choice: RuleChoice
    scores: tuple[float, ...]
    """Of every pair (i, j) with i < j, in the order of `pairs`."""
    key: str
    probabilities: tuple[float, ...] = ()
    """With rule learned: how probably each is right."""

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

    def equal(self, index: int) -> int:
        """How many candidates there are of which `equals` says so."""
        return len(self.equals(index)) if self.choice.containment else self.texts.count(self.texts[index])

    def equals(self, index: int) -> list[int]:
        """All candidates with the same text to the rule, or that hold it if that counts; itself included."""
        own = self.texts[index]
        if not self.choice.containment:
            return [at for at, text in enumerate(self.texts) if text == own]
        return [at for at, text in enumerate(self.texts) if says(text, own, containment=True)]


class _Verdict(NamedTuple):
    """What a rule decided; `tie` is about answers that differ from the winner's, `score` as in `Vote`."""

    winner: int | None
    decided_by: DecidedBy
    tie: bool
    reason: str = ""
    score: float | None = None
    strict: bool = False


def vote(
    candidates: Sequence[str],
    rule: Rule,
    threshold: float,
    tokeniser: TokeniserChoice = "rouge-score",
    at_least: AtLeast | None = "half",
) -> Vote:
    """Vote on the outputs of one instance, the writer's first.

    A single candidate wins unless it is empty; nothing is compared then. `at_least` counts with rule quorum
    alone, None is that rule's version 1. Raises ValueError without candidates or for an unknown rule.
    """
    return vote_all([candidates], choice_of(rule, threshold, tokeniser, at_least))[0]


def choice_of(
    rule: Rule, threshold: float, tokeniser: TokeniserChoice = "auto", at_least: AtLeast | None = "half"
) -> RuleChoice:
    """Return what to vote by; `at_least` goes where the rule does not ask for it."""
    if rule not in COUNTING:
        return RuleChoice(rule, threshold, tokeniser)
    return RuleChoice(rule, threshold, tokeniser, at_least, "all" if at_least is None else "sound")


def vote_all(instances: Iterable[Sequence[str]], choice: RuleChoice) -> list[Vote]:
    """Vote on the outputs of many instances, as `vote` does on one; nothing is known but their texts."""
    return vote_on(map(Answers, instances), choice)


def vote_on(instances: Iterable[Answers], choice: RuleChoice) -> list[Vote]:
    """Vote on the answers to many instances; what they share is computed once."""
    coders: dict[Tokeniser, Coder] = {}
    ready = []
    for answers in instances:
        tokeniser = chosen(choice.tokeniser, answers.outputs)
        coder = coders.get(tokeniser)
        if coder is None or len(coder) > _MANY_TOKENS:
            coder = coders[tokeniser] = Coder(tokeniser, stem=True)
        ready.append(_heard(answers, score_pairs(answers.outputs, coder), choice, tokeniser))
    return _decide(ready, choice)


def vote_again(scored: Iterable[tuple[Answers, Vote]], choice: RuleChoice) -> list[Vote]:
    """Vote on the answers to many instances from the scores of an earlier vote on each, where they serve.

    They do not serve another tokeniser; those of texts that say the same are made anew if one of the two
    rules goes by what texts say.
    """
    ready = []
    for answers, earlier in scored:
        tokeniser, matrix = chosen(choice.tokeniser, answers.outputs), earlier.matrix
        if tokeniser != earlier.tokeniser:
            matrix = score_pairs(answers.outputs, Coder(tokeniser, stem=True))
        elif earlier.by_content and not choice.by_content:
            matrix = without_content(answers.outputs, matrix, tokeniser)
        ready.append(_heard(answers, matrix, choice, tokeniser))
    return _decide(ready, choice)


def part_of(vote: Vote, members: Sequence[int]) -> Vote:
    """Return what a vote knows of some of its candidates only, to vote again on those."""
    barred = None if vote.barred is None else tuple(vote.barred[at] for at in members)
    return vote._replace(matrix=_part(vote.matrix, members), barred=barred)


def _part(matrix: Matrix, members: Sequence[int]) -> Matrix:
    if len(members) == len(matrix) and all(map(eq, members, range(len(matrix)))):
        return matrix
    return tuple(tuple(matrix[row][column] for column in members) for row in members)


class _Hearing(NamedTuple):
    """The answers to an instance, who of them votes, and what rules see of them."""

    answers: Answers
    texts: tuple[str, ...]
    """As the rule compares them: normalised, or what they say."""
    matrix: Matrix
    tokeniser: Tokeniser
    heard: Heard
    asked: int


def _heard(answers: Answers, matrix: Matrix, choice: RuleChoice, tokeniser: Tokeniser) -> _Hearing:
    """Find out which of the answers vote, and correct the scores of those that say the same."""
    outputs = answers.outputs
    if not outputs:
        raise ValueError("a vote needs at least one candidate")
    if choice.rule not in _RULES:
        raise ValueError(f"unknown rule {choice.rule!r}")
    compared = content if choice.by_content else normalise
    if len(distinct := set(outputs)) < len(outputs):
        said = {output: compared(output) for output in distinct}
        texts = tuple([said[output] for output in outputs])
    else:
        texts = tuple(map(compared, outputs))
    if choice.by_content:
        matrix = with_content(texts, matrix)
    barred = None if choice.voters == "all" else answers.barred or ("",) * len(outputs)
    heard = hear(answers.by, texts, barred, containment=choice.containment)
    asked = 0 if barred is None else answers.asked or len({by.name for by in answers.by}) or len(outputs)
    return _Hearing(answers, texts, matrix, tokeniser, heard, asked)


def _decide(ready: Sequence[_Hearing], choice: RuleChoice) -> list[Vote]:
    """Apply a rule to the answers that vote and their scores."""
    version = choice.version
    return [
        _vote(one, choice, version, chances)
        for one, chances in zip(ready, _chances(ready, choice), strict=True)
    ]


def _vote(one: _Hearing, choice: RuleChoice, version: int, chances: Sequence[float]) -> Vote:
    answers, texts, matrix, tokeniser, heard, asked = one
    voting, voices = heard.voting, heard.voices
    outputs, heard_texts, heard_matrix = answers.outputs, texts, matrix
    if len(voting) < len(texts) or voices:
        outputs, heard_texts = [outputs[at] for at in voting], tuple([texts[at] for at in voting])
        heard_matrix = _part(matrix, voting)
    case = _case(
        *(heard_texts, heard_matrix, choice),
        *(answers.key, [chances[at] for at in voting] if chances else ()),
    )
    verdict = _verdict(case, asked, voices[0] if voices else None)
    winner, scores = verdict.winner, case.scores
    alone = voices[0] if verdict.decided_by == "samples" else None
    return Vote(
        rule=choice.rule,
        rule_version=version,
        threshold=choice.threshold,
        candidates=answers.ids,
        matrix=matrix,
        decided_by=verdict.decided_by,
        winner=None if winner is None else voting[winner],
        lowest=case.lowest,
        mean=0.0 if winner is None else case.mean(winner),
        tie=verdict.tie,
        short=winner is not None and _is_short(case.texts, winner),
        keep=not verdict.reason,
        reason=verdict.reason,
        disagreement=_disagreement(scores, alone),
        score=verdict.score,
        strict=verdict.strict,
        tokeniser=tokeniser,
        at_least=choice.at_least,
        equal=0 if winner is None else alone.equal if alone else case.equal(winner),
        difference=difference_among(outputs, case.texts, case.matrix),
        barred=heard.barred,
        asked=asked,
        containment=choice.containment,
        probabilities=tuple(chances) or None,
        fit=choice.fit,
    )


def _disagreement(scores: Sequence[float], alone: Voice | None) -> float:
    """Return how little answers agree; of a single model's, how many of its samples say something else."""
    if alone is not None:
        return 1.0 - alone.equal / alone.of
    return 1.0 - math.fsum(scores) / len(scores) if scores else 0.0


def _case(
    texts: tuple[str, ...], matrix: Matrix, choice: RuleChoice, key: str, chances: Sequence[float]
) -> _Case:
    scores = tuple([matrix[i][j] for i, j in pairs(len(texts))])
    return _Case(texts, matrix, choice, scores, key, tuple(chances))


def _chances(ready: Sequence[_Hearing], choice: RuleChoice) -> Iterable[Sequence[float]]:
    """Return how probably each answer is right, by the weights there are; nothing with other rules."""
    if choice.rule != LEARNED:
        return repeat((), len(ready))
    if choice.weights is None:
        raise ValueError("rule learned needs weights")
    from app.method.measures import probabilities  # numpy is slow to load, and no other rule needs it

    return probabilities(list(map(_measured, ready)), choice.weights)


def _measured(one: _Hearing) -> Item:
    answers, nothing = one.answers, ("",) * len(one.texts)
    models, barred = answers.models or nothing, answers.barred or nothing
    return Item(answers.kind, models, answers.outputs, one.texts, one.matrix, barred, one.heard.voting)


def _verdict(case: _Case, asked: int, voice: Voice | None) -> _Verdict:
    """Let the rule decide between several; one that is left of several asked agrees with nobody.

    A model that was asked alone must agree with itself, if it gave samples and the rule counts.
    """
    if not case.texts:
        return _Verdict(None, "nobody", tie=False, reason="no_voter")
    if len(case.texts) > 1 or case.probabilities:
        return _RULES[case.choice.rule](case)
    if voice is not None and asked < 2 and case.texts[0] and case.choice.rule in COUNTING:
        needed = _needed(case.choice, voice.of)
        return _Verdict(0, "samples", tie=False, reason="" if voice.equal >= needed else "no_agreement")
    reason = "" if asked < 2 else "no_agreement"
    return _Verdict(0, "only-one", tie=False, reason=reason if case.texts[0] else "empty_winner")


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
    """The largest group of equal answers, if it is large enough; else the answer most like the others.

    The latter is kept if it is like enough. Of several with the same claim the shortest, whatever their
    order. In version 2 the first of those that do not loop; in version 1 the first, and two equal answers
    decide.
    """
    filled = [index for index, text in enumerate(case.texts) if text]
    if not filled:
        return _Verdict(None, "exact", tie=False, reason="empty_winner")
    means = {index: case.mean(index) for index in filled}
    sizes = {index: case.equal(index) for index in filled}
    decides = max(sizes.values()) >= _needed(case.choice, len(case.texts))
    claims = {index: (sizes[index] if decides else 0, mean) for index, mean in means.items()}
    best = max(claims.values())
    tied = _preferred(case, [index for index in filled if claims[index] == best])
    winner = tied[0]
    tie = any(case.texts[index] != case.texts[winner] for index in tied)
    return _Verdict(winner, "exact", tie) if decides else _by_score(case, winner, tie, best[1], strict=False)


def _preferred(case: _Case, tied: Sequence[int]) -> Sequence[int]:
    """Return the tied answers, the one that wins first."""
    if len(tied) == 1:
        return tied
    if len({case.texts[index] for index in tied}) < 2:
        return tied
    version = RULE_VERSIONS["quorum"] if case.probabilities else case.choice.version
    if version == 1:
        return tied
    if version == 2:
        return [index for index in tied if not loops(case.texts[index])] or tied
    return sorted(tied, key=lambda index: (len(case.texts[index]), _lot(case.key, case.texts[index]), index))


def _lot(key: str, text: str) -> bytes:
    """Draw a lot for an answer to an item: the same whenever it is drawn, and whoever gave the answer."""
    return hashlib.blake2b(f"{key}\n{text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _needed(choice: RuleChoice, count: int) -> int:
    """Return how many of `count` answers must be equal to decide; any two did in version 1."""
    return 2 if choice.at_least is None else needed_of(choice.at_least, count)


def needed_of(at_least: AtLeast, count: int) -> int:
    """Return how many of `count` answers must be equal to decide; never fewer than two."""
    if at_least == "half":
        return max(2, count // 2 + 1)
    if isinstance(at_least, int):
        return at_least
    return max(2, math.ceil(at_least * count - _ROUNDING))


def _learned(case: _Case) -> _Verdict:
    """The answer that is right most probably, kept if that is probable enough; of several, the shortest.

    An empty answer wins only where all are.
    """
    filled = [index for index, text in enumerate(case.texts) if text] or [0]
    best = max([case.probabilities[index] for index in filled])
    tied = _preferred(case, [index for index in filled if case.probabilities[index] == best])
    winner = tied[0]
    tie = len({case.texts[index] for index in tied}) > 1
    way: DecidedBy = "learned" if len(case.texts) > 1 else "only-one"
    if not case.texts[winner]:
        return _Verdict(winner, way, tie, "empty_winner")
    return _Verdict(winner, way, tie, "" if best >= case.choice.threshold else "improbable", best)


_RULES = {"released": _released, "paper": _paper, "quorum": _quorum, "learned": _learned}


def _by_score(case: _Case, winner: int, tie: bool, score: float, *, strict: bool) -> _Verdict:
    """Let the threshold decide whether a winner by similarity is kept; an empty one never is."""
    if not case.texts[winner]:
        return _Verdict(winner, "rouge", tie, "empty_winner")
    reason = "" if _passes(score, case.choice.threshold, strict) else "no_agreement"
    return _Verdict(winner, "rouge", tie, reason, score, strict)


def _passes(score: float, threshold: float, strict: bool) -> bool:
    """Whether a score reaches a threshold, or is more where that is asked for."""
    return score > threshold if strict else score >= threshold


def _is_short(texts: Sequence[str], winner: int) -> bool:
    """Whether the winner has under half the median length of all answers."""
    lengths = sorted(map(len, texts))
    return 4 * len(texts[winner]) < lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]


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
