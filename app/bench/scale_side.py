"""One piece of work on one size, in a process of its own: `python -m app.bench.scale_side WORK FOLDER SIZE`.

Prints its CPU-seconds, those of the processes that shared the work included, the seconds that passed, and the
most memory that was resident here, as JSON. Works that follow each other share a folder: the first makes the
project that the others use.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import get_args

from app.bench.ui_side import peak_bytes
from app.intake.dedup import Ways
from app.intake.dedup import dedup as dedup_file
from app.intake.lines import parse
from app.method.near_groups import near_groups
from app.method.recipe_parts import NEAR_DUPLICATE
from app.run import import_files
from app.run.import_files import Source, project_at
from app.run.plan import default_plan
from app.run.revoting import revote
from app.run.voting import Asked
from app.store import counts, exportable
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import Include
from app.store.views import ExportRow

MODELS = ("first", "second", "third")
Work = Callable[[Path, int], Callable[[], object]]
"""Prepares a piece of work of a size in a folder, and returns what is measured."""
_NEAR = 0.1
"""The share of real-looking tasks that are an earlier one with some words exchanged."""
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "zo",
    "kra",
    "ste",
)


def tasks(count: int) -> Iterator[str]:
    """Yield instructions that look real: chains of the seeds' words, others drawn as rare as words are."""
    rng = random.Random(1)
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(60_000)]
    weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(words))))
    follows: dict[str, list[str]] = {}
    for seed in default_plan().seeds:
        parts = ["", *seed.instruction.split(), ""]
        for word, following in itertools.pairwise(parts):
            follows.setdefault(word, []).append(following)
    earlier: deque[str] = deque(maxlen=1000)
    for _ in range(count):
        if earlier and rng.random() < _NEAR:
            text = rng.choice(earlier).split()
            for _ in range(rng.randint(0, max(1, len(text) // 4))):
                text[rng.randrange(len(text))] = rng.choices(words, cum_weights=weights)[0]
        else:
            text, word = [], ""
            while len(text) < 5 or (word and len(text) < 30):
                if word := rng.choice(follows[word]):
                    rare = len(word) > 4 and rng.random() < 0.4
                    text.append(rng.choices(words, cum_weights=weights)[0] if rare else word)
                    word = word if word in follows else ""
        earlier.append(" ".join(text))
        yield earlier[-1]


def candidates(folder: Path, count: int) -> Callable[[], object]:
    """Import tasks with three answers each, and vote."""
    rng, file = random.Random(2), folder / "candidates.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number, task in enumerate(tasks(count)):
            words = task.split()
            one, other = (" ".join(rng.choices(words, k=12)) for _ in range(2))
            answers = [one, one if rng.random() < 0.4 else other, one if rng.random() < 0.4 else other[::-1]]
            outputs = [{"model": model, "output": text} for model, text in zip(MODELS, answers, strict=True)]
            out.write(json.dumps({"instruction": f"{task} ({number})", "outputs": outputs}) + "\n")
    return lambda: import_files.candidates(
        Source(file), lambda: project_at(folder / "project.db", create=True), "bench"
    )


def decisions(folder: Path, count: int) -> Callable[[], object]:
    """Import a decision about every item."""
    file = folder / "decisions.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(1, count + 1):
            decision = "accept" if number % 2 else "reject"
            out.write(json.dumps({"item": number, "decision": decision}) + "\n")
    return lambda: import_files.decisions(Source(file), lambda: project_at(folder / "project.db"), "bench")


def judgements(folder: Path, count: int) -> Callable[[], object]:
    """Import a judgement of every item."""
    file = folder / "judgements.jsonl"
    with (
        (folder / "candidates.jsonl").open(encoding="utf-8") as tasks,
        file.open("w", encoding="utf-8") as out,
    ):
        for line in itertools.islice(tasks, count):
            said = [{"model": model, "right": model != "third"} for model in MODELS]
            record = {"instruction": json.loads(line)["instruction"], "task": True, "outputs": said}
            out.write(json.dumps(record) + "\n")
    return lambda: import_files.judgements(Source(file), lambda: project_at(folder / "project.db"), "bench")


def vote(folder: Path, _count: int) -> Callable[[], object]:
    """Vote again on every item, with another threshold."""

    def work() -> None:
        with Project.open(folder / "project.db") as project:
            project.write_now(lambda c: revote(c, Asked(threshold=0.5)))

    return work


def status(folder: Path, _count: int) -> Callable[[], object]:
    """Count what the project holds."""

    def work() -> None:
        with Project.open(folder / "project.db", read_only=True) as project:
            project.read(lambda c: counts.summary(c, None, (*counts.STAGES, counts.BARRED)))

    return work


def export(folder: Path, _count: int) -> Callable[[], object]:
    """Say what the Export screen says first: how many rows there are at most, and what the first one is."""

    def work() -> None:
        with Project.open(folder / "project.db", read_only=True) as project:
            project.read(lambda c: [_first(c, include) for include in get_args(Include)])

    return work


def _first(c: Connection, include: Include) -> tuple[int, ExportRow | None]:
    chosen = exportable.Selection(include)
    return exportable.at_most(c, chosen), next(exportable.rows(c, chosen), None)


def dedup(folder: Path, count: int) -> Callable[[], object]:
    """Take near-duplicates out of real-looking tasks."""
    return _deduplication(folder / "tasks.jsonl", tasks(count))


def twins(folder: Path, count: int) -> Callable[[], object]:
    """Take near-duplicates out of tasks that differ in a number alone."""
    numbers = range(count)
    return _deduplication(folder / "twins.jsonl", (f"Translate {number} into French." for number in numbers))


def _deduplication(file: Path, tasks: Iterable[str]) -> Callable[[], object]:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps({"instruction": task}) + "\n" for task in tasks)

    def work() -> None:
        with file.open("rb") as source, file.with_suffix(".kept").open("wb") as out:
            dedup_file(source, str(file), out, Ways())

    return work


def split(_folder: Path, count: int) -> Callable[[], object]:
    """Find the groups of tasks that are all nearly alike, which a split keeps together."""
    alike = [f"Translate w{number:x} into French." for number in range(count)]
    return lambda: near_groups(alike, NEAR_DUPLICATE)


def keys(_folder: Path, count: int) -> Callable[[], object]:
    """Read a JSON object of ten times as many keys, the last of which comes twice."""
    pairs = [f'"k{number}": 1' for number in (*range(10 * count), 10 * count - 1)]
    data = f"{{{', '.join(pairs)}}}"

    def work() -> None:
        try:
            parse(data.encode(), "")
        except Exception:
            return
        raise AssertionError("a key that comes twice was not found")

    return work


WORKS: dict[str, Work] = {
    work.__name__: work
    for work in (candidates, decisions, judgements, vote, status, export, dedup, twins, split, keys)
}


def main(name: str, folder: str, count: str) -> None:
    """Prepare a piece of work, do it, and tell."""
    work = WORKS[name](Path(folder), int(count))
    began, clock = sum(os.times()[:4]), time.monotonic()
    work()
    seconds, passed = sum(os.times()[:4]) - began, time.monotonic() - clock
    print(json.dumps({"seconds": seconds, "passed": passed, "megabytes": peak_bytes() / 1e6}))


if __name__ == "__main__":
    main(*sys.argv[1:])
