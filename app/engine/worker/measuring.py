"""How fast a model runs with given settings: the work of a run in small. Worker side.

A decoder-only model gets a shared prefix, short tails and some tokens for every sequence; an
encoder-decoder a group of prompts. What counts is the time of a typical request, from both its parts.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import llama_cpp
import numpy as np

from app.engine.gguf import read_header
from app.engine.protocol import Frame
from app.engine.settings import ENCODER_TOKENS, Settings
from app.engine.worker.batch import Batch
from app.engine.worker.loading import LoadedModel, Report, first_token, load_weights, make_context, prepare
from app.engine.worker.runner import DecodeFailed
from app.engine.worker.vocab import Vocab

TAIL, ANSWER = 30, 60
"""Tokens that a typical request has of its own, and gets."""
PROMPT = 32
LONGEST_PREFIX = 1024
WARM_UP = 32
STEPS = 48


def serve(order: Frame, receive: Callable[[], Frame], send: Callable[..., None], report: Report) -> None:
    """Load the model of `order`, then measure what comes; ModelError if it cannot be loaded."""
    bench = Bench(Path(order["path"]), Settings.from_json(order["settings"]), report, int(order["prefix"]))
    send("loaded")
    while True:
        frame = receive()
        settings = Settings.from_json(frame["settings"])
        clock = bench.measure(settings, float(frame["seconds"]))
        work = clock.work / settings.threads
        send("measured", speed=ANSWER / clock.wall, work_speed=ANSWER / work, prefix=bench.prefix)


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that passed and processor seconds of all threads: `wall` suffers from other programs, `work`
    hides threads that wait for each other.
    """

    wall: float
    work: float

    @classmethod
    def now(cls) -> Clock:
        """Read both clocks."""
        return cls(time.perf_counter(), time.process_time())

    def __add__(self, other: Clock) -> Clock:
        return Clock(self.wall + other.wall, self.work + other.work)

    def __sub__(self, other: Clock) -> Clock:
        return Clock(self.wall - other.wall, self.work - other.work)

    def times(self, factor: float) -> Clock:
        """Return so many times as long."""
        return Clock(self.wall * factor, self.work * factor)


