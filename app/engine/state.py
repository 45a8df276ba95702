"""What one engine looks like from outside: an immutable snapshot for listeners, and what goes into it."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.engine.protocol import Frame

RATE_WINDOW = 3.0
WRITING = 400
"""Characters of a text under way that are kept."""

Phase = Literal["waiting", "loading", "ready", "working", "restarting", "failed", "unloaded"]


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """One of several copies of a model that share its requests; fields as in EngineState, texts foreign."""

    node: str
    state: Phase
    live: int = 0
    tokens_per_second: float = 0.0
    done: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class NodeState:
    """One machine of a cluster; `name` is foreign. `lost` since it is silent or gone."""

    name: str
    lost: bool
    cpus: float
    gpus: float
    memory_bytes: int
    replicas: int = 0


@dataclass(frozen=True, slots=True)
class EngineState:
    """Where an engine stands; `name` and `note` are foreign text.

    `live` requests are being generated right now, `done` are finished since the start; `memory_bytes` is
    what the worker holds (0 when unknown); `note` says what it does or why it died; `writing` is the end of
    a text that it is writing (foreign).
    """

    name: str
    path: Path
    quantisation: str
    state: Phase
    live: int = 0
    tokens_per_second: float = 0.0
    done: int = 0
    memory_bytes: int = 0
    restarts: int = 0
    note: str = ""
    writing: str = ""
    replicas: tuple[ReplicaState, ...] = ()
    waiting: int = 0


@dataclass(slots=True)
class Meter:
    """Tokens per second over the last seconds, from the worker's running count."""

    readings: deque[tuple[float, int]] = field(default_factory=deque)

    def read(self, generated: int) -> float:
        """Add a reading of the count; return the rate."""
        now = time.monotonic()
        if self.readings and generated < self.readings[-1][1]:
            self.readings.clear()  # a new worker counts from zero
        self.readings.append((now, generated))
        # Two stay, however old: a call of a slow model takes longer than that.
        while len(self.readings) > 2 and now - self.readings[0][0] > RATE_WINDOW:
            self.readings.popleft()
        seconds = now - self.readings[0][0]
        return (generated - self.readings[0][1]) / seconds if seconds > 0 else 0.0


def positive(value: object) -> float:
    """Return a measurement that a worker sent, 0 where it is none: what it sends is foreign."""
    return value if isinstance(value, float) and 0 < value < math.inf else 0.0


def text_under_way(value: object) -> str:
    """Return what a worker says it is writing, cut to what it may say."""
    return value[-WRITING:] if isinstance(value, str) else ""


def loading_note(frame: Frame) -> str:
    """Say what a loading worker is doing."""
    names = {
        "disk": "measuring the disk",
        "header": "reading the header",
        "weights": "reading the weights",
        "context": "making room for the context",
        "template": "trying the chat template",
        "probe": "trying one token",
    }
    step = names.get(str(frame.get("step")), "loading")
    fraction = frame.get("fraction")
    return f"{step}, {fraction:.0%}" if isinstance(fraction, float) and 0 < fraction < 1 else step
