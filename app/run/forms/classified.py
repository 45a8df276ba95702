"""Instances in the way of Self-Instruct (section 2.2): a question first whether a task is classification.

Those that are get their labels first and an input for each, so that not all inputs have the same label; all
others get inputs first. A completion may hold several instances.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.engine.request import Completion, Request
from app.method.filters import case_drops, copied, kind_of
from app.method.parse_cases import parse_input_first, parse_output_first, parse_yes
from app.method.prompts import Prompt, Worked, case_prompt, classify_prompt, draw_demonstrations
from app.method.recipe_forms import ClassifiedInstances
from app.method.recipe_parts import CasePrompt
from app.run.admission import KindState
from app.run.context import RunContext, generator
from app.run.forms.instances import STAGE, unasked, write_instances
from app.run.written import Written, WrittenInstance, ends
from app.store import generated
from app.store.project import Connection
from app.store.rows import InstructionRow

CLASSIFY: Final = "classify"


@dataclass(frozen=True, slots=True)
class Classified:
    """Up to some instances of each instruction, which also say of which kind it is."""

    ctx: RunContext
    stage: ClassifiedInstances

    async def write_instances(self, state: KindState) -> None:
        """Classify every kept instruction that was not classified yet, and ask for its instances."""
        await self._classify()
        labelled, others = await self.ctx.project.fetch(self._unwritten)
        await self._work_out(labelled, classification=True)
        await self._work_out(others, classification=False)

    async def _classify(self) -> None:
        ctx, form = self.ctx, self.stage.classify
        missing = await ctx.project.fetch(lambda c: unasked(c, ctx.run.id, CLASSIFY))
        if not missing:
            return
        seeds = {seed.instruction: seed.is_classification for seed in ctx.seeds}
        drawn = draw_demonstrations(
            [(text, True) for text, yes in seeds.items() if yes],
            [(text, False) for text, yes in seeds.items() if not yes],
            form.yes,
            form.no,
            generator(ctx.run.seed, CLASSIFY),
        )

        def prompt(count: int, text: str) -> Prompt:
            return classify_prompt(form, drawn[:count], text)

        count = await self._shown("Classifications", prompt, len(drawn), form.sampling.max_new_tokens)

        def request_of(row: InstructionRow) -> Request:
            shown = prompt(count, row.text)
            return ctx.writing(CLASSIFY, row.id, form.sampling, shown)

        async for row, request, completion in ctx.ask(ctx.writer, missing, request_of):
            answer = ctx.completion_row(CLASSIFY, row.id, ctx.writer, request, completion)
            await ctx.write(partial(generated.save_completion, completion=answer))
            ctx.stored()

    def _unwritten(self, c: Connection) -> tuple[list[InstructionRow], list[InstructionRow]]:
        """Return the instructions without instances: those that are classification, and all others."""
        answers = generated.completion_texts(c, self.ctx.run.id, CLASSIFY)
        yes_words = self.stage.classify.yes_words
        labelled: list[InstructionRow] = []
        others: list[InstructionRow] = []
        for row in unasked(c, self.ctx.run.id, STAGE):
            (labelled if parse_yes(answers.get(row.id, ""), yes_words) else others).append(row)
        return labelled, others

    async def _work_out(self, instructions: Sequence[InstructionRow], *, classification: bool) -> None:
        """Ask for the instances of instructions that are all classification, or all not."""
        if not instructions:
            return
        form = self.stage.output_first if classification else self.stage.input_first
        tasks = self._worked(form, classification)

        def prompt(count: int, text: str) -> Prompt:
            return case_prompt(form, tasks[:count], text)

        async def read(instruction: InstructionRow, completion: Completion) -> list[Written]:
            return self._read(instruction, completion, classification=classification)

        count = await self._shown("Instances", prompt, len(tasks), form.sampling.max_new_tokens)
        await write_instances(
            self.ctx, instructions, lambda row: prompt(count, row.text), form.sampling, read
        )

    def _worked(self, form: CasePrompt, classification: bool) -> list[Worked]:
        """Draw the seed tasks that are shown, each with all its instances."""
        tasks: dict[str, list[tuple[str, str]]] = {}
        for seed in self.ctx.seeds:
            if seed.is_classification is classification and seed.output.strip():
                tasks.setdefault(seed.instruction, []).append((seed.input, seed.output))
        worked = [Worked(text, tuple(cases)) for text, cases in tasks.items()]
        rng = generator(self.ctx.run.seed, STAGE, classification)
        return draw_demonstrations(worked, (), form.demonstrations, 0, rng)

    async def _shown(
        self, what: str, prompt: Callable[[int, str], Prompt], most: int, max_new_tokens: int
    ) -> int:
        """Return how many demonstrations fit with the longest instruction of the seed tasks."""
        longest = max((seed.instruction for seed in self.ctx.seeds), key=len)
        return await self.ctx.shown(self.ctx.writer, what, lambda n: prompt(n, longest), most, max_new_tokens)

    def _read(
        self, instruction: InstructionRow, completion: Completion, *, classification: bool
    ) -> list[Written]:
        """Read the instances of a completion, and from them the kind of their instruction."""
        parse = parse_output_first if classification else parse_input_first
        blocks = parse(completion.text)
        most, cut = self.stage.most, completion.cut
        reasons = case_drops(blocks, instruction.text, most, classification=classification, cut=cut)
        reasons = [
            reason or ("copied" if copied(block.input, block.output, self.ctx.seed_cases) else None)
            for block, reason in zip(blocks, reasons, strict=True)
        ]
        kind = kind_of(blocks, reasons, classification=classification)
        return [
            Written(kind, None, WrittenInstance(block.input, block.output, ended, reason))
            for block, reason, ended in zip(blocks, reasons, ends(completion, len(blocks)), strict=True)
        ]