class Bench:
    """One model in memory, measured in one context after the other."""

    def __init__(self, path: Path, settings: Settings, report: Report, prefix: int = 0) -> None:
        """Load the weights; `prefix` is the length of the shared beginning, 0 to choose it by speed."""
        prepare()
        self.prefix = prefix
        self._header = read_header(path)
        self._model = load_weights(self._header, settings, report)
        self._vocab = Vocab(self._model)
        self._states: dict[bool, Any] = {}
        self._rate = 0.0

    def measure(self, settings: Settings, seconds: float) -> Clock:
        """Return what a typical request takes with `settings`, its share of the calls for all.

        `seconds` is about how long to measure, not counting making the context and, once, the shared prefix.
        """
        loaded = make_context(self._header, self._model, settings, self._vocab, None, Event())
        try:
            if loaded.encodes:
                return _encoder_decoder(loaded, seconds)
            return self._decoder(loaded, settings, seconds)
        finally:
            llama_cpp.llama_free(loaded.context)

    def _decoder(self, loaded: LoadedModel, settings: Settings, seconds: float) -> Clock:
        _warm_up(loaded, 1)
        self._rate = self._rate or WARM_UP * settings.threads / _warm_up(loaded, WARM_UP).work
        self.prefix = self.prefix or int(min(max(self._rate * seconds * 2, 64), LONGEST_PREFIX))
        prefix = min(self.prefix, settings.context // 2)
        self._share_prefix(loaded, settings, prefix)
        tail = min(TAIL, settings.context // 8 + 1)
        prompt, positions = _feed_tails(loaded, prefix, tail, int(self._rate * seconds / 2), seconds / 2)
        room = min((loaded.cells - prefix) // loaded.parallel, settings.context - prefix) - tail
        token = _generate(loaded, positions, min(STEPS, room), seconds / 2)
        return prompt.times(TAIL) + token.times(ANSWER)

    def _share_prefix(self, loaded: LoadedModel, settings: Settings, length: int) -> None:
        """Compute the prefix once per kind of attention, which decides how it is laid out; then lend it."""
        sequence = loaded.parallel
        known = self._states.get(settings.flash_attention)
        if known is None or not llama_cpp.llama_state_seq_set_data(
            loaded.context, known, len(known), sequence
        ):
            batch = Batch(loaded.batch_size)
            tokens = _tokens(loaded, length)
            for start in range(0, length, batch.capacity):
                batch.clear()
                batch.add(tokens[start : start + batch.capacity], start, sequence, output=False)
                _timed(loaded.decode, batch)
            size = llama_cpp.llama_state_seq_get_size(loaded.context, sequence)
            state = (ctypes.c_uint8 * size)()
            llama_cpp.llama_state_seq_get_data(loaded.context, state, size, sequence)
            self._states[settings.flash_attention] = state
        for slot in range(loaded.parallel):
            loaded.lend(sequence, slot)


def _warm_up(loaded: LoadedModel, length: int) -> Clock:
    """Let pages, threads and buffers be made by a prompt of that length; return what it takes."""
    batch = Batch(loaded.batch_size)
    batch.add(_tokens(loaded, length), 0, 0, output=True)
    taken = _timed(loaded.decode, batch)
    loaded.forget(0)
    return taken


def _feed_tails(
    loaded: LoadedModel, start: int, tail: int, most: int, seconds: float
) -> tuple[Clock, list[int]]:
    """Give the sequences their tails from position `start` on, as many as there is time for.

    A call has at most `most` tokens, so that a slow model need not compute more. Returns the time of one
    token and where every sequence stands.
    """
    batch = Batch(loaded.batch_size)
    together = max(min(batch.capacity, most) // tail, 1)
    tokens = _tokens(loaded, tail)
    positions = [start] * loaded.parallel
    fed, spent = 0, Clock(0, 0)
    for first in range(0, loaded.parallel, together):
        batch.clear()
        for slot in range(first, min(first + together, loaded.parallel)):
            batch.add(tokens, start, slot, output=True)
            positions[slot] += tail
        spent += _timed(loaded.decode, batch)
        fed += batch.used
        if spent.wall >= seconds:
            break
    return spent.times(1 / fed), positions


def _generate(loaded: LoadedModel, positions: list[int], steps: int, seconds: float) -> Clock:
    """Advance all sequences for that long, or so many steps; return the time of one token."""
    (token,) = _tokens(loaded, 1)

    def fill(batch: Batch, step: int) -> None:
        for slot, position in enumerate(positions):
            batch.add([token], position + step, slot, output=True)

    return _steps(loaded, fill, steps, seconds).times(1 / loaded.parallel)


def _encoder_decoder(loaded: LoadedModel, seconds: float) -> Clock:
    """Return the time of a request in a group of prompts, its share of the encoding included."""
    group = min(loaded.parallel, ENCODER_TOKENS // PROMPT)
    batch = Batch(loaded.batch_size)
    tokens = _tokens(loaded, PROMPT)
    for slot in range(group):
        batch.add(tokens, 0, slot, output=False)
    _timed(loaded.encode, batch)
    encoding = _timed(loaded.encode, batch)

    def fill(batch: Batch, step: int) -> None:
        for slot in range(group):
            batch.add([first_token(loaded)], step, slot, output=True)

    decoding = _steps(loaded, fill, min(STEPS, loaded.context_length), seconds)
    return (encoding + decoding.times(ANSWER)).times(1 / group)


def _steps(loaded: LoadedModel, fill: Callable[[Batch, int], None], steps: int, seconds: float) -> Clock:
    """Generate for that long, or so many steps; return the time of one. The first, which makes the buffers
    for this size, does not count.
    """
    batch = Batch(loaded.batch_size)
    counted, spent = 0, Clock(0, 0)
    for step in range(max(steps, 2)):
        batch.clear()
        fill(batch, step)
        taken = _timed(loaded.decode, batch)
        if step:
            counted, spent = counted + 1, spent + taken
        if counted > 1 and spent.wall >= seconds:
            break
    return spent.times(1 / counted)


def _timed(call: Callable[[Batch], int], batch: Batch) -> Clock:
    """Run a call of the model; return the time it took."""
    began = Clock.now()
    code = call(batch)
    if code != 0:
        raise DecodeFailed(f"llama.cpp answers {code} to {batch.used} tokens")
    return Clock.now() - began


def _tokens(loaded: LoadedModel, count: int) -> list[int]:
    """Return tokens without meaning; the cost is that of any others."""
    return [int(token) for token in np.random.default_rng(1).integers(0, loaded.vocab.size, count)]
