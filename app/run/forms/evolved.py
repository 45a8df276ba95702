"""Stage 1 by rewriting: each seed task is evolved in rounds, and what gained nothing is left out (WizardLM).

Request n rewrites seed task n mod N in round n div N, N being their number: its newest form that was kept
in an earlier round, else the seed task itself. What comes back is judged, and stored, once the wave is
there, so that the question whether it asks for anything new is a batch too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from app.engine.request import Completion, Message, Request
from app.engine.supervisor import Engine
from app.method import filters
from app.method.parse import parse_rewritten
from app.method.prompts import Prompt
from app.method.recipe_forms import EvolvedInstructions, GainJudge
from app.method.templates import render
from app.run.admission import FAILED, STAGE, KindState, Verdict, judge
from app.run.asking import ask_wave, completions_in_order, note_kept, unusable, wave_begin, writer_request
from app.run.context import ASK_AHEAD, RunContext, generator
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewCompletion

JUDGE: Final = "judge"


@dataclass(frozen=True, slots=True)
class _Origin:
    """A seed task as one text."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A rewriting that is to be judged: its number, what it came from, what was asked and what came back."""

    number: int
    origin: _Origin
    before: str
    request: Request
    completion: Completion

    @property
    def text(self) -> str:
        """The new instruction."""
        return parse_rewritten(self.completion.text)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the judge said of a rewriting: its completion, and the verdict where the rewriting goes."""

    row: NewCompletion | None
    verdict: Verdict | None


_UNASKED = _Answer(None, None)


def requests(ctx: RunContext, stage: EvolvedInstructions) -> int:
    """Return how many rewritings all rounds ask for."""
    return stage.rounds * len(_origins(ctx))


async def write_wave(ctx: RunContext, stage: EvolvedInstructions, state: KindState) -> None:
    """Rewrite the next wave of this round, and judge it."""
    origins = _origins(ctx)
    round_begin = state.next_request // len(origins) * len(origins)
    newest = _newest(state, len(origins), round_begin)
    written: list[_Rewriting] = []

    def before(number: int) -> str:
        place = number % len(origins)
        return newest.get(place, origins[place].text)

    async def ask(_engine: Engine, number: int) -> Request:
        rng = generator(ctx.run.seed, STAGE, "all", number)
        said = render(rng.choice(stage.operators).prompt, instruction=before(number), input="")
        return writer_request(ctx, state, number, stage.sampling, Prompt("", said + stage.target), said)

    async def take(number: int, request: Request, completion: Completion) -> None:
        origin = origins[number % len(origins)]
        written.append(_Rewriting(number, origin, before(number), request, completion))

    end = min(wave_begin(state, stage.wave) + stage.wave, round_begin + len(origins))
    await ask_wave(ctx, state, end, ask, take)
    await _judge(ctx, stage, state, written)


def _origins(ctx: RunContext) -> list[_Origin]:
    """Return the seed tasks as texts with their inputs, each once."""
    texts: dict[str, _Origin] = {}
    for seed in ctx.seeds:
        text = f"{seed.instruction}\n{seed.input}" if seed.input else seed.instruction
        texts.setdefault(text, _Origin(text, seed.source))
    return list(texts.values())


def _newest(state: KindState, count: int, round_begin: int) -> dict[int, str]:
    """Map the place of each of the `count` seed tasks to its newest form that was kept before this round."""
    made = sorted((number, text) for number, text in state.written if 0 <= number < round_begin)
    return {number % count: text for number, text in made}


async def _judge(
    ctx: RunContext, stage: EvolvedInstructions, state: KindState, written: Sequence[_Rewriting]
) -> None:
    """Judge the rewritings of a wave and store them in order, so that none before a stored one is missing."""
    early = {one.number: _first_look(ctx, stage, one) for one in written}
    doubtful = [one for one in written if early[one.number] is None]
    answers = await _answers(ctx, stage.judge, state, doubtful) if stage.judge else {}
    for one in written:
        answer = answers.get(one.number, _UNASKED)
        verdict = early[one.number] or answer.verdict or await judge(ctx, state, one.text)
        await _store(ctx, state, one, verdict, answer.row)


def _first_look(ctx: RunContext, stage: EvolvedInstructions, one: _Rewriting) -> Verdict | None:
    """Drop what needs no question: failed, cut, empty, and words of the prompt; None for all else."""
    if nothing := unusable(ctx, one.completion):
        return nothing[0]
    reason = filters.instruction_drop(one.text, stage.filters, cut=one.completion.ended == "length")
    if reason is None and any(word.casefold() in one.text.casefold() for word in stage.leaks):
        reason = "leaked_prompt"
    return Verdict(one.text, "dropped", reason) if reason else None


async def _answers(
    ctx: RunContext, question: GainJudge, state: KindState, doubtful: Sequence[_Rewriting]
) -> dict[int, _Answer]:
    """Ask the writer of each rewriting whether it asks for anything new; return the answers by number."""
    member = ctx.ensemble.writer
    chat = member.engine.header.has_chat_template
    found: dict[int, _Answer] = {}
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
                row = ctx.completion_row(JUDGE, state.subject(one.number), member, request, completion)
                found[one.number] = _Answer(row, _said(ctx, question, one, completion))
    return found


def _said(ctx: RunContext, question: GainJudge, one: _Rewriting, completion: Completion) -> Verdict | None:
    """Read the judge's answer: a verdict where the rewriting goes, None where it may stay."""
    if unusable(ctx, completion):
        return Verdict(one.text, "quarantined", FAILED)
    equal = tuple(word.casefold() for word in question.equal)
    same = completion.text.strip().casefold().startswith(equal)
    return Verdict(one.text, "dropped", "no_gain") if same else None


async def _store(
    ctx: RunContext,
    state: KindState,
    one: _Rewriting,
    verdict: Verdict,
    said: NewCompletion | None,
) -> None:
    """Store a rewriting and what became of it, with the judge's answer where there is one."""
    subject = state.subject(one.number)
    made = ctx.completion_row(STAGE, subject, ctx.ensemble.writer, one.request, one.completion)
    row = replace(verdict, source=one.origin.source).row(ctx.run.id, "B", one.number, 0)

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, made)
        if said:
            generated.save_completion(c, said)
        generated.save_instructions(c, [replace(row, completion_id=key)])

    await ctx.project.write(commit)
    note_kept(state, one.number, [verdict])
    ctx.stored()
