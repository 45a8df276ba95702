"""The bundled models loaded in this process, for tests of the worker's own modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.request import Completion, Request
from app.engine.settings import default_settings
from app.engine.worker.batch import Batch
from app.engine.worker.loading import LoadedModel, load
from app.engine.worker.runner import Hooks, Runner
from app.engine.worker.sampling import logits_row

# How far logits may differ, of the largest, between ways to compute the same: kernels follow batch shapes.
TOLERANCE = 1e-3

QUIET = Hooks(taking=lambda _id: None, calling=lambda _tokens: None)


def load_here(path, context: int | None = None, parallel: int | None = None) -> LoadedModel:
    header = read_header(path)
    settings = default_settings(header, headless=False, context=context, parallel=parallel)
    return load(path, replace(settings, threads=1), report=lambda _step, _fraction: None)


def logits(loaded: LoadedModel, sequence: int, tokens: list[int], position: int) -> np.ndarray:
    """Feed tokens to a sequence and return a copy of the logits after the last."""
    batch = Batch(loaded.batch_size)
    index = batch.add(tokens, position, sequence, output=True)
    assert loaded.decode(batch) == 0
    return np.array(logits_row(loaded.context, index, loaded.vocab.size))


def run_all(runner: Runner, requests: Iterable[Request]) -> dict[str, Completion]:
    """Submit all requests at once and run until nothing is left."""
    for request in requests:
        runner.submit(request)
    finished: dict[str, Completion] = {}
    while runner.busy:
        for completion in runner.step():
            assert completion.id not in finished
            finished[completion.id] = completion
    return finished


@pytest.fixture(scope="session")
def writer(bundled_models: BundledModels) -> Iterator[LoadedModel]:
    loaded = load_here(bundled_models.writer)
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def chat(bundled_models: BundledModels) -> Iterator[LoadedModel]:
    loaded = load_here(bundled_models.answerers[0])
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def t5(bundled_models: BundledModels) -> Iterator[LoadedModel]:
    loaded = load_here(bundled_models.answerers[1])
    yield loaded
    loaded.close()
