"""Stage 5: a rule chooses among the candidates of every instance that has them all.

Voting again applies another rule or threshold to the stored scores, or counts candidates added since.
Votes are never changed, a new one takes the place of the old; decisions stay as they are.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from app.errors import ProjectError
from app.method.consensus import (
    COUNTING,
    LEARNED,
    RULE_VERSIONS,
    Answers,
    RuleChoice,
    Vote,
    part_of,
    standing,
    vote_again,
    vote_on,
)
from app.method.learned import model_key
from app.method.may_vote import barred
from app.method.recipe import Recipe
from app.method.recipe_parts import AtLeast, Rule, TokeniserChoice, Voters
from app.method.voices import speakers
from app.run.context import RunContext
from app.run.written import FAILED, SET_ASIDE
from app.store import fits, generated, runs, votes
from app.store.project import Connection
from app.store.rows import CandidateRow, InstanceRow, RunRow
from app.store.votes import Ballot
from app.words import plural

_TOLD_EVERY = 500
"""Votes after which it is told how many were made."""


async def vote_missing(ctx: RunContext) -> None:
    """Vote on every instance of the run that all answerers have answered and that has no vote yet.

    Candidates that are dropped, as the model failed, never left its thinking or refused, do not take part;
    an instance that has no others is set aside as they were. Of those that take part some may not vote.
    """
    choice = await ctx.project.fetch(lambda c: present_choice(c, ctx.recipe))
    for instance, candidates in await ctx.project.fetch(lambda c: _waiting(c, ctx.run.id)):
        if any(not candidate.reason for candidate in candidates):
            row = await asyncio.to_thread(vote_row, instance, candidates, choice)
            await ctx.write(partial(votes.save_vote, instance_id=instance.id, vote=row))
        else:
            status, reason = _why_aside([candidate.reason for candidate in candidates])
            aside = partial(generated.set_instance_status, status=status, reason=reason)
            await ctx.write(partial(aside, instance_id=instance.id))
        ctx.stored()


def _why_aside(reasons: Sequence[str]) -> tuple[str, str]:
    """Return the status and reason of an instance none of whose candidates takes part, by theirs."""
    if drops := [reason for reason in reasons if reason not in SET_ASIDE]:
        return "dropped", drops[0]
    return "quarantined", next((reason for reason in SET_ASIDE if reason in reasons), FAILED)


def _waiting(c: Connection, run_id: str) -> list[tuple[InstanceRow, list[CandidateRow]]]:
    return [
        (instance, generated.candidates_of(c, instance.id))
        for instance in generated.instances_without_vote(c, run_id)
    ]


def vote_row(instance: InstanceRow, candidates: Sequence[CandidateRow], choice: RuleChoice) -> Vote:
    """Vote on an instance's candidates in their order, those left out that have a reason not to take part."""
    asked = len({(candidate.role, candidate.model) for candidate in candidates})
    taking_part = [candidate for candidate in candidates if not candidate.reason]
    reasons = [
        barred(instance.instruction, instance.input, one.output, one.ended) or "" for one in taking_part
    ]
    outputs = [candidate.output for candidate in taking_part]
    models = [model_key(candidate.role, candidate.model) for candidate in taking_part]
    by = speakers(taking_part)
    ids = tuple(candidate.id for candidate in taking_part)
    [vote] = vote_on([Answers(outputs, reasons, asked, instance.id, by, instance.kind, models, ids)], choice)
    return vote


IMPORTS = RuleChoice("released", 0.01)
"""For candidates from elsewhere, which have no recipe: the rule of the reference code.

What an import has in the place of the recipe names tokeniser and voters: {"tokeniser": …, "voters": …};
no tokeniser is rouge-score, and no voters are all, as it once was.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants votes to go by; None is what stands."""

    rule: Rule | None = None
    threshold: float | None = None
    tokeniser: TokeniserChoice | None = None
    at_least: AtLeast | None = None
    voters: Voters | None = None
    containment: bool | None = None

    def over(self, stands: RuleChoice) -> RuleChoice:
        """Return by what to vote where `stands` is what stands.

        A rule that is asked for is its present version, rule learned by the newest fit. Raises ProjectError
        where `at_least` or `containment` is asked of a rule that does not count, and where no threshold is
        named and the one that stands is of another kind: a probability, or a similarity.
        """
        rule = self.rule or stands.rule
        counts = rule in COUNTING
        threshold = stands.threshold if self.threshold is None else self.threshold
        if self.threshold is None and (rule == LEARNED) != (stands.rule == LEARNED):
            if rule != LEARNED:
                raise ProjectError(
                    f"The votes stand by rule {LEARNED}, whose threshold is a probability.",
                    f"Name a threshold for rule {rule}, such as --threshold 0.25.",
                )
            threshold = PROBABLE
        if not counts and (self.at_least is not None or self.containment):
            what = "a smallest group" if self.at_least is not None else "containment"
            raise ProjectError(
                f"Rule {rule} does not count equal answers.", f"Only rule quorum takes {what}."
            )
        at_least = stands.at_least if self.at_least is None else self.at_least
        voters = self.voters or ("sound" if self.rule else stands.voters)
        contains = stands.containment if self.containment is None else self.containment
        # Version 1 of the rule has none of these, and its votes keep it until one is asked for.
        later = self.rule or self.at_least or self.voters or self.containment
        return RuleChoice(
            rule,
            threshold,
            self.tokeniser or stands.tokeniser,
            (at_least or ("half" if later else None)) if counts else None,
            voters,
            counts and contains,
            None if self.rule else stands.fit,
        )


