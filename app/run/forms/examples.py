"""Instructions from a few examples of one source, and topics (LaMini-LM, section 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.engine.request import Completion, Request
from app.method.lengths import length
from app.method.parse import parse_tagged
from app.method.recipe_forms import ExampleInstructions
from app.method.templates import render
from app.run.admission import STAGE, KindState, judge
from app.run.context import generator
from app.run.forms.waves import WaveForm
from app.run.written import Verdict, Written
from app.store.rows import SeedRow


@dataclass(frozen=True, slots=True)
class _Draw:
    """What one request shows: seed tasks of one source, and topics."""

    seeds: Sequence[SeedRow]
    topics: Sequence[str]


class Examples(WaveForm[ExampleInstructions]):
    """As many new instructions as asked for, between tags."""

    async def request(self, state: KindState, number: int) -> Request:
        """Ask in words, followed by the examples."""
        stage = self.stage
        text = _question(stage, self._draw(number))
        return self.ctx.question(STAGE, state.subject(number), stage.sampling, text, stage.target)

    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Judge the instructions between tags; the last may be cut if its closing tag is missing."""
        stage = self.stage
        # A model without chat template continues the target, which may have opened the first tag.
        begun = request.messages is None and stage.target.rstrip().endswith(stage.open)
        text = stage.open + completion.text if begun else completion.text
        tagged = parse_tagged(text, stage.open, stage.close)
        if not tagged:
            return [Written(state.kind_asked, Verdict("", "no_tag"))]
        last = len(tagged) - 1
        cuts = [place == last and not closed and completion.cut for place, (_, closed) in enumerate(tagged)]
        return [
            Written(state.kind_asked, await judge(self.ctx, state, instruction, cut=cut))
            for (instruction, _), cut in zip(tagged, cuts, strict=True)
        ]

    def source(self, number: int) -> str:
        """Return the source of all examples of a request."""
        return self._draw(number).seeds[0].source

    def _draw(self, number: int) -> _Draw:
        """Draw what a request shows: always the same for a number; any source is as likely."""
        stage, rng = self.stage, generator(self.ctx.run.seed, STAGE, "all", number)
        topics = rng.sample(stage.topics, stage.topics_per_call)
        seeds = rng.choice(self._sources)
        return _Draw(rng.sample(seeds, min(stage.examples, len(seeds))), topics)

    @cached_property
    def _sources(self) -> list[list[SeedRow]]:
        return _by_source(self.ctx.seeds, self.stage.examples)


def _by_source(seeds: Sequence[SeedRow], count: int) -> list[list[SeedRow]]:
    """Part the seed tasks by their source; sources with fewer than `count` count only where all are so."""
    parts: dict[str, list[SeedRow]] = {}
    for seed in seeds:
        parts.setdefault(seed.source, []).append(seed)
    return [part for part in parts.values() if len(part) >= count] or list(parts.values())


def _question(stage: ExampleInstructions, draw: _Draw) -> str:
    """Write what is asked, followed by the examples."""
    words = sum(length(f"{seed.instruction} {seed.input}") for seed in draw.seeds)
    is_long = words > stage.long_words * len(draw.seeds)
    header = render(
        stage.header, count=stage.count_long if is_long else stage.count, topics=", ".join(draw.topics)
    )
    examples = [
        render(stage.demonstration, instruction=seed.instruction, input=seed.input) for seed in draw.seeds
    ]
    return header + "".join(examples)
