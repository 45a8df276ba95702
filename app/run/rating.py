"""Which tasks of an evaluation two models are compared on, and what the comparison says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.engine.names import file_names, meant, told_apart
from app.errors import ProjectError
from app.method.equality import content
from app.method.intervals import Estimate, wilson
from app.store import evaluations, ratings
from app.store.evaluations import Evaluation
from app.store.project import Connection
from app.store.ratings import Pair, Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models of an evaluation (their names are foreign), and the tasks that they answered differently.

    `order` are positions, drawn once for all reviewers; of the `same` others both answers say the same.
    """

    evaluation: Evaluation
    pair: Pair
    names: Mapping[str, str]
    order: Sequence[int]
    same: int


@dataclass(frozen=True, slots=True)
class Result:
    """What was said of two models, and how often the better answer was the first's, with its interval.

    `verdicts` counts ratings. `better` are the tasks where one answer is better, `share` of these is the
    first model's; None where there are none.
    """

    verdicts: Mapping[Verdict, int]
    better: int
    share: Estimate | None


def comparison(c: Connection, wanted: Sequence[str] = ()) -> Comparison:
    """Return what is compared: the two models named, or the only two, of the newest finished evaluation.

    A model is meant by its name or its file's, or how one begins. Raises ProjectError where that does not
    give two.
    """
    finished = ((one, evaluations.models_of(c, one.id)) for one in evaluations.every(c))
    evaluation, known = next((found for found in finished if len(found[1]) > 1), (None, {}))
    if evaluation is None:
        raise ProjectError(
            "The project has no evaluation that two models finished.",
            "Make one with `quorum eval MODEL MODEL TASKS --project PROJECT`.",
        )
    there = told_apart(known)
    called = {key: (there[key], name, *file_names(path)) for key, (name, path) in known.items()}
    compared = [_one(called, name) for name in wanted] or list(there)
    if len(set(compared)) != 2:
        raise ProjectError(
            f"Two models are compared; these answered all tasks: {', '.join(there.values())}.",
            "Name two of them with --model.",
        )
    one, other = compared
    outputs = [
        {
            answer.position: content(answer.output)
            for answer in evaluations.answers_of(c, evaluation.id, model)
        }
        for model in (one, other)
    ]
    differing = [at for at, text in outputs[0].items() if text != outputs[1][at]]
    # The same order for every reviewer, so that those who rate a part rate the same part.
    random.Random(evaluation.id).shuffle(differing)
    pair = Pair.of(evaluation.id, one, other)
    return Comparison(evaluation, pair, there, differing, len(outputs[0]) - len(differing))


def _one(called: Mapping[str, Sequence[str]], name: str) -> str:
    """Return the model that is meant, of those that are called so (the first is what they are shown as)."""
    found = meant(name, called.items())
    if len(found) != 1:
        raise ProjectError(
            f"{name} is not one model of the evaluation.",
            f"These answered all its tasks: {', '.join(shown for shown, *_ in called.values())}.",
        )
    return found[0]


def result(c: Connection, pair: Pair) -> Result:
    """Return what all reviewers said of two models.

    A task that several rated counts once, for the model that more of them found better: ratings of one task
    are too much alike to be counted as several.
    """
    said = ratings.verdicts(c, pair)
    ahead = [of_task["first"] - of_task["second"] for of_task in said.values()]
    first, second = sum(more > 0 for more in ahead), sum(more < 0 for more in ahead)
    better = first + second
    counted = sum(said.values(), Counter[Verdict]())
    return Result(counted, better, wilson(first, better) if better else None)