AS_IT_STANDS = Asked()
PROBABLE = 0.5
"""The threshold of rule learned where none is named: more probably right than not."""


class Outcome(NamedTuple):
    """The result of a vote: whether to keep, the winner's model and text (foreign, or empty), the reason."""

    keep: bool
    winner: str
    output: str
    reason: str


def note_choice(choices: dict[int, Counter[RuleChoice]], run: int, vote: Vote) -> None:
    """Count by what an item of a run was voted on; the tokeniser is a matter of each item."""
    if run not in choices:
        choices[run] = Counter()
    choices[run][standing(vote, "auto")] += 1


def earlier_version(rule: Rule, count: int) -> str:
    """Say that votes stand under an earlier version of a rule, and how to see what the present one does."""
    return (
        f"votes under an earlier version of rule {rule}: {count:,}; "
        f"quorum vote FILE --rule {rule} --dry-run shows what version {RULE_VERSIONS[rule]} would change"
    )


def since_learned(c: Connection) -> str:
    """Say how many judgements and decisions came after what was learned last, and of which models it knows
    nothing (foreign text); "" where neither is so."""
    fit = fits.last(c)
    if fit is None:
        return ""
    said = []
    judged, decided = fits.since(c, fit)
    if judged + decided:
        new = " and ".join(
            plural(count, word) for count, word in ((judged, "judgement"), (decided, "decision")) if count
        )
        said.append(f"{new} since fit {fit.number} was learned")
    if unknown := _unknown_to(c, fit.number):
        said.append(f"fit {fit.number} knows nothing of {', '.join(unknown)}")
    return "; ".join(said)


def _unknown_to(c: Connection, number: int) -> list[str]:
    """Name the models of the project (foreign text) of which a fit knows nothing: they joined after it."""
    weights = fits.weights_of(c, number)
    if weights is None:
        return []
    named = {model_key(role, model): f"{name} ({role})" for role, model, name in votes.models(c)}
    return sorted(name for key, name in named.items() if key not in weights.models)


def judged_since(c: Connection) -> int:
    """Count the judgements that came after what was learned last; 0 where nothing was learned."""
    fit = fits.last(c)
    return fits.since(c, fit)[0] if fit else 0


def with_weights(c: Connection, choices: Sequence[RuleChoice]) -> list[RuleChoice]:
    """Give the choices of rule learned their weights: those of their fit, else of the newest.

    Raises ProjectError where there are none.
    """
    return weighted(choices, partial(fits.get, c))


def weighted(choices: Sequence[RuleChoice], fit_of: Callable[[int | None], fits.Fit]) -> list[RuleChoice]:
    """Do the same with fits from elsewhere than a connection."""
    complete: dict[RuleChoice, RuleChoice] = {}
    for choice in choices:
        if choice not in complete:
            fit = fit_of(choice.fit) if choice.rule == LEARNED else None
            complete[choice] = choice if fit is None else replace(choice, fit=fit.number, weights=fit.weights)
    return [complete[choice] for choice in choices]


RunChoices = Mapping[str, tuple[int, RuleChoice]]
"""By the ids of runs: their numbers, and by what an item is voted on that has no vote."""


def run_choices(c: Connection, run_id: str | None = None) -> RunChoices:
    """Return by what most votes of each run were made, of a run without votes by what its recipe votes."""
    usual = votes.usual_choices(c)
    return {
        key: (number, replace(usual[key], tokeniser=own.tokeniser) if key in usual else own)
        for key, (number, own) in recipe_choices(c, run_id).items()
    }


def recipe_choices(c: Connection, run_id: str | None = None) -> RunChoices:
    """Return by what the recipe of each run votes."""
    return {run.id: (run.number, _own_choice(c, run)) for run in runs.all_runs(c) if run_id in (None, run.id)}


