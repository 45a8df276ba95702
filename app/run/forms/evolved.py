"""Instructions by rewriting: each seed task is evolved in rounds, and what gained nothing goes (WizardLM).

Request n rewrites seed task n mod N in round n div N, N being their number: its newest form that was kept
in an earlier round, else the seed task itself. The question whether a rewriting asks for anything new is put
as soon as it is there, beside the rewritings that are still under way.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from app.engine.request import Completion, Request
from app.engine.site import ModelEngine
from app.method import filters
from app.method.parse_tagged import gained, parse_rewritten
from app.method.prompts import evolve_prompt, gain_prompt, writing_sampling
from app.method.recipe_forms import EvolvedInstructions, GainJudge, Operator
from app.method.recipe_parts import SamplingTable
from app.method.rouge import rouge_l_f1
from app.method.terms import Reason
from app.run.admission import STAGE, KindState, judge
from app.run.asking import asked_once_more
from app.run.context import RunContext, generator
from app.run.written import FAILED, Rehearsed, Verdict, Written, save_written, unusable
from app.store import generated
from app.store.project import Connection

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
    """A rewriting: what was asked and what came back, the new instruction, and what the judge said of it.

    `drop` says why it may not stay whatever the judge says, or is None.
    """

    request: Request
    completion: Completion
    text: str
    drop: Reason | None
    asked: Request | None = None
    said: Completion | None = None


@dataclass(frozen=True)
class Evolved:
    """Rewritings of the seed tasks, each by an operator drawn at random."""

    ctx: RunContext
    stage: EvolvedInstructions

    def exhausted(self, state: KindState) -> bool:
        """Say whether every seed task was rewritten in every round."""
        return state.next_request >= self.stage.rounds * len(self._origins)

    async def write_wave(self, state: KindState) -> None:
        """Rewrite the next wave of this round, judge each as it comes, and store them in order."""

        count = len(self._origins)
        round_end = (state.next_request // count + 1) * count
        end = min(state.wave_end(self.stage.wave), round_end)
        rewritings = self._rewritings(state, range(state.next_request, end), lambda: state.reached)
        async for task, rewriting in rewritings:
            await self._store(state, task, rewriting, await self._verdict(state, task, rewriting))

    async def rehearse(self, state: KindState, numbers: Sequence[int]) -> AsyncGenerator[Rehearsed, None]:
        """Rewrite these seed tasks, and yield in their order what became of each; nothing is stored."""
        first_round = [number for number in numbers if number < len(self._origins)]
        if not first_round:
            return
        rewritings = self._rewritings(state, first_round, lambda: False)
        async with aclosing(rewritings):
            async for task, rewriting in rewritings:
                verdict = await self._verdict(state, task, rewriting)
                yield rewriting.completion, [Written(state.kind_asked, verdict)]

    def _rewritings(
        self, state: KindState, numbers: Sequence[int], enough: Callable[[], bool]
    ) -> AsyncGenerator[tuple[_Task, _Rewriting], None]:
        """Have tasks of one round rewritten, in order, until that is `enough`."""

        async def rewrite(engine: ModelEngine, task: _Task, request: Request) -> _Rewriting:
            return await self._rewrite(engine, state, task, request)

        tasks = self._tasks(state, numbers)
        return self.ctx.answered(
            self.ctx.writer,
            tasks,
            partial(self._request, state),
            rewrite,
            room_for=self._longest_questions(state, tasks),
            enough=enough,
        )

    @cached_property
    def _origins(self) -> list[_Origin]:
        """Return the seed tasks as texts with their inputs, each once."""
        texts: dict[str, _Origin] = {}
        for seed in self.ctx.seeds:
            text = f"{seed.instruction}\n{seed.input}" if seed.input else seed.instruction
            texts.setdefault(text, _Origin(text, seed.source))
        return list(texts.values())

    def _tasks(self, state: KindState, numbers: Sequence[int]) -> list[_Task]:
        """Return what these requests, all of one round, rewrite."""
        origins = self._origins
        count = len(origins)
        round_begin = numbers[0] // count * count
        kept_before = sorted((number, text) for number, text in state.written if 0 <= number < round_begin)
        newest = {number % count: text for number, text in kept_before}
        return [
            _Task(number, origin, newest.get(number % count, origin.text))
            for number in numbers
            for origin in [origins[number % count]]
        ]

    def _operator(self, task: _Task) -> Operator:
        return generator(self.ctx.run.seed, STAGE, "all", task.number).choice(self.stage.operators)

    def _request(self, state: KindState, task: _Task) -> Request:
        chat = self.ctx.asks_by_chat
        prompt = evolve_prompt(self.stage, self._operator(task), task.before, chat=chat)
        sampling = writing_sampling(self.stage, chat=chat)
        return self.ctx.writing(STAGE, state.subject(task.number), sampling, prompt)

    def _longest_questions(self, state: KindState, tasks: Sequence[_Task]) -> Iterator[Request]:
        """Yield what the judge would be asked of the longest rewritings, to make room for it."""
        if question := self.stage.judge:
            most = question.sampling.max_new_tokens + 2 * self.stage.sampling.max_new_tokens
            sampling = question.sampling.model_copy(update={"max_new_tokens": most})
            for task in tasks:
                yield self._question(state, question, task, "", sampling)

    async def _rewrite(
        self, engine: ModelEngine, state: KindState, task: _Task, request: Request
    ) -> _Rewriting:
        """Have an instruction rewritten; if nothing speaks against what came, ask what it gained."""
        request, completion = await asked_once_more(engine, request)
        self.ctx.tell_failure(self.ctx.writer, completion)
        text = "" if unusable(completion) else parse_rewritten(completion.text)
        rewriting = _Rewriting(request, completion, text, self._drop(task, text, completion))
        if (question := self.stage.judge) is None or rewriting.drop:
            return rewriting
        asked = self._question(state, question, task, text, question.sampling)
        said = await engine.complete(asked)
        self.ctx.tell_failure(self.ctx.writer, said)
        return replace(rewriting, asked=asked, said=said)

    def _drop(self, task: _Task, text: str, completion: Completion) -> Reason | None:
        """Say what needs no question: failed, cut, empty, and words of the prompt; None for all else."""
        if nothing := unusable(completion):
            return nothing
        if reason := filters.instruction_drop(text, self.stage.filters, cut=completion.cut):
            return reason
        leaks = any(word.casefold() in text.casefold() for word in self.stage.leaks)
        operator = self._operator(task)
        shown = operator.prompt if self.ctx.asks_by_chat else operator.continued or operator.prompt
        return "leaked_prompt" if leaks or filters.repeats_prompt(text, shown) else None

    def _question(
        self, state: KindState, judge: GainJudge, task: _Task, text: str, sampling: SamplingTable
    ) -> Request:
        prompt = gain_prompt(judge, task.before, text, chat=self.ctx.asks_by_chat)
        return self.ctx.writing(JUDGE, state.subject(task.number), sampling, prompt)

    async def _verdict(self, state: KindState, task: _Task, rewriting: _Rewriting) -> Verdict:
        """Decide by the first look, by what the judge said, and then like any other instruction."""
        reason = rewriting.drop
        if reason is None and self.stage.judge and rewriting.said:
            reason = self._gainless(self.stage.judge, task, rewriting.text, rewriting.said)
        return Verdict(rewriting.text, reason) if reason else await judge(self.ctx, state, rewriting.text)

    def _gainless(self, question: GainJudge, task: _Task, text: str, said: Completion) -> Reason | None:
        """Say why a rewriting gained nothing, or None. A judge that fails proves no gain."""
        if unusable(said):
            return FAILED
        gains = gained(said.text, question.equal, question.different)
        if gains is None:
            self.ctx.notice("Some judgements of rewritings say neither yes nor no: there, likeness decides.")
            gains = rouge_l_f1(task.before, text, tokeniser="unicode") <= question.too_like
        return None if gains else "no_gain"

    async def _store(self, state: KindState, task: _Task, rewriting: _Rewriting, verdict: Verdict) -> None:
        """Store a rewriting and what became of it, with the judge's answer where there is one."""
        ctx, subject = self.ctx, state.subject(task.number)
        row = ctx.completion_row(STAGE, subject, ctx.writer, rewriting.request, rewriting.completion)
        answer = None
        if rewriting.asked and rewriting.said:
            answer = ctx.completion_row(JUDGE, subject, ctx.writer, rewriting.asked, rewriting.said)
        written = [Written(state.kind_asked, verdict)]

        def commit(c: Connection) -> None:
            save_written(c, row, written, request=task.number, source=task.origin.source)
            if answer:
                generated.save_completion(c, answer)

        await ctx.write(commit)
        state.note_kept(task.number, written)
        state.next_request = task.number + 1
        ctx.stored()
