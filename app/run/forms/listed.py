"""Instructions by a list that the writer continues (Ensemble-Instruct, section 2.2; Self-Instruct)."""

from __future__ import annotations

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
        prompt = await self._prompt(state, number)
        return self.ctx.writing(STAGE, state.subject(number), self.stage.sampling, prompt)

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

    def _list(self, state: KindState) -> ListPrompt:
        if isinstance(self.stage, MixedInstructions):
            return self.stage.prompt
        return self.stage.a if state.kind == "A" else self.stage.b
