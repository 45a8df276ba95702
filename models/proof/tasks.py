"""The tasks of the proof: drawn, answered by the bundled models, and kept with their one right answer."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app.method.equality import content
from models.training import world
from models.training.accuracy import MODELS, NAMES, ask, held_out_item
from models.training.world import Item

BUILD = Path("build/proof")
EACH, TESTED = 56, 14
"""Tasks of each family to be answered and learned from, and to be asked of students."""
SEED = 16
MOST_DRAWN = 40
"""Drawings for each task that is wanted: some families have few tasks that were held out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A task with its one right `output`, and what writer, chat and t5 answer, in this order."""

    family: str
    instruction: str
    input: str
    output: str
    answers: tuple[str, ...]

    @property
    def right(self) -> tuple[bool, ...]:
        """Which answers say what the right one says."""
        return tuple(map(self.says, self.answers))

    def item(self, output: str) -> Item:
        """Return the task with an output, as it is trained on and asked."""
        return Item(self.family, "A", self.instruction, self.input, output)

    def says(self, answer: str) -> bool:
        """Whether an answer says what the right one says."""
        return content(answer) == content(self.output)


def drawn() -> tuple[list[Item], list[Item]]:
    """Draw the tasks to be learned from and those to be asked of students; no task is among both, or twice.

    A family that has too few gives what it has, those of the test first.
    """
    rng = random.Random(SEED)
    seen: set[tuple[str, str]] = set()
    learned, tested = [], []
    for family in world.families("A"):
        wanted = EACH + TESTED
        found: list[Item] = []
        for _ in range(MOST_DRAWN * wanted):
            if len(found) == wanted:
                break
            item = held_out_item(rng, family)
            if (item.instruction, item.input) not in seen:
                seen.add((item.instruction, item.input))
                found.append(item)
        tested += found[:TESTED]
        learned += found[TESTED:]
    rng.shuffle(learned)
    return learned, tested


def answered() -> tuple[list[Answered], list[Answered]]:
    """Return both, answered by the bundled models; asked now unless they were before."""
    paths = [BUILD / "learned.jsonl", BUILD / "tested.jsonl"]
    if not all(path.exists() for path in paths):
        for path, items in zip(paths, drawn(), strict=True):
            _ask(path, items)
    learned, tested = map(_read, paths)
    return learned, tested


def _ask(path: Path, items: Sequence[Item]) -> None:
    """Have the models answer tasks and keep what they say, unless that is kept already."""
    if not path.exists():
        said = ask(items, MODELS, NAMES)
        lines = [
            json.dumps(
                asdict(
                    Answered(
                        item.family,
                        item.instruction,
                        item.input,
                        item.output,
                        tuple(said[model][at] for model in NAMES),
                    )
                )
            )
            for at, item in enumerate(items)
        ]
        keep(path, "\n".join(lines))


def _read(path: Path) -> list[Answered]:
    read = map(json.loads, path.read_text("utf-8").splitlines())
    return [Answered(**(fields | {"answers": tuple(fields["answers"])})) for fields in read]


def keep(path: Path, text: str) -> None:
    """Write a file of the proof whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)
