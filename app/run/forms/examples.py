"""Instructions from a few examples of one source, and topics (LaMini-LM, section 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.engine.request import Completion, Request
from app.method.parse_tagged import Tagged, parse_numbered, parse_tagged
from app.method.prompts import examples_prompt, writing_sampling
from app.method.recipe_forms import ExampleInstructions
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
        ctx, draw, chat = self.ctx, self._draw(number), self.ctx.asks_by_chat
        examples = [(seed.instruction, seed.input) for seed in draw.seeds]
        prompt = examples_prompt(self.stage, examples, draw.topics, chat=chat)
        return ctx.writing(STAGE, state.subject(number), writing_sampling(self.stage, chat=chat), prompt)

    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Judge the instructions in order; of the last the end may be missing."""
        stage = self.stage
        continues = request.messages is None
        if continues and stage.continued:
            tagged = parse_numbered(completion.text)
        else:
            # The target may have opened the first tag.
            begun = continues and stage.target.rstrip().endswith(stage.open)
            text = stage.open + completion.text if begun else completion.text
            tagged = parse_tagged(text, stage.open, stage.close)
        if not tagged:
            return [Written(state.kind_asked, Verdict("", "no_tag"))]
        return [Written(state.kind_asked, await self._verdict(state, part, completion)) for part in tagged]

    async def _verdict(self, state: KindState, part: Tagged, completion: Completion) -> Verdict:
        """Judge an instruction; one whose end is missing was cut, or nobody knows where it ends."""
        if not part.whole:
            return Verdict(part.text, "cut_by_length" if completion.cut else "no_tag")
        return await judge(self.ctx, state, part.text)

    def source(self, number: int) -> str:
        """Return the source of all examples of a request."""
        return self._draw(number).seeds[0].source

    def _draw(self, number: int) -> _Draw:
        """Draw what a request shows: always the same for a number; any source is as likely."""
        stage, rng = self.stage, generator(self.ctx.run.seed, STAGE, "all", number)
        topics = rng.sample(stage.topics, stage.topics_per_call)
        seeds, count = rng.choice(self._sources), stage.examples
        if stage.continued and not self.ctx.asks_by_chat:
            count = stage.continued.examples
            bare = [seed for seed in seeds if not seed.input]
            seeds = bare if len(bare) >= count else seeds
        return _Draw(rng.sample(seeds, min(count, len(seeds))), topics)

    @cached_property
    def _sources(self) -> list[list[SeedRow]]:
        return _by_source(self.ctx.seeds, self.stage.examples)


def _by_source(seeds: Sequence[SeedRow], count: int) -> list[list[SeedRow]]:
    """Part the seed tasks by their source; sources with fewer than `count` count only where all are so."""
    parts: dict[str, list[SeedRow]] = {}
    for seed in seeds:
        parts.setdefault(seed.source, []).append(seed)
    return [part for part in parts.values() if len(part) >= count] or list(parts.values())
