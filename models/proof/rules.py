"""How right models, rules and learning are on tasks whose right answers are known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from app.method.consensus import Answers, RuleChoice, Vote, vote_again, vote_on
from app.method.equality import content
from app.method.intervals import Estimate
from app.method.judging import Said
from app.method.learned import Item
from app.method.learning import Known, fit
from app.method.report_card import JudgedItem, ReportCard, report_card
from models.training.accuracy import NAMES

from .tasks import Answered

RULES = {
    "released": RuleChoice("released", 0.01),
    "paper": RuleChoice("paper", 0.01),
    "quorum": RuleChoice("quorum", 0.25, at_least="half"),
}
"""Each at a threshold that keeps as much as it ever does, or as the default recipe has it."""
MODELS = ("writer", *NAMES[1:])
PROBABLE = 0.5
"""From which probability on rule learned keeps an answer."""
Voted = tuple[Answered, Vote]
"""A task, and the default vote on its answers."""
JUDGED = (10, 30, 100)
SAMPLES, OUT_OF = 20, 2_000
"""Samples of judged tasks, each drawn anew: what is learned depends on which tasks were judged."""


@dataclass(frozen=True, slots=True)
class Learning:
    """What is right of the tasks that nobody judged after so many judgements: by the winners of rule learned,
    by the best model alone and by the default vote; each a mean over samples with the lowest and the
    highest. `kept` of those learned keeps from a probability of a half on, `right` of these."""

    judged: int
    learned: Estimate
    best: Estimate
    voted: Estimate
    kept: Estimate
    right: Estimate


def answers_of(task: Answered, key: str) -> Answers:
    """Return the answers as rules vote on them."""
    return Answers(task.answers, key=key, kind="A", models=MODELS)


def votes_of(tasks: Sequence[Answered], choice: RuleChoice) -> list[Vote]:
    """Vote on the answers to tasks."""
    return vote_on([answers_of(task, str(at)) for at, task in enumerate(tasks)], choice)


def card_of(tasks: Sequence[Answered]) -> ReportCard:
    """Return the report card of somebody who judged every task, and judged right."""
    by_rule = {rule: votes_of(tasks, choice) for rule, choice in RULES.items()}
    return report_card(
        [
            JudgedItem(
                kind="A",
                models=MODELS,
                answers=tuple(map(Said, task.right)),
                task=True,
                input=True,
                stands=by_rule["quorum"][at],
                votes={rule: votes[at] for rule, votes in by_rule.items()},
            )
            for at, task in enumerate(tasks)
        ]
    )


def known(tasks: Sequence[Answered], votes: Sequence[Vote]) -> list[Known]:
    """Return what somebody knows who judged every answer to these tasks."""
    judged = []
    for task, vote in zip(tasks, votes, strict=True):
        said = list(map(content, task.answers))
        item = Item("A", MODELS, task.answers, said, vote.matrix, ("",) * len(said), vote.voting)
        judged.append(Known(item, task.right, task.instruction))
    return judged


def learned_votes(judged: Sequence[Voted], others: Sequence[Voted]) -> list[Vote]:
    """Vote on other tasks by what these judged ones teach."""
    choice = RuleChoice("learned", PROBABLE, weights=fit(known(*zip(*judged, strict=True))))
    return vote_again([(answers_of(task, ""), vote) for task, vote in others], choice)


def learning(tasks: Sequence[Answered]) -> Iterator[Learning]:
    """Judge some of the first `OUT_OF` tasks at random, learn, and look at the others of these."""
    tasks = tasks[:OUT_OF]
    voted = list(zip(tasks, votes_of(tasks, RULES["quorum"]), strict=True))
    for judged in JUDGED:
        outcomes = [_outcome(voted, judged, seed) for seed in range(SAMPLES)]
        yield Learning(judged, *(_spread(values) for values in zip(*outcomes, strict=True)))


def _outcome(voted: Sequence[Voted], judged: int, seed: int) -> tuple[float, ...]:
    order = random.Random(seed).sample(voted, len(voted))
    rest = order[judged:]
    tasks = [task for task, _ in rest]
    votes = learned_votes(order[:judged], rest)
    kept = [(task, vote) for task, vote in zip(tasks, votes, strict=True) if vote.keep]
    return (
        share_right(list(zip(tasks, votes, strict=True))),
        max(fmean(column) for column in zip(*(task.right for task in tasks), strict=True)),
        share_right(rest),
        len(kept) / len(rest),
        share_right(kept),
    )


def share_right(voted: Sequence[Voted]) -> float:
    """Return the share of the votes whose winner is right, kept or not."""
    return fmean(vote.winner is not None and task.right[vote.winner] for task, vote in voted)


def _spread(values: Sequence[float]) -> Estimate:
    return Estimate(fmean(values), min(values), max(values))
