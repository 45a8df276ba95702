"""The engine against itself: a full batch against one sequence, a shared prefix against none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from app.bench.paired import Ratio, paired
from app.engine import catalog
from app.engine.gguf import read_header
from app.engine.request import Request, Sampling
from app.engine.settings import default_settings
from app.engine.supervisor import Engine
from app.method.prompts import Demonstration, block_prompt
from app.method.recipe import load
from app.run.plan import DEFAULT_RECIPE, default_plan

REQUESTS = 48


async def ratios(rounds: int) -> AsyncIterator[Ratio]:
    """Measure instance writing with the bundled writer."""
    path = catalog.bundled().writer
    one = default_settings(read_header(path), headless=True, parallel=1)
    together, alone = Engine(path, headless=True), Engine(path, settings=one)
    try:
        await together.start()
        await alone.start()
        shared, whole = _requests(shared=True), _requests(shared=False)
        yield await paired(
            ("batched", lambda: _all(together, shared)),
            ("one at a time", lambda: _all(alone, shared)),
            rounds,
        )
        yield await paired(
            ("shared prefix", lambda: _all(together, shared)),
            ("prefix in every prompt", lambda: _all(together, whole)),
            rounds,
        )
    finally:
        await together.close()
        await alone.close()


async def _all(engine: Engine, requests: list[Request]) -> None:
    await asyncio.gather(*(engine.complete(request) for request in requests))


def _requests(*, shared: bool) -> list[Request]:
    """Ask for an instance of every seed task of kind A in turn, after the same worked examples."""
    stage = load(DEFAULT_RECIPE).instances
    assert stage.form == "blocks"
    seeds = [seed for seed in default_plan().seeds if seed.kind == "A"]
    examples = [
        Demonstration(seed.instruction, *seed.instances[0]) for seed in seeds[: stage.a.demonstrations]
    ]
    sampling = Sampling(temperature=0.0, max_new_tokens=48, stop=stage.sampling.stop)
    requests = []
    for number in range(REQUESTS):
        prompt = block_prompt(stage.a, examples, seeds[number % len(seeds)].instruction, None)
        prefix, tail = (prompt.prefix, prompt.tail) if shared else ("", prompt.text)
        requests.append(Request(f"bench:{number}", prefix, tail, sampling=sampling, seed=number + 1))
    return requests
