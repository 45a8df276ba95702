"""What every stage of a run has at hand: project, recipe, models, randomness, and how to ask a model.

Nothing is drawn from a shared stream: generators and sampler seeds derive from the run seed and their
subject, so a run that was killed draws the same when it resumes.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any, TypeVar

from app.engine.request import Completion, Message, Request, Sampling
from app.engine.site import ModelEngine
from app.method.answers import Example
from app.method.filters import case_key
from app.method.prompts import Demonstration, Prompt, block_prompt, draw_demonstrations
from app.method.recipe import Recipe
from app.method.recipe_parts import BlockPrompt, SamplingTable
from app.method.terms import AskedFor, Kind
from app.run.asking import (
    Answer,
    RunControl,
    Subject,
    answers_together,
    asked_once_more,
    demonstrating,
    demonstrations_that_fit,
)
from app.run.ensemble import Ensemble, Member
from app.store.project import Connection, DiskFull, Project
from app.store.rows import NewCompletion, RunRow, SeedRow

Stored = TypeVar("Stored")
NoRoom = Callable[[DiskFull], Awaitable[None]]

SAMPLER_SEEDS = 2**32 - 2
"""How many sampler seeds there are: 0 and 2³²−1 are left out, which llama.cpp reads as "choose one"."""


def generator(run_seed: int, *subject: object) -> random.Random:
    """Return the random generator that belongs to this subject of the run."""
    return random.Random(_digest(run_seed, *subject))


def sampler_seed(run_seed: int, stage: str, subject: str, model: str, attempt: int) -> int:
    """Return a llama.cpp sampler seed in 1 … 2³²−2 for one request."""
    return 1 + _digest(run_seed, stage, subject, model, attempt) % SAMPLER_SEEDS


def text_hash(*parts: str) -> str:
    """Return a short stable hash of texts, to recognise a prompt or sampling that changed."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@lru_cache(maxsize=64)
def _sampling_hash(sampling: Sampling) -> str:
    return text_hash(repr(asdict(sampling)))


