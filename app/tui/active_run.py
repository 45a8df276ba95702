"""The one run of this app: started here, watched by the screens, ended with the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from app.engine.site import Site
from app.run.plan import Plan
from app.run.progress import ModelProgress, RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project

HISTORY = 400
"""Readings of a run's speed that are kept; when there are more, each two become one."""
SAMPLE_SECONDS = 0.5


@dataclass(slots=True)
class Speeds:
    """Tokens a second of the models over the whole run: a reading each `seconds`, coarser in a long one."""

    seconds: float = SAMPLE_SECONDS
    of_model: dict[str, list[float]] = field(default_factory=dict)

    @property
    def together(self) -> list[float]:
        """The readings of all models, added up."""
        return [sum(readings) for readings in zip(*self.of_model.values(), strict=True)]

    def add(self, models: tuple[ModelProgress, ...]) -> None:
        """Add a reading of every model; one that does not write has none."""
        taken = max(map(len, self.of_model.values()), default=0)
        now = {model.name: model.tokens_per_second for model in models if model.state == "working"}
        for name in dict.fromkeys([*self.of_model, *(model.name for model in models)]):
            self.of_model.setdefault(name, [0.0] * taken).append(now.get(name, 0.0))
        if taken + 1 >= HISTORY:
            self.seconds *= 2
            for name, readings in self.of_model.items():
                pairs = zip(readings[::2], readings[1::2], strict=False)
                self.of_model[name] = [(first + second) / 2 for first, second in pairs]


class ActiveRun:
    """Holds the session in progress, its last snapshot and the models' past speeds.

    Screens come and go; this stays. The listener may be called from anywhere: it only keeps the
    newest snapshot, and the app passes that on at its own pace.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, site: Site | None = None) -> None:
        self.site = site
        """Where models are loaded, if not on this machine."""
        self.session: RunSession | None = None
        self.snapshot: RunSnapshot | None = None
        self.speeds = Speeds()
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
        self.session = RunSession(project, plan, self.listen, site=self.site)
        self.snapshot, self._passed_on = self.session.snapshot, None
        self.speeds = Speeds()
        return self.session

    def ended(self, snapshot: RunSnapshot | None) -> None:
        """Note that the session is over; its last snapshot stays."""
        self.session = None
        if snapshot is not None:
            self.snapshot = snapshot

    def forget(self) -> None:
        """Drop the snapshot of a run whose project is no longer open."""
        self.snapshot = self._passed_on = None
        self.speeds = Speeds()

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
        if now - self._sampled >= self.speeds.seconds:
            self._sampled = now
            self.speeds.add(snapshot.models)
        return snapshot
