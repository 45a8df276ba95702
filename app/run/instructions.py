"""Stage 1: the writer proposes instructions, wave by wave (Ensemble-Instruct, section 2.2).

Requests of a kind are numbered through the whole run; the wave of a request is its number divided by the
wave size. Its demonstrations come from the pool as it stood when that wave began, and results are admitted
in request order. So a run that stops anywhere goes on with what it would have asked next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method.parse import parse_instructions
from app.method.prompts import Prompt, draw_demonstrations, list_prompt
from app.method.recipe_stages import ListInstructions
from app.run.admission import FAILED, ONLY_REASONING, STAGE, KindState, Verdict, judge
from app.run.context import ASK_AHEAD, RunContext
from app.run.demonstrations import demonstrations_that_fit
from app.run.ordered import completions_in_order
from app.run.seeding import generator
from app.store import generated
from app.store.project import Connection


async def write_wave(ctx: RunContext, stage: ListInstructions, state: KindState) -> None:
    """Ask for the rest of the present wave of a kind, until the wave or the target is reached."""
    wave_begin = state.next_request // stage.wave * stage.wave
    member = ctx.ensemble.writer
    async with ctx.ensemble.using(member) as engine:
        prompts = [
            await _prompt(ctx, stage, state, engine, number, wave_begin)
            for number in range(state.next_request, wave_begin + stage.wave)
        ]

        def asked() -> Iterator[tuple[Request, Request]]:
            for number, prompt in enumerate(prompts, start=state.next_request):
                request = ctx.request(STAGE, f"{state.kind}:{number}", member, stage.sampling, prompt=prompt)
                yield request, request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for request, completion in answers:
                await _admit(ctx, state, request, completion)
                if state.kept >= state.target:
                    break


async def _prompt(
    ctx: RunContext, stage: ListInstructions, state: KindState, engine: Engine, number: int, wave_begin: int
) -> Prompt:
    form = stage.a if state.kind == "A" else stage.b
    machine = [text for request, text in state.written if request < wave_begin]
    first = number // stage.continuations * stage.continuations
    shown = draw_demonstrations(
        state.seeds, machine, form.seeds, form.machine, generator(ctx.run.seed, STAGE, state.kind, first)
    )
    count = await demonstrations_that_fit(
        engine, lambda n: list_prompt(form, shown[:n]), len(shown), stage.sampling.max_new_tokens
    )
    if count < len(shown):
        ctx.notice(
            f"Instructions of kind {state.kind} are asked with fewer demonstrations than the recipe's "
            f"{form.seeds + form.machine}: the writer's context of {engine.settings.context} tokens is full."
        )
    prompt = list_prompt(form, shown[:count])
    return Prompt(prompt.text, "") if stage.continuations > 1 else prompt


async def _admit(ctx: RunContext, state: KindState, request: Request, completion: Completion) -> None:
    """Judge what a completion holds and store it with its verdicts in one transaction."""
    subject = request.id.split(":", 1)[1]
    number = int(subject.split(":")[1])
    row = ctx.completion_row(STAGE, subject, ctx.ensemble.writer, request, completion)
    if completion.ended == "error":
        ctx.tell_refused(ctx.ensemble.writer, completion)
        verdicts = [Verdict("", "quarantined", FAILED)]
    elif completion.only_thinking:
        verdicts = [Verdict("", "dropped", ONLY_REASONING)]
    else:
        verdicts = await _verdicts(ctx, state, completion)
    rows = [
        verdict.row(ctx.run.id, state.kind, number, position) for position, verdict in enumerate(verdicts)
    ]

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, row)
        generated.save_instructions(c, [replace(one, completion_id=key) for one in rows])

    await ctx.project.write(commit)
    state.next_request = number + 1
    state.written += [(number, verdict.text) for verdict in verdicts if verdict.status == "kept"]
    ctx.stored()


async def _verdicts(ctx: RunContext, state: KindState, completion: Completion) -> list[Verdict]:
    """Judge the texts of a completion in order; only the last can have been cut by length."""
    *whole, last = parse_instructions(completion.text)
    verdicts = [await judge(ctx, state, text) for text in whole]
    return [*verdicts, await judge(ctx, state, last, cut=completion.ended == "length")]
