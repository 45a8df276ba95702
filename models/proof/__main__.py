"""Run the proof and print its figures as the manual has them: `make proof`, or `python -m models.proof`.

Students need the training extras (torch); `--without-students` leaves them out.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import fmean

from app.method.evaluation import bootstrap
from app.method.intervals import Estimate
from app.method.report_card import Kept, ReportCard, Share

from . import rules
from .arms import arms
from .tasks import BUILD, Answered, answered, keep

SEEDS = (1, 2, 3)


def main() -> None:
    """Read the command line, and print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-students", action="store_true", help="train none: torch is not needed")
    options = parser.parse_args()
    learned, tested = answered()
    for line in rule_lines(learned + tested):
        print(line, flush=True)
    if not options.without_students:
        for line in student_lines(learned, tested):
            print(line, flush=True)


def rule_lines(tasks: Sequence[Answered]) -> Iterator[str]:
    """Yield how right models, rules, groups of equal answers and learning are."""
    card = rules.card_of(tasks)
    yield f"## Models and rules, on {len(tasks):,} tasks\n"
    yield from table(("alone", "right"), [(one.name, share(one.all)) for one in card.models])
    for rule, rows in card.rules.items():
        yield f"Rule `{rule}`:\n"
        yield from table(
            ("threshold", "keeps", "of these right", *(f"{name} on these" for name in rules.MODELS), "gain"),
            [_row(card, kept) for kept in rows if kept.kept],
        )
    yield "Winners by how many answers are equal:\n"
    yield from table(
        ("equal", "right", "tasks"),
        [(f"{size} of {of}", share(held), f"{held.count:,}") for (size, of), held in card.groups.items()],
    )
    out_of = min(rules.OUT_OF, len(tasks))
    yield f"Rule `learned`, over {rules.SAMPLES} samples of judged tasks out of {out_of:,}:\n"
    yield from table(
        ("judged", "learned", "best model", "default vote", "keeps from ½", "of these right"),
        [
            (str(one.judged), *map(percent, (one.learned, one.best, one.voted, one.kept, one.right)))
            for one in rules.learning(tasks)
        ],
    )


def _row(card: ReportCard, kept: Kept) -> tuple[str, ...]:
    """Return a row of a rule: the gain is over the best of the models on the same tasks."""
    best = max(kept.models, key=lambda name: kept.models[name].estimate.value)
    return (
        f"{kept.threshold:g}",
        f"{kept.kept / kept.items:.1%}",
        share(kept.winner),
        *(f"{kept.models[name].estimate.value:.1%}" for name in rules.MODELS),
        points(kept.differences[best]),
    )


def student_lines(learned: Sequence[Answered], tested: Sequence[Answered]) -> Iterator[str]:
    """Yield how right students are on every second task of the test: each seed, and their mean over tasks."""
    from .students import base_asked, trained_and_asked  # it needs torch

    tested = tested[::2]
    asked = [task.item("") for task in tested]
    held = arms(learned)
    size = len(held["writer"].rows)
    before = _hits("base", tested, lambda: base_asked(asked))
    per_seed: dict[str, list[list[bool]]] = {name: [] for name in held}
    for seed in SEEDS:  # a seed of every arm first: what is there after half the time can be compared
        for name, arm in held.items():
            train = partial(trained_and_asked, arm.rows, seed, asked)
            per_seed[name].append(_hits(f"{name}-{seed}", tested, train))
    hits = {name: [fmean(task) for task in zip(*seeds, strict=True)] for name, seeds in per_seed.items()}
    yield f"## A student, on {len(tested):,} held-out tasks, from {size:,} rows\n"
    rows = [
        (
            arm.title,
            f"{arm.right / size:.1%}",
            percent(bootstrap(hits[name])),
            ", ".join(f"{fmean(seed):.1%}" for seed in per_seed[name]),
        )
        for name, arm in held.items()
    ]
    untrained = ("none: the writer as it is", "", percent(bootstrap(list(map(float, before)))), "")
    yield from table(("rows", "right rows", "student right", "each seed"), [untrained, *rows])
    yield "Differences, task by task:\n"
    pairs = (("consensus", "writer"), ("certified", "consensus"), ("human", "certified"), ("human", "writer"))
    yield from table(
        ("", "points"),
        [(f"{held[a].title} − {held[b].title}", points(apart(hits[a], hits[b]))) for a, b in pairs],
    )


def _hits(name: str, tested: Sequence[Answered], answer: Callable[[], list[str]]) -> list[bool]:
    """Return on which tasks a student is right; trained and asked unless it was before."""
    path = BUILD / "students" / f"{name}.json"
    if not path.exists():
        began = time.monotonic()
        keep(path, json.dumps(answer()))
        print(f"student {name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    answers: list[str] = json.loads(path.read_text("utf-8"))
    return [task.says(text) for task, text in zip(tested, answers, strict=True)]


def apart(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """Return by how much the first are right more often, with its bootstrap interval over tasks."""
    return bootstrap([one - other for one, other in zip(first, second, strict=True)])


def percent(held: Estimate) -> str:
    """Write a share and its interval in per cent."""
    return f"{100 * held.value:.1f}% ({100 * held.low:.1f}–{100 * held.high:.1f})"


def points(held: Estimate) -> str:
    """Write a difference and its interval in points."""
    return f"{100 * held.value:+.1f} ({100 * held.low:+.1f} to {100 * held.high:+.1f})"


def share(held: Share) -> str:
    """Write a share of right answers with its interval."""
    return percent(held.estimate)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


if __name__ == "__main__":
    main()
