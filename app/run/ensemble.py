"""The models of a run as live engines: resident together when memory allows, else taking turns."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.engine import catalog
from app.engine.calibration.record import chosen_settings, store, stored
from app.engine.calibration.runner import NotMeasured, calibrate, full_speed, worth_calibrating
from app.engine.context import AUTO, Context, ContextNeed, grown, halved
from app.engine.devices import Devices, find_devices
from app.engine.gguf import ModelHeader, fingerprint
from app.engine.lengths import batches
from app.engine.machine import available_memory
from app.engine.memory import GPU_RESERVE, Residency, plan_residency
from app.engine.request import Request
from app.engine.settings import Settings, default_settings, exact
from app.engine.site import ModelEngine, Site, Told
from app.engine.state import EngineState, NodeState
from app.engine.supervisor import Engine, EnginePaused
from app.errors import ModelError
from app.method.terms import Role, Style

_LOG = logging.getLogger(__name__)

EXACT_THREADS = 2
"""Up to so many threads one text at a time was measured to cost less than a third of the speed."""


def reading(name: str, share: float) -> str:
    """Say how much of the file of a new model was read; the name is foreign."""
    return f"reading {name} whole, once, to know it again: {share:.0%}"


@dataclass(slots=True)
class Member:
    """One model in one role; a model in two roles is two members with one engine, and so one process.

    `engine` is live only while `using` holds it.
    """

    role: Role
    style: Style
    path: Path
    """Absolute: the run may be resumed from another folder."""
    engine: ModelEngine
    model: str = ""
    """Fingerprint of the file: the model's identity in the project. `Ensemble.identify` finds it out."""

    @property
    def name(self) -> str:
        """The model's own name; foreign text."""
        return self.engine.state.name

    @property
    def has_chat_template(self) -> bool:
        """Whether the model can be asked by messages."""
        return self.engine.header.has_chat_template


class Ensemble:
    """Writer and answerers of a run, and whether they stay loaded together."""

    def __init__(
        self,
        writer: Path,
        answerers: Sequence[Path],
        *,
        headless: bool,
        on_state: Callable[[EngineState], None],
        context: Context = AUTO,
        site: Site | None = None,
    ) -> None:
        self.members: list[Member] = []
        self.site: Site = site or Here()
        engines: dict[Path, ModelEngine] = {}
        self._context = context
        self._gpu_free = 0
        self._on_gpu = False
        self._headless = headless
        for role, path in _roles(writer, answerers):
            known = engines.get(path.resolve())
            engine = known or self.site.engine(path, headless=headless, on_state=on_state)
            engines[path.resolve()] = engine
            style: Style = "few-shot" if role == "writer" else catalog.default_style(engine.header)
            self.members.append(Member(role, style, engine.header.path, engine))
        self.engines = list(engines.values())
        self.resident = False
        self._loaded: set[int] = set()

    @property
    def writer(self) -> Member:
        """The model that writes instructions and instances."""
        return self.members[0]

    @property
    def answerers(self) -> list[Member]:
        """The models that answer every instance."""
        return self.members[1:]

    def check(self, *, writing: bool) -> None:
        """Raise ModelError for a writer that cannot write, if it is to."""
        header = self.writer.engine.header
        if writing and not catalog.can_write(header):
            raise ModelError(
                f"{header.path.name} cannot be the writer: it is an encoder-decoder, which answers and does "
                "not continue a text.",
                "Name a base model or a chat model as the writer.",
            )

    def identify(self, tell: Callable[[str, float], None] = lambda _name, _share: None) -> None:
        """Find out which models these are; raises ModelError for an answerer named twice.

        A file that is new here is read whole, minutes for the largest: `tell` hears its name and the share
        that was read, from 0 to 1. Call it outside the event loop, after what can be refused at once.
        """
        known: dict[str, Path] = {}
        for member in self.members:
            member.model = fingerprint(member.path, tell=partial(tell, member.name))
        for member in self.answerers:
            if other := known.get(member.model):
                raise ModelError(
                    f"{other} and {member.path} are the same model: its answers would count twice.",
                    "Name each model once.",
                )
            known[member.model] = member.path

    def settle(
        self, devices: Devices, gpu_layers: int | None, needs: Sequence[ContextNeed] = ()
    ) -> Residency:
        """Decide how the models are loaded, before any is; ModelError if one does not fit at all.

        `needs` say what context each model is to have, the default one without.
        """
        needs = needs or [ContextNeed(engine.header, self._context) for engine in self.engines]
        residency = self.site.residency(needs, devices, gpu_layers=gpu_layers, headless=self._headless)
        self._on_gpu = residency.gpu_needed > 0
        self._gpu_free = max(residency.gpu_free - residency.gpu_needed - len(devices.gpus) * GPU_RESERVE, 0)
        for engine, settings in zip(self.engines, residency.settings, strict=True):
            engine.settings = settings
        self.resident = residency.together
        return residency

    async def calibrate(self, header: ModelHeader, devices: Devices, tell: Callable[[str], None]) -> str:
        """Measure what is fastest for one of the models and remember it; return what to say about it.

        To be called after `settle` and before any model is loaded.
        """
        engine = next(engine for engine in self.engines if engine.header == header)
        try:
            return await self.site.calibrate(header, full_speed(engine.settings), devices, tell)
        except NotMeasured as error:
            return f"{error} It runs with the default settings."

    @asynccontextmanager
    async def using(self, member: Member) -> AsyncIterator[ModelEngine]:
        """Have this member's engine loaded; when models take turns the others are unloaded first."""
        engine = member.engine
        if id(engine) not in self._loaded and not self.resident:
            await self.close()
        self._loaded.add(id(engine))
        await engine.start()  # nothing while it runs; again after its worker kept dying
        yield engine

    @asynccontextmanager
    async def using_exactly(self, member: Member) -> AsyncIterator[ModelEngine]:
        """Do the same so that each text depends on its own request alone, where that costs little.

        It is asked for one text at a time then. On many threads or a GPU that costs most of the speed: there
        the engine stays as it is.
        """
        engine, usual = member.engine, member.engine.settings
        if self._on_gpu or usual.threads > EXACT_THREADS:
            async with self.using(member):
                yield engine
            return
        await engine.close()
        engine.settings = exact(usual)
        try:
            async with self.using(member):
                yield engine
        finally:
            await engine.close()
            engine.settings = usual

    async def make_room(self, member: Member, requests: Iterable[Request]) -> str:
        """Load a member again with a longer context if one of these requests needs it; return what to say.

        To be called while nothing is asked of it. Nothing is done where a context was fixed, or the model
        can take no more; a text that kills the worker that counts its tokens is left to being asked.
        """
        engine, header = member.engine, member.engine.header
        if self._context != AUTO or engine.settings.context >= header.context_length:
            return ""
        needed = 0
        try:
            for batch in batches(requests, header.context_length):
                needed = max(needed, *await engine.tokens_needed(batch))
        except EnginePaused:
            raise
        except ModelError as error:
            _LOG.warning("the tokens for %s cannot be counted: %s", member.name, error)
        free = self.site.free_memory()
        settings = grown(header, engine.settings, needed, free=free, gpu_free=self._gpu_free)
        if settings == engine.settings:
            return ""
        await engine.close()
        engine.settings = settings
        await engine.start()
        return (
            f"{member.name} gets a context of {settings.context:,} tokens: the longest prompt takes "
            f"{needed:,} with its answer."
        )

    async def load_all(self, *, writing: bool = True, answering: bool = True) -> None:
        """Load the members that stay together: the writer if it is `writing`, the others if `answering`.

        Where they take turns, the first use loads a member.
        """
        if self.resident:
            for member in self.members[0 if writing else 1 : None if answering else 1]:
                async with self.using(member):
                    pass

    async def close(self) -> None:
        """Unload every engine."""
        for engine in self.engines:
            if id(engine) in self._loaded:
                await engine.close()
        self._loaded.clear()


