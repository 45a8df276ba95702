"""Real models on prompts of a real recipe, as a run would use them here, against the plain ways.

The engine has the settings that were measured for the model on this machine, and measures them first where
none were; all sides have their threads and layout of weights. Answers end where the model ends them.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from app.bench.engine import NO_NATIVE, Contender, ratios, take_turns
from app.bench.figures import Figure
from app.bench.native import Server
from app.bench.process import Side, Spec, Way
from app.engine import catalog
from app.engine.calibration.record import chosen_settings, store, stored
from app.engine.calibration.runner import NotMeasured, calibrate, full_speed
from app.engine.gguf import ModelHeader
from app.engine.machine import available_memory
from app.engine.request import Request, Sampling
from app.engine.settings import Settings
from app.errors import QuorumError
from app.intake.seeds import bundled_seed_tasks, seed_rows
from app.method.recipe import load
from app.run.known_prompts import answerer_prompts

RECIPE = "distill"
WRITTEN = 48
"""Tokens that an answer has at most."""
REQUESTS, FEW, FEWEST = 24, 6, 2
"""What a side does in a round: the engine and llama-server, the loop with reuse, the one without."""
MOST_MODELS = 4
_OTHERS = (
    ("naive", "against create_completion, nothing reused"),
    ("naive_cached", "against create_completion, its prefix reuse"),
    ("server", "against llama-server, as many slots"),
)


@dataclass(frozen=True, slots=True)
class Questions:
    """Seed tasks as few-shot prompts of the recipe, all of them short answers to write."""

    asked: tuple[Request, ...]

    @classmethod
    def of_recipe(cls) -> Questions:
        """Make the prompts of the bundled seed tasks."""
        stage = load(RECIPE).answers
        sampling = replace(
            Sampling(**stage.sampling.model_dump()), temperature=0.0, min_new_tokens=0, max_new_tokens=WRITTEN
        )
        prompts = answerer_prompts(load(RECIPE), seed_rows(bundled_seed_tasks()), 1, "few-shot")
        return cls(tuple(replace(prompt, sampling=sampling) for prompt in prompts))

    def requests(self, count: int, seed: int) -> list[Request]:
        """Draw `count` of them, those that share a prefix next to each other."""
        drawn = random.Random(seed).sample(self.asked, count)
        ordered = sorted(drawn, key=lambda request: request.prefix)
        return [replace(request, id=f"{seed}:{number}") for number, request in enumerate(ordered)]

    def warm_up(self) -> list[Request]:
        """Ask one short question after every prefix, so that every side has read them."""
        first = {request.prefix: request for request in self.asked}
        short = Sampling(max_new_tokens=2)
        return [replace(request, sampling=short) for request in first.values()]


def figures(rounds: int, native: Path | None, folder: Path | None) -> Iterator[Figure]:
    """Measure every model of `folder`, or of $QUORUM_MODELS; QuorumError where there is none."""
    questions = Questions.of_recipe()
    for header in models_in(folder):
        yield from _of_model(header, questions, rounds, native)


def models_in(folder: Path | None) -> list[ModelHeader]:
    """Return the decoder-only models to measure; QuorumError, with what to do, where there are none."""
    named = [folder] if folder else [*filter(None, os.environ.get("QUORUM_MODELS", "").split(os.pathsep))]
    wanted = [catalog.home_expanded(str(place)).resolve() for place in named]
    found = [
        file.header
        for file in catalog.find_models(wanted)
        if file.header
        and not file.header.encoder_decoder
        and any(file.path.resolve().is_relative_to(place) for place in wanted)
    ]
    if not found:
        raise QuorumError(
            f"There are no real models to measure in {folder or '$QUORUM_MODELS'}.",
            "Name a folder of GGUF files: --models FOLDER, or set QUORUM_MODELS. In Quorum's source folder "
            "`make test-real` keeps two small ones in build/real-models.",
        )
    if len(found) > MOST_MODELS:
        raise QuorumError(
            f"{len(found)} models are too many to measure at once.",
            f"Name a folder with up to {MOST_MODELS}.",
        )
    return found


def settings_of(header: ModelHeader) -> Settings:
    """Return the settings a headless run would use, measured first if they were not."""
    settings = chosen_settings(header, headless=True)
    if stored(header) is None:
        start = full_speed(replace(settings, gpu_layers=0))
        try:
            found = asyncio.run(calibrate(header, start, free=available_memory(), tell=lambda _: None))
        except NotMeasured:
            return settings
        store(header, found)
    return chosen_settings(header, headless=True)


def _of_model(
    header: ModelHeader, questions: Questions, rounds: int, native: Path | None
) -> Iterator[Figure]:
    settings = settings_of(header)
    key = f"real.{header.path.stem}"
    with ExitStack() as stack:
        contenders = _contenders(header, settings, questions, native, stack)
        samples = take_turns(contenders, rounds, questions.requests)
    speeds = tuple(sample.per_second for sample in samples["engine"])
    words = f"{header.path.stem}: tokens a second, {settings.parallel} at once, {settings.threads} threads"
    yield Figure(f"{key}.speed.wall", words, speeds, "")
    for other, words in _OTHERS:
        for suffix, unit, rate in (
            (".wall", "time", attrgetter("per_second")),
            ("", "CPU time", attrgetter("per_cpu")),
        ):
            known = ratios(samples, "engine", other, rate) if other in samples else ()
            yield Figure(f"{key}.vs_{other}{suffix}", f"  {words}: {unit}", known, why=NO_NATIVE)


def _contenders(
    header: ModelHeader, settings: Settings, questions: Questions, native: Path | None, stack: ExitStack
) -> list[Contender]:
    ways: Sequence[tuple[str, Way, int]] = (
        ("engine", "engine", REQUESTS),
        ("naive_cached", "naive_cached", FEW),
        ("naive", "naive", FEWEST),
    )
    contenders = []
    for name, way, requests in ways:
        side = stack.enter_context(Side(Spec(way, str(header.path), settings), questions.warm_up()))
        contenders.append(Contender(name, side.round, requests))
    if native is not None:
        server = Server(native, header.path, settings, questions.warm_up(), slots=settings.parallel)
        contenders.append(Contender("server", stack.enter_context(server).round, REQUESTS))
    return contenders