def _digest(*parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


@lru_cache(maxsize=4)
def _cases(seeds: tuple[SeedRow, ...]) -> frozenset[tuple[str, str]]:
    return frozenset(case_key(seed.input, seed.output) for seed in seeds if seed.output.strip())


def _never() -> bool:
    return False


async def _once(engine: ModelEngine, _subject: object, request: Request) -> tuple[Request, Completion]:
    return request, await engine.complete(request)


async def _whole(engine: ModelEngine, _subject: object, request: Request) -> tuple[Request, Completion]:
    return await asked_once_more(engine, request)


async def patiently(store: Callable[[], Awaitable[Stored]], no_room: NoRoom) -> Stored:
    """Return what `store` gives, and try it again after every wait where the disk is full."""
    while True:
        try:
            return await store()
        except DiskFull as full:
            await no_room(full)


async def _not_stored(full: DiskFull) -> None:
    raise full


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run: where it is stored, what it follows, who takes part, who watches."""

    project: Project
    run: RunRow
    recipe: Recipe
    seeds: tuple[SeedRow, ...]
    ensemble: Ensemble
    control: RunControl
    notice: Callable[[str], None]
    """Tells the person something worth knowing; may hold foreign text; a repeat is shown once."""
    stored: Callable[[], None]
    """Called after every commit, so that what is shown can follow."""
    no_room: NoRoom = _not_stored
    """Waits while the disk is full, and returns when a change may be tried again; or raises."""

    async def write(self, change: Callable[[Connection], Stored]) -> Stored:
        """Store a change as `Project.write` does; where the disk is full, once there is room again."""
        return await patiently(lambda: self.project.write(change), self.no_room)

    @property
    def writer(self) -> Member:
        """The model that writes instructions and instances."""
        return self.ensemble.writer

    def seeds_of(self, kind: Kind | None) -> list[SeedRow]:
        """Return the run's seed tasks of one kind, or all."""
        return [seed for seed in self.seeds if kind in (None, seed.kind)]

    @property
    def seed_cases(self) -> frozenset[tuple[str, str]]:
        """Inputs and outputs of the seed tasks, as copies of them are recognised."""
        return _cases(self.seeds)

    # What is asked

    def request(
        self,
        stage: AskedFor,
        subject: str,
        member: Member,
        sampling: SamplingTable,
        *,
        prompt: Prompt | None = None,
        messages: Sequence[Message] | None = None,
        attempt: int = 0,
    ) -> Request:
        """Build the request of a subject, with the sampler seed that belongs to its identity."""
        return Request(
            id=f"{stage}:{subject}",
            prefix=prompt.prefix if prompt else "",
            tail=prompt.tail if prompt else "",
            messages=None if messages is None else tuple(messages),
            sampling=Sampling(**sampling.model_dump()),
            seed=sampler_seed(self.run.seed, stage, subject, member.model, attempt=attempt),
        )

    @property
    def asks_by_chat(self) -> bool:
        """Whether the writer is asked through its chat template."""
        return self.recipe.asks_by_chat(has_template=self.writer.has_chat_template)

    def writing(self, stage: AskedFor, subject: str, sampling: SamplingTable, prompt: Prompt) -> Request:
        """Build a request to the writer: a plain text that it continues, or the same in one message."""
        if self.asks_by_chat:
            messages = [Message("user", prompt.text)]
            return self.request(stage, subject, self.writer, sampling, messages=messages)
        return self.request(stage, subject, self.writer, sampling, prompt=prompt)

    async def ask(
        self,
        member: Member,
        subjects: Sequence[Subject],
        request_of: Callable[[Subject], Request],
        *,
        enough: Callable[[], bool] = _never,
        whole: bool = False,
    ) -> AsyncGenerator[tuple[Subject, Request, Completion], None]:
        """Load a member and yield what it writes, in the order of `subjects`, until that is `enough`.

        `whole`: what the length limit cuts is asked for once more, with twice the tokens.
        """

        answer = _whole if whole else _once
        async with aclosing(self.answered(member, subjects, request_of, answer, enough=enough)) as answers:
            async for subject, (request, completion) in answers:
                self.tell_failure(member, completion)
                yield subject, request, completion

    async def ask_together(
        self, member: Member, subjects: Sequence[Subject], request_of: Callable[[Subject], Request]
    ) -> AsyncGenerator[list[tuple[Subject, Request, Completion]], None]:
        """Do the same, and yield together what is there already: it is stored in one transaction."""
        answers = self._together(member, subjects, request_of, _once)
        async with aclosing(answers):
            async for group in answers:
                for _, (_, completion) in group:
                    self.tell_failure(member, completion)
                yield [(subject, request, completion) for subject, (request, completion) in group]

    async def answered(
        self,
        member: Member,
        subjects: Sequence[Subject],
        request_of: Callable[[Subject], Request],
        answer: Callable[[ModelEngine, Subject, Request], Coroutine[Any, Any, Answer]],
        *,
        room_for: Iterable[Request] = (),
        enough: Callable[[], bool] = _never,
    ) -> AsyncGenerator[tuple[Subject, Answer], None]:
        """Load a member and yield what `answer` makes of each subject, in order, until that is `enough`.

        Its context is first made long enough for all of it and for the requests of `room_for`, where that is
        possible and was not fixed. Requests are made while earlier ones are under way, and wait during a
        pause: `request_of` gives the same each time. Do not break out of a loop over this but say `enough`;
        if an error leaves the loop, asyncio closes this generator, and with it what is under way.
        """
        answers = self._together(member, subjects, request_of, answer, room_for=room_for)
        async with aclosing(answers):
            async for group in answers:
                for subject, answered in group:
                    yield subject, answered
                    if enough():
                        return

    async def _together(
        self,
        member: Member,
        subjects: Sequence[Subject],
        request_of: Callable[[Subject], Request],
        answer: Callable[[ModelEngine, Subject, Request], Coroutine[Any, Any, Answer]],
        *,
        room_for: Iterable[Request] = (),
    ) -> AsyncGenerator[list[tuple[Subject, Answer]], None]:
        async with self.ensemble.using(member) as engine:
            await self.make_room(member, chain(map(request_of, subjects), room_for))
            asked = ((subject, request_of(subject)) for subject in subjects)
            answers = answers_together(partial(answer, engine), asked, self.control, lambda: engine.ahead)
            async with aclosing(answers):
                async for group in answers:
                    yield group

    async def make_room(self, member: Member, requests: Iterable[Request]) -> None:
        """Give a loaded member a longer context where these requests need one; tell the person if it grew."""
        if grew := await self.ensemble.make_room(member, requests):
            self.notice(grew)

    def tell_failure(self, member: Member, completion: Completion) -> None:
        """Tell the person which request a model could not answer, and why."""
        if completion.ended == "error":
            self.notice(f"{member.name} could not answer an item, which is set aside: {completion.error}")

    def completion_row(
        self,
        stage: AskedFor,
        subject: str,
        member: Member,
        request: Request,
        completion: Completion,
        attempt: int = 0,
    ) -> NewCompletion:
        """Describe a completion for the store, with hashes of what was asked and how."""
        turns = [part for turn in request.messages or () for part in (turn.role, turn.content)]
        return NewCompletion(
            run_id=self.run.id,
            stage=stage,
            subject=subject,
            model=member.model,
            attempt=attempt,
            prompt_hash=text_hash(request.prefix, request.tail, *turns),
            sampling_hash=_sampling_hash(request.sampling),
            sampler_seed=request.seed,
            raw=completion.raw or completion.text,
            ended=completion.ended,
            prompt_tokens=completion.prompt_tokens,
            tokens=completion.tokens,
            seconds=completion.seconds,
            thinking=completion.thinking,
            answer=completion.text if completion.raw else None,
        )

    # What is shown

    async def shown(
        self, member: Member, what: str, prompt_with: Callable[[int], Prompt], most: int, max_new_tokens: int
    ) -> int:
        """Return how many of `most` demonstrations fit into the context of a member, which is loaded.

        `what` names what is written after them, in the plural; a notice says if they do not all fit.
        """
        async with self.ensemble.using(member) as engine:
            await self.make_room(member, [demonstrating(prompt_with(most), max_new_tokens)])
            count = await demonstrations_that_fit(engine, prompt_with, most, max_new_tokens)
            if count < most:
                fewer = f"with fewer than {most} demonstrations" if most > 1 else "without demonstrations"
                self.notice(
                    f"{what} are written {fewer}: "
                    f"the context of {member.name} holds only {engine.settings.context:,} tokens."
                )
        return count

    async def worked_examples(
        self, member: Member, stage: AskedFor, kind: Kind, form: BlockPrompt, max_new_tokens: int
    ) -> list[Demonstration]:
        """Return the worked examples all requests of a stage and kind share, as many as the context holds."""
        examples = worked_examples(self.seeds, self.run.seed, stage, kind, form)
        return await self.fitting(member, stage, kind, form, examples, max_new_tokens)

    async def fitting(
        self,
        member: Member,
        stage: AskedFor,
        kind: Kind,
        form: BlockPrompt,
        examples: Sequence[Demonstration],
        max_new_tokens: int,
    ) -> list[Demonstration]:
        """Return the first of these examples, as many as the context of a member holds.

        Room is measured with the longest seed task of the kind, or example, as the target.
        """
        targets = [(seed.instruction, seed.input) for seed in self.seeds_of(kind)]
        targets += [(example.instruction, example.input) for example in examples]
        longest = max(targets, key=lambda task: len(task[0]) + len(task[1]), default=("", ""))
        count = await self.shown(
            member,
            f"{stage.capitalize()} of kind {kind}",
            lambda n: block_prompt(form, examples[:n], *longest),
            len(examples),
            max_new_tokens,
        )
        return list(examples[:count])


def worked_examples(
    seeds: Sequence[Example], run_seed: int, stage: AskedFor, kind: Kind, form: BlockPrompt
) -> list[Demonstration]:
    """Return the recipe's own examples, or else draw them from the seed tasks that have an output.

    Those with turns before them say too little alone.
    """
    if form.examples:
        own = form.examples[: form.demonstrations]
        return [Demonstration(example.instruction, example.input, example.output) for example in own]
    whole = [seed for seed in seeds if seed.kind == kind and seed.output.strip() and not seed.context]
    drawn = draw_demonstrations(whole, (), form.demonstrations, 0, generator(run_seed, stage, kind))
    return [Demonstration(seed.instruction, seed.input, seed.output) for seed in drawn]
