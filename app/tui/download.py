"""Models that are being downloaded: what goes where, how far it is, and how it is ended."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from app.engine.suggest import Suggested


class DownloadStopped(Exception):
    """The download was stopped; the parts that came stay, and the next one resumes."""


@dataclass(slots=True)
class Download:
    """Models to get into `folder`. A thread runs it; how many bytes are `present` can be read meanwhile, and
    `stop` ends it.
    """

    models: Sequence[Suggested]
    folder: Path
    present: int = 0
    total: int = 0
    stopped: Event = field(default_factory=Event)
    _began: tuple[float, int] | None = None

    def stop(self) -> None:
        """End it at the next bytes that come."""
        self.stopped.set()

    def run(self) -> list[Path]:
        """Download; blocks. Raises DownloadStopped, and ModelError with what went wrong."""
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from app.engine import hub  # the client takes a noticeable part of a second to import

        wanted = [(model.repository, model.file) for model in self.models]
        return hub.pull_all(wanted, self.folder, self._tell)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the speed so far; None before anything came."""
        if self._began is None or self.present <= self._began[1]:
            return None
        began, at_first = self._began
        return (self.total - self.present) * (time.monotonic() - began) / (self.present - at_first)

    def _tell(self, present: int, total: int) -> None:
        self._began = self._began or (time.monotonic(), present)
        self.present, self.total = present, total
        if self.stopped.is_set():
            raise DownloadStopped
