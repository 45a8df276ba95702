"""Stage 1 by a numbered list: the writer proposes instructions in waves (Ensemble-Instruct, section 2.2).

Requests of a kind are numbered through the whole run; the wave of a request is its number divided by the
wave size. Its demonstrations come from the pool as it stood when that wave began, and results are admitted
in request order. So a run that stops anywhere goes on with what it would have asked next.
"""

from __future__ import annotations

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method.parse import parse_instructions
from app.method.prompts import Prompt, draw_demonstrations, list_prompt
from app.method.recipe_forms import ListInstructions, MixedInstructions
from app.method.recipe_parts import ListPrompt
from app.method.terms import Kind
from app.run.admission import STAGE, KindState, Verdict, judge
from app.run.asking import (
    ask_wave,
    demonstrations_that_fit,
    store_verdicts,
    unusable,
    wave_begin,
    writer_request,
)
from app.run.context import RunContext, generator

Stage = ListInstructions | MixedInstructions

UNDECIDED: Kind = "B"
"""The kind of a task of a mixed list until its instance says whether it needs an input."""


async def write_wave(ctx: RunContext, stage: Stage, state: KindState) -> None:
    """Ask for the rest of the present wave of a kind, until the wave or the target is reached."""
    begin = wave_begin(state, stage.wave)

    async def ask(engine: Engine, number: int) -> Request:
        prompt = await _prompt(ctx, stage, state, engine, number, begin)
        return writer_request(ctx, state, number, stage.sampling, prompt)

    async def take(number: int, request: Request, completion: Completion) -> None:
        verdicts = unusable(ctx, completion) or await _verdicts(ctx, stage, state, completion)
        await store_verdicts(ctx, state, number, request, completion, verdicts, state.kind or UNDECIDED)

    await ask_wave(ctx, state, begin + stage.wave, ask, take)


def _form(stage: Stage, state: KindState) -> ListPrompt:
    if isinstance(stage, MixedInstructions):
        return stage.prompt
    return stage.a if state.kind == "A" else stage.b


async def _prompt(
    ctx: RunContext, stage: Stage, state: KindState, engine: Engine, number: int, begin: int
) -> Prompt:
    form = _form(stage, state)
    machine = [text for request, text in state.written if request < begin]
    first = number // stage.continuations * stage.continuations
    rng = generator(ctx.run.seed, STAGE, state.kind or "all", first)
    shown = draw_demonstrations(state.seeds, machine, form.seeds, form.machine, rng)
    count = await demonstrations_that_fit(
        engine, lambda n: list_prompt(form, shown[:n]), len(shown), stage.sampling.max_new_tokens
    )
    if count < len(shown):
        of_kind = f" of kind {state.kind}" if state.kind else ""
        ctx.notice(
            f"Instructions{of_kind} are asked with fewer demonstrations than the recipe's "
            f"{form.seeds + form.machine}: the writer's context of {engine.settings.context} tokens is full."
        )
    prompt = list_prompt(form, shown[:count])
    return Prompt(prompt.text, "") if stage.continuations > 1 else prompt


async def _verdicts(ctx: RunContext, stage: Stage, state: KindState, completion: Completion) -> list[Verdict]:
    """Judge the texts of a completion in order; only the last can have been cut by length."""
    *whole, last = parse_instructions(completion.text)
    cut = completion.ended == "length"
    all_cut = cut and isinstance(stage, MixedInstructions) and stage.drop_cut
    verdicts = [await judge(ctx, state, text, cut=all_cut) for text in whole]
    return [*verdicts, await judge(ctx, state, last, cut=cut)]
