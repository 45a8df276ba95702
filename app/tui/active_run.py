"""The one run of this app: started here, watched by the screens, ended with the app."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from app.run.plan import Plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project

HISTORY = 40
SAMPLE_SECONDS = 0.5


class ActiveRun:
    """Holds the session in progress, its last snapshot and the models' past speeds.

    Screens come and go; this stays. The listener may be called from anywhere: it only keeps the
    newest snapshot, and the app passes that on at its own pace.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.session: RunSession | None = None
        self.snapshot: RunSnapshot | None = None
        self.history: dict[str, deque[float]] = {}
        self._clock = clock
        self._passed_on: RunSnapshot | None = None
        self._sampled = 0.0

    @property
    def going(self) -> bool:
        """Whether a run is in progress (paused counts)."""
        return self.session is not None

    @property
    def paused(self) -> bool:
        """Whether the run is paused or about to be."""
        return self.snapshot is not None and self.snapshot.state is RunState.PAUSED

    def begin(self, project: Project, plan: Plan) -> RunSession:
        """Make the session of a new run; `run` of it is awaited by the app's worker."""
        self.session = RunSession(project, plan, self.listen)
        self.snapshot, self._passed_on = self.session.snapshot, None
        self.history.clear()
        return self.session

    def ended(self, snapshot: RunSnapshot | None) -> None:
        """Note that the session is over; its last snapshot stays."""
        self.session = None
        if snapshot is not None:
            self.snapshot = snapshot

    def forget(self) -> None:
        """Drop the snapshot of a run whose project is no longer open."""
        self.snapshot = self._passed_on = None
        self.history.clear()

    def listen(self, snapshot: RunSnapshot) -> None:
        """Keep the newest snapshot."""
        self.snapshot = snapshot

    def news(self) -> RunSnapshot | None:
        """Return the snapshot if it was not passed on yet, and sample the models' speeds."""
        snapshot = self.snapshot
        if snapshot is None or snapshot is self._passed_on:
            return None
        self._passed_on = snapshot
        now = self._clock()
        if now - self._sampled >= SAMPLE_SECONDS:
            self._sampled = now
            for model in snapshot.models:
                speeds = self.history.setdefault(model.name, deque(maxlen=HISTORY))
                if model.state == "working":
                    speeds.append(model.tokens_per_second)
        return snapshot
