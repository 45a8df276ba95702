"""Stage 1 from a few examples of one source, and topics (LaMini-LM, section 3.1)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method.parse import parse_tagged
from app.method.prompts import Prompt
from app.method.recipe_forms import ExampleInstructions
from app.method.templates import render
from app.run.admission import STAGE, KindState, Verdict, judge
from app.run.asking import ask_wave, store_verdicts, unusable, wave_begin, writer_request
from app.run.context import RunContext, generator
from app.store.rows import SeedRow


@dataclass(frozen=True, slots=True)
class _Draw:
    """What one request shows: seed tasks of one source, and topics."""

    seeds: Sequence[SeedRow]
    topics: Sequence[str]

    @property
    def source(self) -> str:
        """The source of all of them."""
        return self.seeds[0].source


async def write_wave(ctx: RunContext, stage: ExampleInstructions, state: KindState) -> None:
    """Ask for the rest of the present wave, until the wave or the target is reached."""

    sources = _by_source(ctx.seeds, stage.examples)

    def draw(number: int) -> _Draw:
        return _draw(stage, sources, generator(ctx.run.seed, STAGE, "all", number))

    async def ask(_engine: Engine, number: int) -> Request:
        said = _asked(stage, draw(number))
        return writer_request(ctx, state, number, stage.sampling, Prompt("", said + stage.target), said)

    async def take(number: int, request: Request, completion: Completion) -> None:
        # A model without chat template goes on from the target, which may have opened the first tag.
        begun = request.messages is None and stage.target.rstrip().endswith(stage.open)
        text = stage.open + completion.text if begun else completion.text
        verdicts = unusable(ctx, completion) or await _verdicts(ctx, stage, state, text, completion)
        source = draw(number).source
        sourced = [replace(verdict, source=source) for verdict in verdicts]
        await store_verdicts(ctx, state, number, request, completion, sourced, "B")

    await ask_wave(ctx, state, wave_begin(state, stage.wave) + stage.wave, ask, take)


def _by_source(seeds: Sequence[SeedRow], count: int) -> list[list[SeedRow]]:
    """Part the seed tasks by their source; sources with fewer than `count` count only where all are so."""
    parts: dict[str, list[SeedRow]] = {}
    for seed in seeds:
        parts.setdefault(seed.source, []).append(seed)
    return [part for part in parts.values() if len(part) >= count] or list(parts.values())


def _draw(stage: ExampleInstructions, sources: Sequence[list[SeedRow]], rng: random.Random) -> _Draw:
    """Draw what a request shows: always the same from the same generator; any source is as likely."""
    topics = rng.sample(stage.topics, stage.topics_per_call)
    seeds = rng.choice(sources)
    return _Draw(rng.sample(seeds, min(stage.examples, len(seeds))), topics)


def _asked(stage: ExampleInstructions, draw: _Draw) -> str:
    """Write what is asked, followed by the examples."""
    words = sum(len(f"{seed.instruction} {seed.input}".split()) for seed in draw.seeds)
    is_long = words > stage.long_words * len(draw.seeds)
    header = render(
        stage.header, count=stage.count_long if is_long else stage.count, topics=", ".join(draw.topics)
    )
    shown = [
        render(stage.demonstration, instruction=seed.instruction, input=seed.input) for seed in draw.seeds
    ]
    return header + "".join(shown)


async def _verdicts(
    ctx: RunContext, stage: ExampleInstructions, state: KindState, text: str, completion: Completion
) -> list[Verdict]:
    """Judge the instructions between tags in order; one whose closing tag is missing may be cut."""
    found = parse_tagged(text, stage.open, stage.close)
    if not found:
        return [Verdict("", "dropped", "no_tag")]
    last = len(found) - 1
    return [
        await judge(ctx, state, one, cut=place == last and not closed and completion.ended == "length")
        for place, (one, closed) in enumerate(found)
    ]
