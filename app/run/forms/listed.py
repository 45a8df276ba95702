"""Instructions by a list that the writer continues (Ensemble-Instruct, section 2.2; Self-Instruct)."""

from __future__ import annotations

from dataclasses import replace

from app.engine.request import Completion, Request
from app.method.parse import parse_instructions
from app.method.prompts import Prompt, draw_demonstrations, list_prompt
from app.method.recipe_forms import ListInstructions, MixedInstructions
from app.method.recipe_parts import ListPrompt
from app.run.admission import STAGE, KindState, judge
from app.run.context import generator
from app.run.forms.waves import WaveForm
from app.run.written import Written


class Listed(WaveForm[ListInstructions | MixedInstructions]):
    """A list for each kind, or one for tasks of every kind."""

    async def request(self, state: KindState, number: int) -> Request:
        """Show seed tasks, and instructions that were kept before this wave."""
        prompt, sampling = await self._prompt(state, number), self.stage.sampling
        if self._by_lines:
            sampling = sampling.model_copy(update={"stop": _and_line_end(sampling.stop)})
        return self.ctx.writing(STAGE, state.subject(number), sampling, prompt)

    def opening(self, request: Request) -> Request:
        """Ask for one line where a request gives a whole list of them."""
        if not isinstance(self.stage, MixedInstructions):
            return request
        sampling = replace(request.sampling, stop=_and_line_end(request.sampling.stop))
        return replace(request, sampling=sampling)

    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Judge the numbered texts; only the last can have been cut by length."""
        *whole, last = parse_instructions(completion.text)
        cut = completion.cut
        all_cut = cut and isinstance(self.stage, MixedInstructions) and self.stage.drop_cut
        verdicts = [await judge(self.ctx, state, text, cut=all_cut) for text in whole]
        verdicts.append(await judge(self.ctx, state, last, cut=cut))
        return [Written(state.kind_asked, verdict) for verdict in verdicts]

    async def _prompt(self, state: KindState, number: int) -> Prompt:
        stage, form = self.stage, self._list(state)
        wave_begin = number // stage.wave * stage.wave
        machine = [text for request, text in state.written if request < wave_begin]
        first = number // stage.continuations * stage.continuations
        rng = generator(self.ctx.run.seed, STAGE, state.kind or "all", first)
        drawn = draw_demonstrations(state.seeds, machine, form.seeds, form.machine, rng)
        count = await self.ctx.shown(
            self.ctx.writer,
            f"Instructions of kind {state.kind}" if state.kind else "Instructions",
            lambda n: list_prompt(form, drawn[:n]),
            len(drawn),
            stage.sampling.max_new_tokens,
        )
        prompt = list_prompt(form, drawn[:count])
        return Prompt(prompt.text, "") if stage.continuations > 1 else prompt

    @property
    def _by_lines(self) -> bool:
        """Whether lines end what a mark ends in the recipe's list."""
        return self.ctx.recipe.asked_by == "continue-lines" and self.stage.has_end_marks

    def _list(self, state: KindState) -> ListPrompt:
        if isinstance(self.stage, MixedInstructions):
            form = self.stage.prompt
        else:
            form = self.stage.a if state.kind == "A" else self.stage.b
        return form.without_end_marks() if self._by_lines else form


def _and_line_end(stop: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*stop, "\n")))
