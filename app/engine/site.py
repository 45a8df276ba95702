"""What a run sees of its models: engines that can be asked, and the site where they are loaded.

A run does not know where that is. `app.run.ensemble.Here` is this machine; a cluster is another site.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from app.engine.context import ContextNeed
from app.engine.devices import Devices
from app.engine.gguf import ModelHeader
from app.engine.memory import Residency
from app.engine.request import Completion, Request
from app.engine.settings import Settings
from app.engine.state import EngineState, NodeState

Told = Callable[[EngineState], None]


class ModelEngine(Protocol):
    """One model that can be asked, wherever and however often it is loaded.

    `settings` may be changed while it is not started; `state` is its last snapshot.
    """

    header: ModelHeader
    settings: Settings
    state: EngineState

    @property
    def ahead(self) -> int:
        """How many requests under way at once keep it busy while results are stored."""

    async def start(self) -> None:
        """Load the model, unless it is; ModelError with the reason if it cannot be loaded."""

    async def complete(self, request: Request) -> Completion:
        """Return the completion of a request; EnginePaused or ModelError when there will be none."""

    async def tokens_needed(self, requests: Sequence[Request]) -> list[int]:
        """Return how many tokens each request takes of a context at most, its answer included."""

    async def close(self) -> None:
        """Unload the model; whoever still waits gets a ModelError."""


class Site(Protocol):
    """Where the models of a run are loaded."""

    where: str
    """In words, after a verb: "on this machine"."""

    def engine(self, path: Path, *, headless: bool, on_state: Told) -> ModelEngine:
        """Return an engine for a file, not started; ModelError if the file cannot be used."""

    async def devices(self) -> Devices:
        """Return the GPUs that models can use."""

    def residency(
        self, needs: Sequence[ContextNeed], devices: Devices, *, gpu_layers: int | None, headless: bool
    ) -> Residency:
        """Say how models that need these contexts are loaded; ModelError if one does not fit at all."""

    def free_memory(self) -> int:
        """Return the bytes of main memory that a loaded model could still take."""

    def uncalibrated(self, headers: Sequence[ModelHeader], devices: Devices) -> list[ModelHeader]:
        """Return the models that measuring can make faster and that were not measured yet, each once."""

    async def calibrate(
        self, header: ModelHeader, settings: Settings, devices: Devices, tell: Callable[[str], None]
    ) -> str:
        """Measure what is fastest for a model, remember it, say what was found; NotMeasured with a reason.

        `settings` are those to begin with. To be called before any model is loaded.
        """

    def nodes(self) -> tuple[NodeState, ...]:
        """Return the machines of a cluster as they are now; none where there is no cluster."""
