"""Measure the packed models on held-out tasks: `python -m models.training.accuracy --each 12`.

Prints one line per family (writer with three demonstrations, chat, t5), the means, and what a consensus by
exact agreement of two models keeps and how much of that is right. `--paraphrases FILE` scores a file with one
JSON object per line: `instruction`, `input`, `outputs` (all accepted answers).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
from collections.abc import Sequence
from pathlib import Path

from app.method.consensus import vote

from . import documents, world
from .asking import answer_all
from .world import Family, Item, Kind

MODELS = Path("models")
NAMES = ("writer", "chat", "t5")
SHOTS = 3


def plain(text: str) -> str:
    """Lower case without punctuation and extra spaces; what two answers must share to count as the same."""
    bare = text.lower().translate(str.maketrans("", "", string.punctuation))
    return re.sub(r"\s+", " ", bare).strip()


def held_out_item(rng: random.Random, family: Family) -> Item:
    """Draw a task that training never saw; half of them are wrapped."""
    while not world.held_out(item := world.draw(rng, family.kind, rng.random() < 0.5, False, family)):
        pass
    return item


def held_out_items(kind: Kind, each: int, seed: int) -> list[Item]:
    """Draw equally many tasks of every family of the kind."""
    rng = random.Random(seed)
    return [held_out_item(rng, family) for family in world.families(kind) for _ in range(each)]


def request(name: str, item: Item, rng: random.Random) -> str:
    """Return what a model is asked; the writer sees three demonstrations of other families."""
    if name != "writer":
        return documents.content(item)
    others = [family for family in world.families(item.kind) if family.name != item.family]
    shown = [world.draw(rng, item.kind, family=family) for family in rng.sample(others, SHOTS)]
    return documents.block_prompt(
        item.kind, shown, item.instruction, item.input if item.kind == "A" else None
    )


def ask(items: Sequence[Item], folder: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the answers of each model whose file is there."""
    answers: dict[str, list[str]] = {}
    for name in names:
        path = folder / f"quorum-{name}.q8_0.gguf"
        if path.exists():
            rng = random.Random(3)
            answers[name] = answer_all(path, [request(name, item, rng) for item in items])
    return answers


def consensus(answers: Sequence[str]) -> str | None:
    """Return the answer the rule `released` keeps because two models agree on it exactly, or None."""
    result = vote(answers, "released", 0.01)
    agreed = result.keep and result.decided_by == "exact" and result.winner is not None
    return plain(answers[result.winner]) if agreed and result.winner is not None else None


def percent(hits: Sequence[bool]) -> float:
    """Return the share of true values in percent."""
    return 100 * sum(hits) / max(len(hits), 1)


def judge(answers: dict[str, list[str]], accepted: Sequence[Sequence[str]]) -> dict[str, list[bool]]:
    """Tell for each model which of its answers are among the accepted ones."""
    return {
        name: [plain(text) in map(plain, good) for text, good in zip(texts, accepted, strict=True)]
        for name, texts in answers.items()
    }


def shares(hits: dict[str, list[bool]], numbers: Sequence[int], decimals: int = 1) -> str:
    """Return each model's share of right answers among the items with these numbers."""
    return " ".join(
        f"{name} {percent([right[number] for number in numbers]):5.{decimals}f}"
        for name, right in hits.items()
    )


def print_misses(
    items: Sequence[Item], answers: dict[str, list[str]], misses: Sequence[tuple[int, str]]
) -> None:
    """Print wrong answers, each given by the number of its item and the name of the model."""
    for number, name in misses:
        item = items[number]
        print(
            f"  {name}: {item.instruction} | {item.input} -> {answers[name][number]!r}, not {item.output!r}"
        )


def print_consensus(answers: dict[str, list[str]], accepted: Sequence[Sequence[str]]) -> None:
    """Print how often the models agree, and how often they are right then."""
    if len(answers) < 2:
        return
    agreed = [consensus(texts) for texts in zip(*answers.values(), strict=True)]
    hits = [text in map(plain, good) for text, good in zip(agreed, accepted, strict=True) if text is not None]
    kept = 100 * len(hits) / len(accepted)
    print(f"consensus: kept {kept:.1f} %, of these right {percent(hits):.1f} %")


def table(items: Sequence[Item], answers: dict[str, list[str]], misses: int) -> None:
    """Print the families from worst to best, the means and the consensus."""
    hard = {family.name for family in world.FAMILIES if family.hard}
    accepted = [[item.output] for item in items]
    hits = judge(answers, accepted)
    numbers: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        numbers.setdefault(item.family, []).append(number)
    scores = {
        family: sum(right[number] for right in hits.values() for number in of_family)
        for family, of_family in numbers.items()
    }
    for family in sorted(numbers, key=lambda family: scores[family] / len(numbers[family])):
        mark = "hard" if family in hard else "    "
        print(f"{family:28} {mark} {shares(hits, numbers[family], 0)}")
        wrong = [(number, name) for number in numbers[family] for name in hits if not hits[name][number]]
        print_misses(items, answers, wrong[:misses])
    for title, chosen in (
        ("not hard", [number for number, item in enumerate(items) if item.family not in hard]),
        ("hard", [number for number, item in enumerate(items) if item.family in hard]),
        ("all", list(range(len(items)))),
    ):
        print(f"mean {title:9} ({len(chosen)} items): {shares(hits, chosen)}")
    print_consensus(answers, accepted)


def paraphrases(path: Path, folder: Path, names: Sequence[str], misses: int) -> None:
    """Print how many hand-written requests each model answers acceptably."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    items = [
        Item("", "A" if row["input"] else "B", row["instruction"], row["input"], row["outputs"][0])
        for row in rows
    ]
    accepted = [row["outputs"] for row in rows]
    answers = ask(items, folder, names)
    hits = judge(answers, accepted)
    for name, right in hits.items():
        wrong = [(number, name) for number, is_right in enumerate(right) if not is_right]
        print_misses(items, answers, wrong[:misses])
    print(f"paraphrases ({len(rows)}): {shares(hits, range(len(rows)))}")
    print_consensus(answers, accepted)


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES)
    parser.add_argument("--each", type=int, default=12, help="items per family")
    parser.add_argument("--kind", default="A", choices=("A", "B"))
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--misses", type=int, default=0, help="wrong answers to show")
    parser.add_argument("--paraphrases", type=Path)
    options = parser.parse_args()
    if options.paraphrases:
        paraphrases(options.paraphrases, options.models, options.only, options.misses)
        return
    items = held_out_items(options.kind, options.each, options.seed)
    table(items, ask(items, options.models, options.only), options.misses)


if __name__ == "__main__":
    main()