def before_learning(c: Connection) -> dict[str, RuleChoice]:
    """Return by the ids of runs by what their recipes vote where nothing was learned."""
    return {run.id: _before_learning(run) for run in runs.all_runs(c)}


def present_choice(c: Connection, recipe: Recipe) -> RuleChoice:
    """Return by what a recipe votes now: rule learned only where the project has weights."""
    if recipe.rule_choice.rule == LEARNED and not fits.exists(c):
        return recipe.choice_before_learning
    return with_weights(c, [recipe.rule_choice])[0]


def stands(ballot: Ballot, own: RunChoices) -> RuleChoice:
    """Return by what a ballot's vote stands, or by what its run's items are voted on."""
    return own[ballot.run_id][1] if ballot.vote is None else standing(ballot.vote)


def _own_choice(c: Connection, run: RunRow) -> RuleChoice:
    """Return by what the recipe of a run votes."""
    if run.state == runs.IMPORTED:
        return _before_learning(run)
    return present_choice(c, Recipe.from_json(run.recipe_json))


def _before_learning(run: RunRow) -> RuleChoice:
    """Return by what the recipe of a run votes where nothing was learned."""
    if run.state == runs.IMPORTED:
        own = json.loads(run.recipe_json)
        tokeniser, voters = own.get("tokeniser", "rouge-score"), own.get("voters", "all")
        return replace(IMPORTS, tokeniser=tokeniser, voters=voters)
    recipe = Recipe.from_json(run.recipe_json)
    return recipe.choice_before_learning if recipe.rule_choice.rule == LEARNED else recipe.rule_choice


def outcome(ballot: Ballot, row: Vote) -> Outcome:
    """Return the result of a vote on this ballot's item."""
    key = row.winner_id
    for candidate in ballot.candidates:
        if candidate.id == key:
            return Outcome(row.keep, candidate.name, candidate.output, row.reason)
    return Outcome(row.keep, "", "", row.reason)


def known(ballot: Ballot) -> Vote | None:
    """Return what the stored vote knows of a ballot's candidates, None where it lacks one of them."""
    if ballot.vote is None or ballot.up_to_date:
        return ballot.vote
    places = {key: place for place, key in enumerate(ballot.vote.candidates)}
    if any(key not in places for key in ballot.ids):
        return None
    return part_of(ballot.vote, [places[key] for key in ballot.ids])


def votes_on(asked: Sequence[Ballot], choices: Sequence[RuleChoice]) -> list[Vote]:
    """Vote on ballots, each by its choice, from stored scores where there are any."""
    results: dict[int, Vote] = {}
    unscored: dict[RuleChoice, dict[int, Answers]] = {}
    scored: dict[RuleChoice, dict[int, tuple[Answers, Vote]]] = {}
    for at, (ballot, choice) in enumerate(zip(asked, choices, strict=True)):
        earlier = known(ballot)
        answers = answers_of(ballot, earlier, choice)
        if earlier is None:
            unscored.setdefault(choice, {})[at] = answers
        else:
            scored.setdefault(choice, {})[at] = answers, earlier
    for choice, anew in unscored.items():
        results.update(zip(anew, vote_on(anew.values(), choice), strict=True))
    for choice, again in scored.items():
        results.update(zip(again, vote_again(again.values(), choice), strict=True))
    return [results[at] for at in range(len(asked))]


def answers_of(ballot: Ballot, earlier: Vote | None, choice: RuleChoice) -> Answers:
    """Return the answers of a ballot, with what keeps them from voting; an `earlier` vote may know it."""
    outputs = [candidate.output for candidate in ballot.candidates]
    if choice.voters == "all":
        _check_without_samples(ballot)
    if choice.voters == "all" and choice.rule != LEARNED:
        return Answers(outputs, ids=ballot.ids)
    reasons: Sequence[str]
    if earlier is not None and earlier.barred is not None:
        reasons = earlier.barred
    else:
        reasons = [
            barred(ballot.instruction, ballot.input, candidate.output, candidate.ended) or ""
            for candidate in ballot.candidates
        ]
    models: Sequence[str] = ()
    if choice.rule == LEARNED:
        models = [model_key(candidate.role, candidate.model) for candidate in ballot.candidates]
    key, ids = ballot.instance_id, ballot.ids
    return Answers(outputs, reasons, ballot.asked, key, ballot.by, ballot.kind, models, ids)


def _check_without_samples(ballot: Ballot) -> None:
    """Raise ProjectError where all answers would vote and some are samples, which are one voice."""
    if ballot.by:
        raise ProjectError(
            f"Not all answers to item #{ballot.number:04d} can vote: a model’s samples count as one voice.",
            "Vote with --voters sound.",
        )
