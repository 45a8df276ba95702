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


def answers(items: Sequence[Item], folder: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the answers of each model whose file is there."""
    found = {}
    for name in names:
        path = folder / f"quorum-{name}.q8_0.gguf"
        if path.exists():
            rng = random.Random(3)
            found[name] = answer_all(path, [request(name, item, rng) for item in items])
    return found


def consensus(said: Sequence[str]) -> str | None:
    """Return the answer the rule `released` keeps because two models agree on it exactly, or None."""
    result = vote(said, "released", 0.01)
    agreed = result.keep and result.decided_by == "exact" and result.winner is not None
    return plain(said[result.winner]) if agreed and result.winner is not None else None


def percent(hits: Sequence[bool]) -> float:
    """Return the share of true values in percent."""
    return 100 * sum(hits) / max(len(hits), 1)


def table(items: Sequence[Item], said: dict[str, list[str]], misses: int) -> None:
    """Print the families from worst to best, the means and the consensus."""
    hard = {family.name for family in world.FAMILIES if family.hard}
    right = {
        name: [plain(text) == plain(item.output) for text, item in zip(texts, items, strict=True)]
        for name, texts in said.items()
    }
    families = list(dict.fromkeys(item.family for item in items))
    places = {family: [n for n, item in enumerate(items) if item.family == family] for family in families}
    scores = {
        f: {name: percent([hits[n] for n in places[f]]) for name, hits in right.items()} for f in families
    }
    for family in sorted(families, key=lambda family: sum(scores[family].values())):
        shown = " ".join(f"{name} {score:5.0f}" for name, score in scores[family].items())
        print(f"{family:28} {'hard' if family in hard else '    '} {shown}")
        wrong = [(n, name) for n in places[family] for name in said if not right[name][n]]
        for n, name in wrong[:misses]:
            print(
                f"      {name}: {items[n].instruction} | {items[n].input} -> "
                f"{said[name][n]!r}, not {items[n].output!r}"
            )
    for title, chosen in (
        ("not hard", [n for n, item in enumerate(items) if item.family not in hard]),
        ("hard", [n for n, item in enumerate(items) if item.family in hard]),
        ("all", list(range(len(items)))),
    ):
        shown = " ".join(f"{name} {percent([hits[n] for n in chosen]):5.1f}" for name, hits in right.items())
        print(f"mean {title:9} ({len(chosen)} items): {shown}")
    if len(said) > 1:
        kept = [(consensus([texts[n] for texts in said.values()]), item) for n, item in enumerate(items)]
        good = [text == plain(item.output) for text, item in kept if text is not None]
        print(f"consensus: kept {100 * len(good) / len(items):.1f} %, of these right {percent(good):.1f} %")


def paraphrases(path: Path, folder: Path, names: Sequence[str], misses: int) -> None:
    """Print how many hand-written requests each model answers acceptably."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    items = [
        Item("", "A" if row["input"] else "B", row["instruction"], row["input"], row["outputs"][0])
        for row in rows
    ]
    said = answers(items, folder, names)
    good: dict[str, list[bool]] = {}
    for name, texts in said.items():
        good[name] = [plain(t) in map(plain, row["outputs"]) for t, row in zip(texts, rows, strict=True)]
        shown = 0
        for text, row, hit in zip(texts, rows, good[name], strict=True):
            if not hit and shown < misses:
                shown += 1
                print(
                    f"  {name}: {row['instruction']} | {row['input']} -> {text!r}, not {row['outputs'][0]!r}"
                )
    print(
        f"paraphrases ({len(rows)}): "
        + " ".join(f"{name} {percent(hits):.1f}" for name, hits in good.items())
    )
    if len(said) > 1:
        kept = [(consensus([texts[n] for texts in said.values()]), row) for n, row in enumerate(rows)]
        agreed = [text in map(plain, row["outputs"]) for text, row in kept if text is not None]
        print(
            f"consensus: kept {100 * len(agreed) / len(rows):.1f} %, of these right {percent(agreed):.1f} %"
        )


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
    given = parser.parse_args()
    if given.paraphrases:
        paraphrases(given.paraphrases, given.models, given.only, given.misses)
        return
    items = held_out_items(given.kind, given.each, given.seed)
    table(items, answers(items, given.models, given.only), given.misses)


if __name__ == "__main__":
    main()
