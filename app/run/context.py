"""What every stage of a run has at hand: project, recipe, models, randomness, and the person's wishes.

Nothing is drawn from a shared stream: generators and sampler seeds derive from the run seed and their
subject, so a run that was killed draws the same when it resumes.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from app.engine.request import Completion, Message, Request, Sampling
from app.method.prompts import Demonstration, Prompt, draw_demonstrations
from app.method.recipe import Recipe
from app.method.recipe_parts import BlockPrompt, SamplingTable
from app.method.terms import AskedFor, Kind
from app.run.ensemble import Ensemble, Member
from app.run.progress import RunState
from app.store.project import Project
from app.store.rows import NewCompletion, RunRow, SeedRow


class RunControl:
    """Wishes of the person watching, looked at by the stages between two requests."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.stop_after_wave = False

    @property
    def paused(self) -> bool:
        """Whether new requests are held back."""
        return not self._open.is_set()

    @property
    def state(self) -> RunState:
        """What these wishes make of a run that goes on."""
        if self.paused:
            return RunState.PAUSED
        return RunState.STOPPING if self.stop_after_wave else RunState.RUNNING

    def pause(self) -> None:
        """Hold back new requests; what is being written is finished."""
        self._open.clear()

    def resume(self) -> None:
        """Let requests go again."""
        self._open.set()

    async def gate(self) -> None:
        """Wait until requests may go."""
        await self._open.wait()


_SAMPLER_SEEDS = 2**32 - 2


def _digest(*parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def generator(run_seed: int, *subject: object) -> random.Random:
    """Return the random generator that belongs to this subject of the run."""
    return random.Random(_digest(run_seed, *subject))


def sampler_seed(run_seed: int, stage: str, subject: str, model: str, attempt: int) -> int:
    """Return a llama.cpp sampler seed in 1 … 2³²−2 for one request.

    Never 0 and never 2³²−1: llama.cpp reads these as "choose one yourself".
    """
    return 1 + _digest(run_seed, stage, subject, model, attempt) % _SAMPLER_SEEDS


def text_hash(*parts: str) -> str:
    """Return a short stable hash of texts, to recognise a prompt or sampling that changed."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


ASK_AHEAD = 32
"""Requests under way at once: enough to keep every slot of a batch filled while results are stored."""


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
    """Tells the person something worth knowing; may hold foreign text; a repeat is told once."""
    stored: Callable[[], None]
    """Called after every commit, so that what is shown can follow."""

    def seeds_of(self, kind: Kind | None) -> list[SeedRow]:
        """Return the run's seed tasks of one kind, or all."""
        return [seed for seed in self.seeds if kind in (None, seed.kind)]

    def worked_examples(self, stage: str, kind: Kind, form: BlockPrompt) -> list[Demonstration]:
        """Return the demonstrations that every request of this stage and kind shares, in fixed order.

        They are the recipe's own, or else drawn from the seed tasks.
        """
        if form.examples:
            own = form.examples[: form.demonstrations]
            return [Demonstration(one.instruction, one.input, one.output) for one in own]
        seeds = [seed for seed in self.seeds_of(kind) if seed.output.strip()]
        drawn = draw_demonstrations(seeds, (), form.demonstrations, 0, generator(self.run.seed, stage, kind))
        return [Demonstration(seed.instruction, seed.input, seed.output) for seed in drawn]

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
            sampling_hash=text_hash(repr(asdict(request.sampling))),
            sampler_seed=request.seed,
            raw=completion.raw or completion.text,
            ended=completion.ended,
            prompt_tokens=completion.prompt_tokens,
            tokens=completion.tokens,
            seconds=completion.seconds,
            thinking=completion.thinking,
            answer=completion.text if completion.raw else None,
        )

    def tell_refused(self, member: Member, completion: Completion) -> None:
        """Say that a model could not answer an item, which is set aside while the run goes on."""
        self.notice(f"{member.name} could not answer an item, it is set aside: {completion.error}")
