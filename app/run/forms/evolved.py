"""Instructions by rewriting: each seed task is evolved in rounds, and what gained nothing goes (WizardLM).

Request n rewrites seed task n mod N in round n div N, N being their number: its newest form that was kept
in an earlier round, else the seed task itself. What comes back is judged, and stored, once the wave is
there, so that the question whether it asks for anything new is a batch too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from app.engine.request import Completion, Request
from app.method import filters
from app.method.parse import parse_rewritten
from app.method.recipe_forms import EvolvedInstructions, GainJudge
from app.method.templates import render
from app.method.terms import Reason
from app.run.admission import STAGE, KindState, judge
from app.run.context import RunContext, generator
from app.run.written import FAILED, Verdict, Written, save_written, unusable
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
class _Task:
    """What a request rewrites: its number, the seed task it comes from, and the newest form of that."""

    number: int
    origin: _Origin
    before: str


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A rewriting that is to be judged: the task, what was asked and what came back."""

    task: _Task
    request: Request
    completion: Completion

    @property
    def text(self) -> str:
        """The new instruction."""
        return parse_rewritten(self.completion.text)


@dataclass(frozen=True, slots=True)
class _Gain:
    """What the judge wrote of a rewriting, and why the rewriting may not stay, or None."""

    row: NewCompletion
    reason: Reason | None


@dataclass(frozen=True)
class Evolved:
    """Rewritings of the seed tasks, each by an operator drawn at random."""

    ctx: RunContext
    stage: EvolvedInstructions

    def exhausted(self, state: KindState) -> bool:
        """Say whether every seed task was rewritten in every round."""
        return state.next_request >= self.stage.rounds * len(self._origins)

    async def write_wave(self, state: KindState) -> None:
        """Rewrite the next wave of this round, judge it, and store it in order."""
        tasks, request_of = self._tasks(state), partial(self._request, state)
        rewritings = [
            _Rewriting(task, request, completion)
            async for task, request, completion in self.ctx.ask(self.ctx.writer, tasks, request_of)
        ]
        drops = [self._first_look(rewriting) for rewriting in rewritings]
        doubtful = [rewriting for rewriting, drop in zip(rewritings, drops, strict=True) if drop is None]
        gains = await self._gains(state, doubtful)
        for rewriting, drop in zip(rewritings, drops, strict=True):
            gain = gains.get(rewriting.task.number)
            if drop is None and gain and gain.reason:
                drop = Verdict(rewriting.text, gain.reason)
            verdict = drop or await judge(self.ctx, state, rewriting.text)
            await self._store(state, rewriting, verdict, gain)

    @cached_property
    def _origins(self) -> list[_Origin]:
        """Return the seed tasks as texts with their inputs, each once."""
        texts: dict[str, _Origin] = {}
        for seed in self.ctx.seeds:
            text = f"{seed.instruction}\n{seed.input}" if seed.input else seed.instruction
            texts.setdefault(text, _Origin(text, seed.source))
        return list(texts.values())

    def _tasks(self, state: KindState) -> list[_Task]:
        """Return what the rest of the present wave rewrites; a wave ends with its round."""
        origins = self._origins
        count, wave = len(origins), self.stage.wave
        round_begin = state.next_request // count * count
        kept_before = sorted((number, text) for number, text in state.written if 0 <= number < round_begin)
        newest = {number % count: text for number, text in kept_before}
        end = min((state.next_request // wave + 1) * wave, round_begin + count)
        return [
            _Task(number, origin, newest.get(number % count, origin.text))
            for number in range(state.next_request, end)
            for origin in [origins[number % count]]
        ]

    def _request(self, state: KindState, task: _Task) -> Request:
        rng = generator(self.ctx.run.seed, STAGE, "all", task.number)
        text = render(rng.choice(self.stage.operators).prompt, instruction=task.before, input="")
        return self.ctx.question(
            STAGE, state.subject(task.number), self.stage.sampling, text, self.stage.target
        )

    def _first_look(self, rewriting: _Rewriting) -> Verdict | None:
        """Drop what needs no question: failed, cut, empty, and words of the prompt; None for all else."""
        completion, text = rewriting.completion, rewriting.text
        if nothing := unusable(completion):
            return Verdict("", nothing)
        reason = filters.instruction_drop(text, self.stage.filters, cut=completion.cut)
        if reason is None and any(word.casefold() in text.casefold() for word in self.stage.leaks):
            reason = "leaked_prompt"
        return Verdict(text, reason) if reason else None

    async def _gains(self, state: KindState, doubtful: Sequence[_Rewriting]) -> dict[int, _Gain]:
        """Ask the writer, if the recipe does, what each rewriting gained; map numbers to its answers."""
        question = self.stage.judge
        if question is None:
            return {}
        ctx = self.ctx
        request_of = partial(self._question, state, question)
        gains: dict[int, _Gain] = {}
        async for rewriting, request, completion in ctx.ask(ctx.writer, doubtful, request_of):
            number = rewriting.task.number
            row = ctx.completion_row(JUDGE, state.subject(number), ctx.writer, request, completion)
            gains[number] = _Gain(row, _no_gain(question, completion))
        return gains

    def _question(self, state: KindState, question: GainJudge, rewriting: _Rewriting) -> Request:
        text = render(question.prompt, instruction=rewriting.task.before, rewritten=rewriting.text)
        subject = state.subject(rewriting.task.number)
        return self.ctx.question(JUDGE, subject, question.sampling, text, question.target)

    async def _store(
        self, state: KindState, rewriting: _Rewriting, verdict: Verdict, gain: _Gain | None
    ) -> None:
        """Store a rewriting and what became of it, with the judge's answer where there is one."""
        ctx, task = self.ctx, rewriting.task
        row = ctx.completion_row(
            STAGE, state.subject(task.number), ctx.writer, rewriting.request, rewriting.completion
        )
        written = [Written(state.kind_asked, verdict)]

        def commit(c: Connection) -> None:
            save_written(c, row, written, request=task.number, source=task.origin.source)
            if gain:
                generated.save_completion(c, gain.row)

        await ctx.project.write(commit)
        state.note_kept(task.number, written)
        state.next_request = task.number + 1
        ctx.stored()


def _no_gain(question: GainJudge, completion: Completion) -> Reason | None:
    """Read the judge's answer: why the rewriting may not stay, or None. A judge that fails proves no gain."""
    if unusable(completion):
        return FAILED
    equal = tuple(word.casefold() for word in question.equal)
    return "no_gain" if completion.text.strip().casefold().startswith(equal) else None
