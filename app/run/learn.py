"""Learning: what people said of answers → weights of rule learned → votes. Nobody is asked, no model is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import ProjectError
from app.method.consensus import LEARNED, RuleChoice, Vote, standing
from app.method.equality import content
from app.method.gain import Gain, gain, scored_by
from app.method.learned import Item, model_key
from app.method.learning import DECISION_WEIGHT, Known, Table, calibration, scores_outside
from app.run.voting import before_learning, votes_on
from app.store import fits, judgements, votes
from app.store.fits import Decided, Fit
from app.store.project import Connection, Project
from app.store.votes import Ballot
from app.words import plural

LEAST = 10
"""Judged items without which nothing is learned: fewer than that would say more about chance."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, not stored yet, and what it gains; `names` are those of the models (foreign text).

    `unknown` are models of the project of which the weights know nothing: nobody judged an answer of theirs.
    """

    fit: Fit
    gain: Gain
    names: Mapping[str, str]
    unknown: tuple[str, ...] = ()


def learn(c: Connection) -> Learned:
    """Learn from all judgements that stand, and from decisions at a weight of their own; store nothing.

    Raises ProjectError where fewer than `LEAST` items were judged.
    """
    known = known_items(c)
    judged = [one for one in known if one.weight == 1.0]
    if len(judged) < LEAST:
        unsaid = len(judged_items(c)) - len(judged)
        left_open = f" Of {plural(unsaid, 'other')} no answer is right or wrong to most reviewers."
        raise ProjectError(
            f"Too few items were judged to learn from: {len(judged)}.{left_open if unsaid else ''}",
            f"Judge at least {LEAST}, better 30: quorum judge PROJECT.",
        )
    table = Table.of(known)
    scored = scores_outside(known, table)
    slope, offset = calibration(known, scored)
    weights = replace(table.weights(table.fitted()), slope=slope, offset=offset)
    found = gain(known, scored)
    fit = Fit(
        weights,
        judged=len(judged),
        decided=len(known) - len(judged),
        last_judgement=judgements.last_number(c),
        last_event=fits.last_event(c),
        figures=found.as_dict(),
    )
    own = names(c)
    said = (
        model
        for one in known
        for model, right in zip(one.item.models, one.right, strict=True)
        if right is not None
    )
    unknown = own.keys() - set(said)
    return Learned(fit, found, own, tuple(sorted(own[key] for key in unknown)))


def expected(c: Connection) -> Gain | None:
    """Measure what learning would gain, by parts of the judgements that had not been learned from.

    None where fewer than `LEAST` items were judged.
    """
    known = known_items(c)
    if sum(one.weight == 1.0 for one in known) < LEAST:
        return None
    return gain(known, scores_outside(known, Table.of(known)))


def learn_from(c: Connection, other: Path) -> Learned:
    """Take the newest weights of another project; what they gain is measured on this one's judgements.

    Raises ProjectError where that project has none, or no model in common with this one.
    """
    with Project.open(other, read_only=True) as opened:
        opened.check()
        if not opened.read(fits.exists):
            raise ProjectError(
                f"Nothing was learned in {other.name} yet.", f"quorum learn {other.name} learns there."
            )
        theirs = opened.read(lambda its: fits.get(its, None))
    own = names(c)
    if not own.keys() & theirs.weights.models.keys():
        raise ProjectError(
            "The other project's weights are about other models.",
            "Weights can be taken where the same models wrote and answered.",
        )
    known = known_items(c)
    found = gain(known, scored_by(known, theirs.weights), theirs.weights)
    fit = replace(
        theirs,
        figures=found.as_dict(),
        last_judgement=judgements.last_number(c),
        last_event=fits.last_event(c),
        source=other.name,
    )
    unknown = tuple(sorted(name for key, name in own.items() if key not in theirs.weights.models))
    return Learned(fit, found, own, unknown)


def names(c: Connection) -> dict[str, str]:
    """Map the models of the project, by the keys that weights have, to "name (role)" (foreign text)."""
    return {model_key(role, model): f"{name} ({role})" for role, model, name in votes.models(c)}


def known_items(c: Connection) -> list[Known]:
    """Return every item of whose answers somebody said something: judged ones, else decided ones."""
    judged = judged_items(c)
    decided = {one.instance_id: one for one in fits.decided(c) if one.instance_id not in judged}
    ballots = [
        ballot
        for ballot in votes.ballots_of(c, [*judged, *decided])
        if ballot.candidates and not ballot.waiting
    ]
    found = []
    for ballot, before, measured in zip(ballots, *_votes_on(c, ballots), strict=True):
        key = ballot.instance_id
        right = judged[key] if key in judged else said_by(decided[key], ballot)
        known = tuple(right.get(candidate.id) for candidate in ballot.candidates)
        if any(said is not None for said in known):
            winner = None if before.winner is None else known[before.winner]
            weight = 1.0 if key in judged else DECISION_WEIGHT
            item = item_of(ballot, measured)
            found.append(Known(item, known, ballot.instruction, weight, winner, before.keep))
    return found


def _votes_on(c: Connection, ballots: Sequence[Ballot]) -> tuple[list[Vote], list[Vote]]:
    """Vote by what stands, or where that was learned by what the recipe has before, and by what answers say.

    What was learned already knows these judgements: it cannot be what learning is compared with.
    """
    own = before_learning(c)
    choices = []
    for ballot in ballots:
        stands = own[ballot.run_id] if ballot.vote is None else standing(ballot.vote)
        choices.append(own[ballot.run_id] if stands.rule == LEARNED else stands)
    by_content = [
        RuleChoice("quorum", choice.threshold, choice.tokeniser, "half", "sound") for choice in choices
    ]
    return votes_on(ballots, choices), votes_on(ballots, by_content)


def item_of(ballot: Ballot, vote: Vote) -> Item:
    """Return a ballot's answers as they are measured; its vote goes by what answers say."""
    outputs = [candidate.output for candidate in ballot.candidates]
    return Item(
        ballot.kind,
        [model_key(candidate.role, candidate.model) for candidate in ballot.candidates],
        outputs,
        list(map(content, outputs)),
        vote.matrix,
        vote.barred or ("",) * len(outputs),
        vote.voting,
    )


