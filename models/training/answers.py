"""Record what the packed models answer to tasks that training never saw, for `quorum bench --only learning`.

    python -m models.training.answers

One line a task: its texts, the right output, and the answers of writer, chat and t5, by the app's own engine.
"""

from __future__ import annotations

import json
from pathlib import Path

from .accuracy import MODELS, NAMES, ask, held_out_items

EACH = 5
"""Tasks of every family that takes an input; those have one right answer."""
PLACE = Path("app/bench/bundled_answers.jsonl")


def main() -> None:
    """Ask the models and write the file."""
    items = held_out_items("A", EACH, seed=14)
    answers = ask(items, MODELS, NAMES)
    with PLACE.open("w", encoding="utf-8") as file:
        for at, item in enumerate(items):
            said = [answers[name][at] for name in NAMES]
            task = {"instruction": item.instruction, "input": item.input, "output": item.output}
            file.write(f"{json.dumps({**task, 'answers': said}, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()
