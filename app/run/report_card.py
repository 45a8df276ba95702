"""Gather a judged sample with the votes of every rule on it, for the report card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from app.method.agreement import alpha, kappa
from app.method.consensus import LEARNED, RuleChoice
from app.method.gain import Gain
from app.method.judging import Said, equal_groups
from app.method.recipe_parts import Rule
from app.method.report_card import JudgedItem, ReportCard, Share, report_card
from app.run.learn import expected
from app.run.voting import Asked, run_choices, stands, votes_on
from app.store import judgements, runs, votes
from app.store.judgements import Judgement
from app.store.project import Connection
from app.store.votes import Ballot, VotingCandidate
from app.words import plural

RULES: tuple[Rule, ...] = ("released", "paper", "quorum")
"""The rules that need no judgement; one that learned from a sample must not be measured on it."""
USUAL = 0.25
"""What recipes of rule quorum take as its threshold, where what stands has none that is a similarity."""
BY_LEARNED = (
    "Votes stand by rule learned, which cannot be measured on what it learned from: `quorum learn` measures "
    "it on parts that it had not seen. Here rule quorum stands in its place."
)
"""Said where it is so."""
OPEN = Said(is_right=None)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reviewers:
    """How far two reviewers agree on the answers that both judged: their number, the share of equal
    judgements, Cohen's kappa."""

    who: tuple[str, str]
    answers: int
    same: float
    kappa: float


@dataclass(frozen=True, slots=True)
class CardReport:
    """The report card of a project.

    `chosen` is the filter that the sample was drawn from, empty for all voted items; `population` are the
    items that met it. `imported` counts judged items that are not part of the sample, as they came from a
    file; `counted` says that they are counted all the same. `learned` says that votes stand by rule learned,
    which is not measured here: rule quorum stands in its place. `agreement` is of those reviewers who judged
    the same answers, `alpha` over all of them. `gain` is what learning from all judgements would gain, None
    where there are too few.
    """

    card: ReportCard
    chosen: str
    population: int
    reviewers: tuple[str, ...]
    imported: int
    counted: bool
    learned: bool
    agreement: tuple[Reviewers, ...]
    alpha: float | None
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How many items of a run were judged, and how many of those that its votes keep are right."""

    items: int
    kept: Share


def card_of(c: Connection, chosen: str = "", *, imported: bool = False) -> CardReport:
    """Make the report card from the sample that was drawn from a filter, with imports too if asked."""
    said = judgements.standing(c)
    sample = judgements.sampled(c, chosen)
    others = {row.instance_id for row in said if row.imported} - sample
    wanted = sample | others if imported else sample
    by_item = _by_item(said, wanted, sample)
    ballots = _ballots(c, by_item)
    drawing = judgements.current_drawing(c, chosen)
    units = _units(ballots, by_item)
    return CardReport(
        card=report_card(list(_items(c, ballots, by_item))),
        chosen=chosen,
        population=drawing.population if drawing else 0,
        reviewers=tuple(sorted({row.reviewer for rows in by_item.values() for row in rows})),
        imported=len(others),
        counted=imported,
        learned=any(ballot.vote is not None and ballot.vote.rule == LEARNED for ballot in ballots),
        agreement=tuple(_agreement(units)),
        alpha=alpha(units),
        gain=expected(c),
    )


def judged_sample(c: Connection, of: Collection[int] | None = None) -> ReportCard:
    """Count what the blind sample says of all voted items, or of those of some runs (their numbers).

    What was drawn from all items is a random sample of those of some runs too; of one run alone, so is what
    was drawn by the filter that names it. What learning would gain is left out.
    """
    sample = judgements.sampled(c)
    if of is not None and len(of) == 1:
        [run] = of
        sample |= judgements.sampled(c, f"run:{run}")
    by_item = _by_item(judgements.standing(c), sample, sample)
    wanted = {run.id for run in runs.all_runs(c) if of is None or run.number in of}
    ballots = [ballot for ballot in _ballots(c, by_item) if ballot.run_id in wanted]
    return report_card(list(_items(c, ballots, by_item)))


def judged_by_run(c: Connection) -> dict[str, Judged]:
    """Map the ids of runs with judged items to how many there are, and how right what their votes keep is.

    Each is measured on what was drawn at random from all items or from its own. What is kept by rule learned
    learned from just these judgements, and is left out.
    """
    said = judgements.standing(c)
    if not said:
        return {}
    everywhere = judgements.sampled(c)
    found: dict[str, list[bool | None]] = {}
    alone = {run.id: judgements.sampled(c, f"run:{run.number}") for run in runs.all_runs(c)}
    by_item = _by_item(said, everywhere.union(*alone.values()), everywhere)
    for ballot in _ballots(c, by_item):
        if ballot.instance_id not in everywhere | alone[ballot.run_id]:
            continue
        judged = found.setdefault(ballot.run_id, [])
        judged.append(_winner_is_right(ballot, by_item[ballot.instance_id]))
    return {
        run: Judged(len(winners), Share(winners.count(True), winners.count(True) + winners.count(False)))
        for run, winners in found.items()
    }


def _winner_is_right(ballot: Ballot, said: Sequence[Judgement]) -> bool | None:
    """Say whether what a vote keeps is right; None where it keeps nothing, or that was left open."""
    vote = ballot.vote
    if vote is None or not vote.keep or vote.rule == LEARNED or vote.winner_id is None:
        return None
    if _most([row.verdict.task for row in said if row.verdict.task is not None]) is False:
        return False
    return _common([row.verdict.answers.get(vote.winner_id, OPEN) for row in said]).is_right


def _by_item(said: Iterable[Judgement], wanted: Set[str], sample: Set[str]) -> dict[str, list[Judgement]]:
    """Map the items that are wanted to what is said of them."""
    by_item: dict[str, list[Judgement]] = {}
    for row in said:
        # Beside a blind judgement, what a file says of the same item does not count.
        if row.instance_id in wanted and (not row.imported or row.instance_id not in sample):
            by_item.setdefault(row.instance_id, []).append(row)
    return by_item


def _ballots(c: Connection, by_item: Mapping[str, Sequence[Judgement]]) -> list[Ballot]:
    return [ballot for ballot in votes.ballots_of(c, by_item.keys()) if ballot.candidates and ballot.vote]


def heading(report: CardReport) -> str:
    """Say what the card rests on (foreign: it names reviewers)."""
    who = f" by {', '.join(report.reviewers)}" if report.reviewers else ""
    if report.counted and report.imported:
        return (
            f"{plural(report.card.items, 'judged item')}{who}, imported ones among them: not a random sample"
        )
    of = f", drawn at random from {report.population:,}" if report.population else ""
    chosen = f" that meet {report.chosen}" if report.chosen else ""
    return f"{plural(report.card.items, 'judged item')}{who}{of}{chosen}"


def _items(
    c: Connection, ballots: Sequence[Ballot], said: Mapping[str, Sequence[Judgement]]
) -> Iterable[JudgedItem]:
    """Yield the judged items with the votes of every rule."""
    own = run_choices(c) if ballots else {}
    by_rule = {
        rule: votes_on(ballots, [_by(rule, stands(ballot, own)) for ballot in ballots]) for rule in RULES
    }
    for at, ballot in enumerate(ballots):
        # The vote that stands may be about other candidates than take part now, and one that learned from
        # these very judgements would look better than it is.
        earlier = ballot.vote if ballot.up_to_date else None
        current = earlier if earlier is not None and earlier.rule != LEARNED else None
        verdicts = [row.verdict for row in said[ballot.instance_id]]
        yield JudgedItem(
            kind=ballot.kind,
            models=tuple(map(_name, ballot.candidates)),
            answers=tuple(
                _common([verdict.answers.get(one.id, OPEN) for verdict in verdicts])
                for one in ballot.candidates
            ),
            task=_most([verdict.task for verdict in verdicts if verdict.task is not None]),
            input=_most([verdict.input for verdict in verdicts if verdict.input is not None]),
            stands=current or by_rule["quorum"][at],
            votes={rule: of_rule[at] for rule, of_rule in by_rule.items()},
        )


def _by(rule: Rule, own: RuleChoice) -> RuleChoice:
    """Return by what to vote by a rule on what stands by another; a probability is no threshold for it."""
    return Asked(rule=rule, threshold=USUAL if own.rule == LEARNED else None).over(own)


def _name(candidate: VotingCandidate) -> str:
    """Return the model's name; as the writer it is told apart, since it may answer as well (foreign)."""
    return f"{candidate.name} (writer)" if candidate.role == "writer" else candidate.name


