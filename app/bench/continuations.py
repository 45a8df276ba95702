"""Whether stage 1 should take several continuations of a prompt: what is kept per CPU-second, not written.

Reading the prompt is most of the work when few tokens are written after many. Continuations of one prompt
share that work, but resemble each other more, so that the novelty filter drops more of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.bench.figures import Figure
from app.bench.process import Side, Spec
from app.engine import catalog
from app.engine.gguf import read_header
from app.engine.request import Request, Sampling
from app.engine.settings import default_settings
from app.method import filters
from app.method.novelty import Pool
from app.method.parse import parse_instructions
from app.method.prompts import draw_demonstrations, list_prompt
from app.method.recipe import load
from app.method.recipe_forms import ListInstructions
from app.run.plan import DEFAULT_RECIPE, default_plan

COMPLETIONS = 96
COUNTS = (1, 2, 4)
WORTH = 1.3


def figures(rounds: int) -> Iterator[Figure]:
    """Compare 2 and 4 continuations with one: the bundled writer, the default recipe's first stage."""
    path = catalog.bundled().writer
    settings = default_settings(read_header(path), headless=True)
    kept: dict[int, list[float]] = {count: [] for count in COUNTS}
    with Side(Spec("engine", str(path), settings), _requests(1, 1, seed=0)) as side:
        for number in range(rounds):
            for count in COUNTS:
                sample = side.round(_requests(COMPLETIONS, count, seed=number + 1))
                kept[count].append(_kept(sample.texts) / sample.cpu)
    for count in COUNTS[1:]:
        ratios = tuple(many / single for many, single in zip(kept[count], kept[1], strict=True))
        yield Figure(
            f"continuations.{count}", f"{count} a prompt against 1 (worth it from {WORTH} x)", ratios
        )


def _requests(completions: int, continuations: int, seed: int) -> list[Request]:
    """Ask for instructions of kind A; the continuations of a prompt share all of it."""
    plan = default_plan()
    stage = load(DEFAULT_RECIPE).instructions
    assert isinstance(stage, ListInstructions)
    seeds = [seed_task.instruction for seed_task in plan.seeds if seed_task.kind == "A"]
    sampling = Sampling(**stage.sampling.model_dump())
    rng = random.Random(seed)
    requests = []
    for number in range(completions // continuations):
        shown = draw_demonstrations(seeds, [], stage.a.seeds + stage.a.machine, 0, rng)
        prompt = list_prompt(stage.a, shown)
        # A single continuation has nobody to share its demonstrations with.
        shared, own = (prompt.text, "") if continuations > 1 else (prompt.prefix, prompt.tail)
        requests += [
            Request(f"{number}:{again}", shared, own, sampling=sampling, seed=rng.randrange(1, 2**31))
            for again in range(continuations)
        ]
    return requests


def _kept(texts: tuple[str, ...]) -> int:
    """Count the instructions that pass the filters and are new against the seeds and each other."""
    stage = load(DEFAULT_RECIPE).instructions
    assert isinstance(stage, ListInstructions)
    pool = Pool()
    pool.add([seed_task.instruction for seed_task in default_plan().seeds if seed_task.kind == "A"])
    proposed = [text for answer in texts for text in parse_instructions(answer)]
    good = [text for text in proposed if filters.instruction_drop(text, stage.filters, cut=False) is None]
    return sum(verdict.keep for verdict in pool.judge(good, stage.novelty.threshold))
