"""Instances by worked examples: the writer makes input and output (Ensemble-Instruct, section 2.3).

All requests of a kind share one prefix: header and worked examples, drawn once per run from the seed
tasks. Blocks that the model adds on its own are harvested: their instruction is judged like one of stage 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.request import Completion
from app.method import filters
from app.method.answerable import needs_text, stands_alone, unfitting
from app.method.parse import ParsedBlock, parse_instances
from app.method.prompts import block_prompt
from app.method.recipe_forms import BlockInstances
from app.method.terms import Ended, Kind, Reason
from app.run.admission import KindState, gives_input, judge
from app.run.context import RunContext
from app.run.forms.instances import STAGE, unasked, write_instances
from app.run.written import Verdict, Written, WrittenInstance, ends
from app.store.rows import InstructionRow


@dataclass(frozen=True, slots=True)
class Blocks:
    """One instance of each instruction, and those of instructions that the writer adds."""

    ctx: RunContext
    stage: BlockInstances

    async def write_instances(self, state: KindState) -> None:
        """Ask for an instance of every kept instruction of stage 1 that was not asked for yet.

        If the recipe has missing inputs written, one of kind B that speaks of a text it does not hold is
        asked about as one of kind A, and one of kind A that works on nothing as one of kind B: its instance
        makes it one.
        """
        ctx, kind = self.ctx, state.kind
        assert kind is not None  # a recipe with blocks makes its instructions by kind
        rows = await ctx.project.fetch(lambda c: unasked(c, ctx.run.id, STAGE, kind))
        parts: dict[Kind, list[InstructionRow]] = {}
        for row in rows:
            if row.request is not None:
                parts.setdefault(self._asked_as(kind, row.text), []).append(row)
        for asked_as, instructions in parts.items():
            await self._ask(state, asked_as, instructions)

    def _asked_as(self, kind: Kind, text: str) -> Kind:
        """Return of which kind an instruction of stage 1 is by what it says."""
        if not gives_input(self.ctx.recipe):
            return kind
        if kind == "B":
            return "A" if needs_text(text) else "B"
        return "B" if stands_alone(text) else "A"

    async def _ask(self, state: KindState, kind: Kind, instructions: Sequence[InstructionRow]) -> None:
        ctx, sampling = self.ctx, self.stage.sampling
        form = self.stage.a if kind == "A" else self.stage.b
        examples = await ctx.worked_examples(ctx.writer, STAGE, kind, form, sampling.max_new_tokens)

        async def read(instruction: InstructionRow, completion: Completion) -> list[Written]:
            return await self._read(state, replace(instruction, kind=kind), completion)

        await write_instances(
            ctx, instructions, lambda row: block_prompt(form, examples, row.text, None), sampling, read
        )

    async def _read(self, state: KindState, asked: InstructionRow, completion: Completion) -> list[Written]:
        """Read the asked block, and after it those that the model added."""
        blocks = parse_instances(completion.text, asked.kind)
        own, *added = zip(blocks, ends(completion, len(blocks)), strict=True)
        if state.kind != asked.kind:
            added = []  # they are of a kind whose instructions are judged elsewhere
        return [
            self._asked(state, asked, *own),
            *[await self._added(state, asked, block, ended) for block, ended in added],
        ]

    def _asked(self, state: KindState, asked: InstructionRow, block: ParsedBlock, ended: Ended) -> Written:
        """Check the block of the instruction that was asked about."""
        instance = WrittenInstance(block.input, block.output, ended, self._drop(state, asked, block, ended))
        return Written(asked.kind, None, instance)

    async def _added(
        self, state: KindState, asked: InstructionRow, block: ParsedBlock, ended: Ended
    ) -> Written:
        """Check a block that the model added; its instruction is judged like one of stage 1."""
        reason, text = self._drop(state, asked, block, ended), block.instruction or ""
        verdict = Verdict(text, reason) if reason else await judge(self.ctx, state, text)
        return Written(asked.kind, verdict, WrittenInstance(block.input, block.output, ended, verdict.reason))

    def _drop(
        self, state: KindState, asked: InstructionRow, block: ParsedBlock, ended: Ended
    ) -> Reason | None:
        assert state.rules is not None  # only given instructions have none, and no instances of this form
        rules, cut = state.rules.filters, ended == "length"
        reason = filters.block_drop(block, asked.kind, asked.text, rules, cut=cut)
        if reason is None and filters.copied(block.input, block.output, self.ctx.seed_cases):
            return "copied"
        if reason is None and gives_input(self.ctx.recipe) and block.input:
            told = asked.text if block.instruction is None else block.instruction
            return "unfitting_input" if unfitting(told, block.input) else None
        return reason
