"""What a run looks like from outside: immutable snapshots for the screens and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from app.engine.state import NodeState, Phase, ReplicaState
from app.method.terms import Kind, Role, StageName


def reaches(until: StageName | None, stage: StageName) -> bool:
    """Say whether a run that stops after `until` (None: at the end) does this stage."""
    stages = get_args(StageName)
    return until is None or stages.index(stage) <= stages.index(until)


class RunState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    CALIBRATING = "measuring what is fastest"
    AUDITIONING = "auditioning models"
    LOADING = "loading models"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping after this wave"
    STOPPED = "stopped"
    HELD = "held"
    """All stages asked for are done: a later run continues."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One of the four stages; `target` is None while it is not known.

    `dropped` maps a machine-readable reason to its count; `detail` is a short remark of our own
    ("37 by equal answers") or empty.
    """

    name: StageName
    done: int
    target: int | None
    kept: int
    dropped: dict[str, int] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Between how many seconds the rest of a run takes; both are the same where that is known well enough."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class ModelProgress:
    """One model of the ensemble as the Run screen shows it, in all its roles; `name` and `note` are foreign
    text.
    """

    name: str
    quantisation: str
    roles: tuple[Role, ...]
    state: Phase
    live: int
    tokens_per_second: float
    done: int
    memory_bytes: int
    restarts: int
    note: str
    writing: str = ""
    """The end of a text that it is writing (foreign)."""
    replicas: tuple[ReplicaState, ...] = ()
    """On a cluster, the copies of it that share its requests."""
    waiting: int = 0
    """On a cluster, the requests that no copy has in hand."""

    @property
    def part(self) -> str:
        """What it does in the run, in words."""
        return "both roles" if len(self.roles) > 1 else self.roles[0]


@dataclass(frozen=True, slots=True)
class LatestText:
    """One instruction just written and what became of it; `text` and `outcome` are foreign text."""

    kind: Kind
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """Everything the Run screen and the headless progress show; a new one replaces the last.

    `activity` is what is being measured while the run calibrates or auditions (foreign text). `left` is None
    where nobody knows.
    """

    run_number: int
    recipe: str
    state: RunState
    target: int
    stages: tuple[StageProgress, ...]
    models: tuple[ModelProgress, ...]
    latest: tuple[LatestText, ...]
    notices: tuple[str, ...]
    elapsed_seconds: float
    left: TimeLeft | None
    error: str = ""
    activity: str = ""
    nodes: tuple[NodeState, ...] = ()
    """The machines of a cluster; none in a run on this machine alone."""


Listener = Callable[[RunSnapshot], None]