class Here:
    """This machine as the site of a run's models."""

    where = "on this machine"

    def engine(self, path: Path, *, headless: bool, on_state: Told) -> ModelEngine:
        """Return an engine whose worker will run here."""
        return Engine(path, headless=headless, on_state=on_state)

    async def devices(self) -> Devices:
        """Return the GPUs of this machine."""
        return await find_devices()

    def residency(
        self, needs: Sequence[ContextNeed], devices: Devices, *, gpu_layers: int | None, headless: bool
    ) -> Residency:
        """Say how models that need these contexts are loaded; ModelError if one does not fit at all."""
        return residency_of(needs, devices, gpu_layers=gpu_layers, headless=headless)

    def free_memory(self) -> int:
        """Return the bytes that can be used without swapping."""
        return available_memory()

    def uncalibrated(self, headers: Sequence[ModelHeader], devices: Devices) -> list[ModelHeader]:
        """Return the models that measuring can make faster and that were not measured yet, each once."""
        return uncalibrated(headers, devices)

    async def calibrate(
        self, header: ModelHeader, settings: Settings, devices: Devices, tell: Callable[[str], None]
    ) -> str:
        """Measure what is fastest for a model, remember it, say what was found; NotMeasured with a reason."""
        calibration = await calibrate(header, settings, free=available_memory(), tell=tell)
        store(header, calibration, gpu=bool(devices.gpus))
        return f"{header.name}: {calibration.line()}."

    def nodes(self) -> tuple[NodeState, ...]:
        """Return none: this is no cluster."""
        return ()


def residency_of(
    needs: Sequence[ContextNeed], devices: Devices, *, gpu_layers: int | None, headless: bool
) -> Residency:
    """Say how a run would load models that need these contexts; ModelError if one does not fit at all.

    What was measured to be fastest may take more memory than is free by now: then the defaults must do, and
    then half the context, unless it was fixed.
    """
    headers, free, gpu = [need.header for need in needs], available_memory(), bool(devices.gpus)

    def plan(settings: Sequence[Settings]) -> Residency:
        models = list(zip(headers, settings, strict=True))
        return plan_residency(models, free=free, gpus=devices.gpus, gpu_layers=gpu_layers)

    contexts = [need.tokens for need in needs]
    while True:
        each = list(zip(headers, contexts, strict=True))
        try:
            return plan([chosen_settings(h, headless=headless, gpu=gpu, context=c) for h, c in each])
        except ModelError:
            pass
        try:
            return plan([default_settings(h, headless=headless, context=c) for h, c in each])
        except ModelError:
            less = [
                halved(n.header, c) if n.wanted == AUTO else c for n, c in zip(needs, contexts, strict=True)
            ]
            if less == contexts:
                raise
            contexts = less


def uncalibrated(headers: Sequence[ModelHeader], devices: Devices) -> list[ModelHeader]:
    """Return the models that measuring can make faster and that were not measured here yet, each once."""
    distinct = {header.path: header for header in headers if worth_calibrating(header)}
    return [header for header in distinct.values() if stored(header, gpu=bool(devices.gpus)) is None]


def _roles(writer: Path, answerers: Sequence[Path]) -> list[tuple[Role, Path]]:
    return [("writer", writer), *(("answerer", path) for path in answerers)]
