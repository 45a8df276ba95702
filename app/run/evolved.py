"""Stage 1 by rewriting: each seed task is evolved in rounds, and what gained nothing is left out (WizardLM).

Request n rewrites seed task n mod N in round n div N, N being their number: its newest form that was kept
in an earlier round, else the seed task itself. What comes back is judged once the wave is there, so that
the question whether it asks for anything new is a batch too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from app.engine.request import Completion, Message, Request
from app.engine.supervisor import Engine
from app.method import filters
from app.method.parse_tasks import parse_rewritten
from app.method.prompts import Prompt
from app.method.recipe_instructions import EvolvedInstructions, GainJudge
from app.method.templates import render
from app.run.admission import FAILED, STAGE, KindState, Verdict, judge
from app.run.context import ASK_AHEAD, RunContext
from app.run.ordered import completions_in_order
from app.run.seeding import generator
from app.run.waves import ask_wave, note_kept, wave_begin, writer_request
from app.store import generated
from app.store.project import Connection
from app.store.rows import CompletionRow, NewCompletion

JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class _Origin:
    """A seed task as one text."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A stored rewriting that nobody has judged: its request number, what it came from, what it says."""

    number: int
    origin: _Origin
    before: str
    completion: CompletionRow

    @property
    def text(self) -> str:
        """The new instruction."""
        return parse_rewritten(self.completion.raw)


def requests(ctx: RunContext, stage: EvolvedInstructions) -> int:
    """Return how many rewritings all rounds ask for."""
    return stage.rounds * len(_origins(ctx))


async def write_wave(ctx: RunContext, stage: EvolvedInstructions, state: KindState) -> None:
    """Rewrite the next wave of this round, and judge it."""
    origins = _origins(ctx)
    begin = state.next_request
    round_end = (begin // len(origins) + 1) * len(origins)

    async def ask(_engine: Engine, number: int) -> Request:
        rng = generator(ctx.run.seed, STAGE, "all", number)
        said = render(
            rng.choice(stage.operators).prompt, instruction=_before(state, origins, number), input=""
        )
        return writer_request(ctx, state, number, stage.sampling, Prompt("", said + stage.target), said)

    async def take(number: int, request: Request, completion: Completion) -> None:
        row = ctx.completion_row(STAGE, state.subject(number), ctx.ensemble.writer, request, completion)
        await ctx.project.write(lambda c: generated.save_completion(c, row))

    await ask_wave(ctx, state, min(wave_begin(state, stage.wave) + stage.wave, round_end), ask, take)
    await judge_waiting(ctx, stage, state)


def _origins(ctx: RunContext) -> list[_Origin]:
    """Return the seed tasks as texts with their inputs, each once."""
    texts: dict[str, _Origin] = {}
    for seed in ctx.seeds:
        text = f"{seed.instruction}\n{seed.input}" if seed.input else seed.instruction
        texts.setdefault(text, _Origin(text, seed.source))
    return list(texts.values())


def _before(state: KindState, origins: Sequence[_Origin], number: int) -> str:
    """Return what request `number` rewrites."""
    place, count = number % len(origins), len(origins)
    forms = {
        made: text
        for made, text in state.written
        if made >= 0 and made % count == place and made // count < number // count
    }
    return forms[max(forms)] if forms else origins[place].text


async def judge_waiting(ctx: RunContext, stage: EvolvedInstructions, state: KindState) -> None:
    """Judge every stored rewriting that has no instruction yet, in order of request."""
    origins = _origins(ctx)
    rows = await ctx.project.fetch(lambda c: generated.completions_without_instruction(c, ctx.run.id, STAGE))
    numbered = sorted((int(row.subject.split(":")[1]), place) for place, row in enumerate(rows))
    waiting = [
        _Rewriting(number, origins[number % len(origins)], _before(state, origins, number), rows[place])
        for number, place in numbered
    ]
    doubtful = []
    for one in waiting:
        verdict = _first_look(ctx, stage, one)
        if verdict is None:
            doubtful.append(one)
        else:
            await _store(ctx, state, one, verdict)
    if stage.judge is None:
        for one in doubtful:
            await _store(ctx, state, one, await judge(ctx, state, one.text))
    elif doubtful:
        await _ask_judge(ctx, stage.judge, state, doubtful)


def _first_look(ctx: RunContext, stage: EvolvedInstructions, one: _Rewriting) -> Verdict | None:
    """Drop what needs no question: failed, cut, empty, and words of the prompt; None for all else."""
    if one.completion.ended == "error":
        return Verdict("", "quarantined", FAILED)
    reason = filters.instruction_drop(one.text, stage.filters, cut=one.completion.ended == "length")
    if reason is None and any(word.casefold() in one.text.casefold() for word in stage.leaks):
        reason = "leaked_prompt"
    return Verdict(one.text, "dropped", reason) if reason else None


async def _ask_judge(
    ctx: RunContext, question: GainJudge, state: KindState, doubtful: Sequence[_Rewriting]
) -> None:
    """Ask the writer which rewritings ask for anything new; those are judged like other instructions."""
    member = ctx.ensemble.writer
    chat = member.engine.header.has_chat_template
    async with ctx.ensemble.using(member) as engine:

        def asked() -> Iterator[tuple[tuple[_Rewriting, Request], Request]]:
            for one in doubtful:
                said = render(question.prompt, instruction=one.before, rewritten=one.text)
                request = ctx.request(
                    JUDGE,
                    state.subject(one.number),
                    member,
                    question.sampling,
                    prompt=None if chat else Prompt("", said + question.target),
                    messages=[Message("user", said)] if chat else None,
                )
                yield (one, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (one, request), completion in answers:
                said = ctx.completion_row(JUDGE, state.subject(one.number), member, request, completion)
                if completion.ended == "error":
                    ctx.tell_refused(member, completion)
                    verdict = Verdict(one.text, "quarantined", FAILED)
                elif completion.text.strip().casefold().startswith(tuple(map(str.casefold, question.equal))):
                    verdict = Verdict(one.text, "dropped", "no_gain")
                else:
                    verdict = await judge(ctx, state, one.text)
                await _store(ctx, state, one, verdict, said)


async def _store(
    ctx: RunContext,
    state: KindState,
    one: _Rewriting,
    verdict: Verdict,
    said: NewCompletion | None = None,
) -> None:
    """Store what became of a rewriting, with the judge's answer where there is one."""
    row = replace(verdict, source=one.origin.source).row(ctx.run.id, "B", one.number, 0)

    def commit(c: Connection) -> None:
        if said:
            generated.save_completion(c, said)
        generated.save_instructions(c, [replace(row, completion_id=one.completion.id)])

    await ctx.project.write(commit)
    note_kept(state, one.number, [verdict])
    ctx.stored()