def _most(said: Sequence[T]) -> T | None:
    """Return what most say; None where nobody does, or as many say something else."""
    counted = Counter(said).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]


def _common(said: Sequence[Said]) -> Said:
    """Return what most reviewers say of an answer; open where they differ evenly."""
    right = _most([one.is_right for one in said if one.is_right is not None])
    grade = _most([one.grade for one in said if one.grade and one.is_right == right])
    return Said(right, grade or "")


def _units(ballots: Iterable[Ballot], said: Mapping[str, Sequence[Judgement]]) -> list[dict[str, str]]:
    """Return for each distinct answer what each reviewer says of it."""
    units = []
    for ballot in ballots:
        for first, *_ in equal_groups({one.id: one.output for one in ballot.candidates}):
            units.append(
                {
                    row.reviewer: str(answer.is_right)
                    for row in said[ballot.instance_id]
                    if (answer := row.verdict.answers.get(first, OPEN)).is_right is not None
                }
            )
    return units


def _agreement(units: Sequence[Mapping[str, str]]) -> Iterable[Reviewers]:
    names = sorted({name for unit in units if len(unit) > 1 for name in unit})
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            labels = [(unit[one], unit[other]) for unit in units if one in unit and other in unit]
            if labels:
                same = sum(first == second for first, second in labels) / len(labels)
                yield Reviewers((one, other), len(labels), same, kappa(labels))


def agreement_lines(report: CardReport) -> Iterator[str]:
    """Say how far reviewers agree, a line for each two of them (foreign: it names them)."""
    for pair in report.agreement:
        yield (
            f"{' and '.join(pair.who)}: {plural(pair.answers, 'answer')} judged by both, {pair.same:.0%} the "
            f"same, kappa {pair.kappa:.2f}"
        )
    if report.alpha is not None:
        yield f"Krippendorff's alpha {report.alpha:.2f}"
