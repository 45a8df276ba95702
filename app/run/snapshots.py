"""How a run looks: builds snapshots from what the project holds and what the engines report.

Counts are read from the project, never kept beside it, so what is shown is what is stored.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

from app.engine.state import EngineState, NodeState
from app.errors import QuorumError
from app.method.recipe import Recipe
from app.method.terms import Role, StageName, in_words
from app.run.ensemble import Member
from app.run.plan import Plan
from app.run.progress import (
    LatestText,
    Listener,
    ModelProgress,
    RunSnapshot,
    RunState,
    StageProgress,
    TimeLeft,
)
from app.run.time_left import Clock
from app.store import counts
from app.store.counts import Work
from app.store.project import Project
from app.store.rows import RunRow
from app.store.views import RecentText, RunSummary

REFRESH_SECONDS = 0.2
CLOCK_SECONDS = 1.0
LATEST = 12
MAX_NOTICES = 20


class RunView:
    """Keeps the newest snapshot of a run and hands it to the listener."""

    def __init__(self, project: Project, plan: Plan, listener: Listener | None) -> None:
        self._project = project
        self._listener = listener
        self._changed = asyncio.Event()
        self._began = time.monotonic()
        self._run: RunRow | None = None
        self._state = RunState.WAITING
        self._error = ""
        self._activity = ""
        self._notices: list[str] = []
        self._clock = Clock()
        self._told_clock = self._began
        self._ended: float | None = None
        self.members: Sequence[Member] = ()
        self.nodes: Callable[[], tuple[NodeState, ...]] = tuple
        self._answers = sum(
            1 + plan.samples.get(path, plan.recipe.answers.samples) for path in plan.answerers
        )
        self._until = plan.until
        self.snapshot = RunSnapshot(
            0,
            plan.recipe.name,
            RunState.WAITING,
            plan.target,
            _unbegun(plan.target),
            (),
            (),
            (),
            0.0,
            None,
        )

    def begin(self, run: RunRow) -> None:
        """Name the run that is shown from now on."""
        self._run = run
        stage = Recipe.from_json(run.recipe_json).answers
        answerers = [member for member in self.members if member.role == "answerer"]
        self._answers = sum(1 + stage.samples_for(member.model) for member in answerers)
        self._changed.set()

    def set_state(self, state: RunState, error: str = "", activity: str = "") -> None:
        """Show another state of the run, what is wrong, if anything is, and what is done meanwhile."""
        self._state, self._error, self._activity = state, error, activity
        self._changed.set()

    def notice(self, text: str) -> None:
        """Tell something once."""
        if text not in self._notices:
            self._notices = [*self._notices, text][-MAX_NOTICES:]
            self._changed.set()

    def note_stored(self) -> None:
        """Something was committed."""
        self._changed.set()

    def note_engine(self) -> None:
        """An engine reported something."""
        self._changed.set()

    async def keep_fresh(self) -> None:
        """Publish a snapshot whenever something changed, until cancelled; when nothing did, the time alone.

        At most every 0.2 seconds, and in a large project, where counting takes longer, for at most a tenth
        of the time.
        """
        while True:
            try:
                async with asyncio.timeout(CLOCK_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                left = self._left(self.snapshot.stages, self.snapshot.models)
                nodes = self.nodes()
                self._tell(replace(self.snapshot, elapsed_seconds=self._elapsed(), left=left, nodes=nodes))
                continue
            self._changed.clear()
            began = time.monotonic()
            await self._publish()
            await asyncio.sleep(max(REFRESH_SECONDS, 9 * (time.monotonic() - began)))

    async def finish(self, state: RunState, error: str) -> RunSnapshot:
        """Publish and return the last snapshot."""
        self.set_state(state, error)
        self._ended = time.monotonic()
        await self._publish()
        return self.snapshot

    async def _publish(self) -> None:
        run = self._run
        summary: RunSummary | None = None
        work = Work(0, 0)
        latest: Sequence[RecentText] = ()
        if run is not None:
            try:
                summary, work, latest = await self._project.fetch(
                    lambda c: (
                        counts.summary(c, run.id).runs[0],
                        counts.work(c, run.id),
                        counts.recent_texts(c, run.id, LATEST),
                    )
                )
            except QuorumError as problem:
                # The write that fails next shows the same to the person; the view must not end the run.
                self.notice(str(problem))
        self._tell(self._snapshot(summary, work, latest))

    def _tell(self, snapshot: RunSnapshot) -> None:
        self.snapshot = snapshot
        if self._listener:
            self._listener(snapshot)

    def _elapsed(self) -> float:
        return (self._ended or time.monotonic()) - self._began

    def _snapshot(self, summary: RunSummary | None, work: Work, latest: Sequence[RecentText]) -> RunSnapshot:
        old = self.snapshot
        ended = self._state is RunState.DONE
        stages = stages_of(summary, work, self._answers, ended=ended) if summary else old.stages
        models = _models(self.members)
        return RunSnapshot(
            run_number=self._run.number if self._run else 0,
            recipe=old.recipe,
            state=self._state,
            target=summary.target if summary else old.target,
            stages=stages,
            models=models,
            latest=tuple(_latest(text) for text in latest) or old.latest,
            notices=tuple(self._notices),
            elapsed_seconds=self._elapsed(),
            left=self._left(stages, models),
            error=self._error,
            activity=self._activity,
            nodes=self.nodes(),
        )

    def _left(self, stages: Sequence[StageProgress], models: Sequence[ModelProgress]) -> TimeLeft | None:
        """Estimate from the work done since models began to work; while one is loaded, none is done."""
        now = time.monotonic()
        seconds, self._told_clock = now - self._told_clock, now
        if self._state not in (RunState.RUNNING, RunState.STOPPING):
            return None
        idle = all(model.state != "working" for model in models)
        loading = any(model.state in ("loading", "restarting") for model in models)
        self._clock.tell(stages, 0.0 if idle and loading else seconds)
        return self._clock.left(stages, self._until) if self._state is RunState.RUNNING else None


def _unbegun(target: int) -> tuple[StageProgress, ...]:
    return tuple(
        StageProgress(name, 0, target if name == "instructions" else None, 0) for name in get_args(StageName)
    )


def stages_of(summary: RunSummary, work: Work, answers: int, *, ended: bool) -> tuple[StageProgress, ...]:
    """Count what is done, and what is expected: an instance of every instruction, those to come included,
    answers and a vote of every instance. More or fewer instances than that move what is expected.
    """
    instructions = summary.total("instructions", "kept")
    instances = summary.total("instances")
    kept = summary.total("instances", "kept")
    to_come = work.unwritten + (0 if ended else max(0, summary.target - instructions))
    voted = summary.total("votes")
    exact = summary.reasons("votes", "kept").get("exact", 0)
    return (
        StageProgress(
            *("instructions", instructions, summary.target, instructions), _dropped(summary, "instructions")
        ),
        StageProgress("instances", instances, instances + to_come, kept, _dropped(summary, "instances")),
        StageProgress(
            "answers",
            summary.total("answers"),
            (kept + to_come) * answers + work.again,
            summary.total("answers") - summary.total("answers", "dropped"),
            _dropped(summary, "answers"),
        ),
        StageProgress(
            "votes",
            voted,
            kept + to_come,
            summary.total("votes", "kept"),
            _dropped(summary, "votes"),
            f"{exact} by equal answers" if exact else "",
        ),
    )


def _dropped(summary: RunSummary, stage: str) -> dict[str, int]:
    reasons = summary.reasons(stage, "dropped")
    for reason, count in summary.reasons(stage, "quarantined").items():
        reasons[reason] = reasons.get(reason, 0) + count
    return reasons


def _models(members: Sequence[Member]) -> tuple[ModelProgress, ...]:
    """Return a line for every engine, in the order of the members, with all roles that it plays."""
    roles: dict[int, list[Role]] = {}
    for member in members:
        roles.setdefault(id(member.engine), []).append(member.role)
    engines = {id(member.engine): member.engine for member in members}
    return tuple(_model(engine.state, roles[key]) for key, engine in engines.items())


def _model(state: EngineState, roles: Sequence[Role]) -> ModelProgress:
    return ModelProgress(
        name=state.name,
        quantisation=state.quantisation,
        roles=tuple(roles),
        state=state.state,
        live=state.live,
        tokens_per_second=state.tokens_per_second,
        done=state.done,
        memory_bytes=state.memory_bytes,
        restarts=state.restarts,
        note=state.note,
        writing=state.writing,
        replicas=state.replicas,
        waiting=state.waiting,
    )


def _latest(text: RecentText) -> LatestText:
    if text.status == "kept" and text.winner:
        outcome = f"kept, winner {text.winner}" + ("" if text.mean is None else f" ({text.mean:.2f})")
    else:
        outcome = text.status + (f", {in_words(text.reason)}" if text.reason else "")
    return LatestText(text.kind, text.text, outcome)