def judged_items(c: Connection) -> dict[str, dict[str, bool | None]]:
    """Map judged items to what most reviewers say of each answer; None where they are of two minds.

    An answer to a task that is not valid is wrong, whatever it says, unless somebody judged it.
    """
    said: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    invalid = set()
    for judgement in judgements.standing(c):
        verdict, answers = judgement.verdict, said[judgement.instance_id]
        for candidate, opinion in verdict.answers.items():
            if opinion.is_right is not None:
                answers[candidate].append(opinion.is_right)
        if verdict.task is False:
            invalid.add(judgement.instance_id)
    empty = [key for key, answers in said.items() if key in invalid and not answers]
    for key, outputs in judgements.outputs_of(c, empty).items():
        said[key] = defaultdict(list, {candidate: [False] for candidate in outputs})
    return {
        key: {candidate: _majority(opinions) for candidate, opinions in answers.items()}
        for key, answers in said.items()
    }


def _majority(opinions: Sequence[bool]) -> bool | None:
    """Return what more than half say."""
    right = 2 * sum(opinions)
    return None if right == len(opinions) else right > len(opinions)


def said_by(decision: Decided, ballot: Ballot) -> dict[str, bool | None]:
    """Return what a decision says of the answers that it is about, and of those that say the same."""
    says = {candidate.id: content(candidate.output) for candidate in ballot.candidates}
    if decision.status == "rejected":
        return dict.fromkeys(says, False) if decision.reason == "wrong" else {}
    winner = says.get(decision.winner or "")
    taken = says.get(decision.candidate_id or "") if decision.status != "edited" else None
    right: dict[str, bool | None] = {}
    for key, text in says.items():
        if text == taken:
            right[key] = True
        elif text == winner:
            right[key] = False
    return right
