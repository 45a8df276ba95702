"""Further inputs for the seed tasks: the writer continues the list of inputs that an instruction has.

Small models make up an input for a task of a person's far better than a task and its input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.engine.request import Completion, Request
from app.method.filters import input_drop
from app.method.marks import bare_input, ended
from app.method.novelty import Pool
from app.method.prompts import inputs_prompt
from app.method.recipe_forms import MoreInputs
from app.method.terms import Reason
from app.run.admission import STAGE, KindState
from app.run.context import generator
from app.run.forms.waves import WaveForm
from app.run.written import Verdict, Written, WrittenInstance
from app.store import generated


@dataclass(frozen=True)
class FurtherInputs(WaveForm[MoreInputs]):
    """One input a request, for each seed task with an input in turn, in another order every round."""

    _known: dict[str, Pool] = field(default_factory=dict)
    """The inputs that count as known, by instruction."""

    @cached_property
    def _inputs(self) -> Mapping[str, list[str]]:
        """Return the inputs of each instruction; without those that stand after other turns."""
        inputs: dict[str, list[str]] = {}
        for seed in self.ctx.seeds_of("A"):
            if not seed.context:
                inputs.setdefault(seed.instruction, []).append(seed.input)
        return inputs

    def exhausted(self, state: KindState) -> bool:
        """Say whether there is no task to make inputs for, or the last waves gave none that was kept."""
        return not self._inputs or super().exhausted(state)

    async def request(self, state: KindState, number: int) -> Request:
        """Show the inputs that a seed task has, as many as the context holds."""
        instruction = self._asked_about(number)
        inputs = self._inputs[instruction]
        if len(inputs) > self.stage.shown:
            rng = generator(self.ctx.run.seed, STAGE, "shown", number)
            inputs = rng.sample(inputs, self.stage.shown)
        # What stands within an input of the task does not end another.
        stop = tuple(text for text in self.stage.sampling.stop if not any(text in given for given in inputs))
        sampling = self.stage.sampling.model_copy(update={"stop": stop})
        count = await self.ctx.shown(
            self.ctx.writer,
            "Further inputs",
            lambda n: inputs_prompt(self.stage, instruction, inputs[:n]),
            len(inputs),
            sampling.max_new_tokens,
        )
        prompt = inputs_prompt(self.stage, instruction, inputs[:count])
        return self.ctx.writing(STAGE, state.subject(number), sampling, prompt)

    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Check the input, and compare it with those that its task has."""
        instruction = self._asked_about(int(request.id.rpartition(":")[2]))
        text = bare_input(ended(completion.text)).strip()
        verdict = Verdict(instruction, input_drop(instruction, text, cut=completion.cut))
        if verdict.reason is None and state.reached:
            verdict = Verdict(instruction, "over_target")
        if verdict.reason is None:
            verdict = await self._compared(instruction, text)
        if verdict.reason is None:
            state.kept += 1
        return [Written("A", verdict, WrittenInstance(text, "", completion.ended, verdict.reason))]

    async def _compared(self, instruction: str, text: str) -> Verdict:
        """Judge whether an input is new; a new one becomes known."""
        if (pool := self._known.get(instruction)) is None:
            pool = self._known[instruction] = Pool(self.ctx.recipe.task_tokeniser)
            pool.add([given for example in self.stage.examples for given in example.inputs])
            pool.add(self._inputs[instruction])
            pool.add(await self.ctx.project.fetch(lambda c: generated.inputs_of(c, instruction)))
        [novelty] = pool.judge([text], self.stage.novelty.threshold)
        reason: Reason | None = None if novelty.keep else "too_similar"
        return Verdict(instruction, reason, novelty.score, novelty.nearest, novelty.mean)

    def _asked_about(self, number: int) -> str:
        """Return the instruction that a request asks about."""
        round_, place = divmod(number, len(self._inputs))
        order = list(self._inputs)
        generator(self.ctx.run.seed, STAGE, "round", round_).shuffle(order)
        return order[place]
