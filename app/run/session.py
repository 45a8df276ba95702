"""One run from its first to its last wave: load, write, answer, vote, and show it to whoever watches.

Everything a run knows stands in the project: each step asks what is missing, so when a session was
killed, wherever that was, the next one resumes.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from app.engine.calibration.runner import calibration_seconds
from app.engine.context import ContextNeed, context_line
from app.engine.devices import Devices
from app.engine.site import Site
from app.engine.state import EngineState
from app.engine.supervisor import EnginePaused
from app.errors import ModelError, QuorumError
from app.method.recipe import Recipe
from app.run.admission import KindState, kind_state
from app.run.answers import answer_again, answer_missing
from app.run.asking import RunControl
from app.run.audition import settle_styles
from app.run.context import RunContext, patiently
from app.run.ensemble import Ensemble, reading
from app.run.forms import InstructionForm, finished, instance_form, instruction_form
from app.run.plan import Opened, Plan, context_needs, open_run, prepared
from app.run.probation import Fruitless, Probation
from app.run.progress import Listener, RunSnapshot, RunState, reaches
from app.run.revoting import renew_votes
from app.run.snapshots import RunView
from app.run.voting import vote_missing
from app.run.writer_audition import in_its_manner, settle_manner
from app.store import review, runs
from app.store.project import DiskFull, Project
from app.store.rows import RunRow

LOOK_AGAIN = 10.0
"""Seconds between two looks at a disk that is full."""
_ROOM = 1_000_000
"""Bytes that must be free before a change is tried again."""
_LOG = logging.getLogger(__name__)


class RunSession:
    """Drives the run a plan means; `listener` gets a new snapshot whenever something changed."""

    def __init__(
        self,
        project: Project,
        plan: Plan,
        listener: Listener | None = None,
        *,
        headless: bool = False,
        site: Site | None = None,
    ) -> None:
        """`site` is where the models are loaded, this machine if none is named."""
        plan = prepared(plan)
        self._project = project
        self._plan = plan
        self._headless = headless
        self._site = site
        self._control = RunControl()
        self._view = RunView(project, plan, listener)
        self._task: asyncio.Task[RunSnapshot] | None = None
        self._preparing: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> RunSnapshot:
        """How the run looks now."""
        return self._view.snapshot

    def pause(self) -> None:
        """Hold back new requests; what is being written is finished and stored."""
        self._control.pause()
        self._view.set_state(RunState.PAUSED)

    def resume(self) -> None:
        """Resume after a pause."""
        self._control.resume()
        self._view.set_state(RunState.RUNNING)

    def stop_after_wave(self) -> None:
        """End once what this wave wrote is answered and voted on."""
        self._control.stop_after_wave = True
        self._control.resume()
        self._view.set_state(RunState.STOPPING)

    @property
    def calibrating(self) -> bool:
        """Whether models are being measured or auditioned, which `skip_calibration` ends."""
        return self._preparing is not None

    def skip_calibration(self) -> None:
        """Measure or audition no more now; what is known of whole models is kept."""
        if self._preparing is not None:
            self._preparing.cancel()

    async def stop(self) -> None:
        """End now; what is stored stays, what is being written is lost and asked again next time."""
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def run(self) -> RunSnapshot:
        """Run to the end and return the last snapshot; its state says how it ended, `error` why.

        Nothing a user can cause is raised. Cancelling this call ends the run as `stop` does.
        """
        self._task = asyncio.create_task(self._run())
        try:
            await asyncio.wait([self._task])
        finally:
            await self.stop()
        return self._task.result()

    async def _run(self) -> RunSnapshot:
        ensemble: Ensemble | None = None
        opened: Opened | None = None
        state, error = RunState.STOPPED, ""
        watcher = asyncio.create_task(self._view.keep_fresh())
        try:
            if not self._plan.asked_only:
                self._plan.check()
            if blind_spot := await asyncio.to_thread(self._plan.blind_spot):
                self._view.notice(blind_spot)
            if left_out := self._plan.left_out():
                self._view.notice(left_out)
            ensemble = await self._ensemble()
            ensemble.check(writing=self._plan.recipe.instructions.writes)
            devices = await ensemble.site.devices()
            needs = await context_needs(self._plan)
            ensemble.settle(devices, self._plan.gpu_layers, needs)  # refused before a run is begun
            await self._identify(ensemble)
            self._view.set_state(RunState.WAITING)
            begun = partial(open_run, self._project, self._plan, ensemble)
            opened = await patiently(begun, self._wait_for_room)
            state = await self._conduct(opened, ensemble, devices, needs)
        except asyncio.CancelledError:
            pass  # stop() wants the run to end here; what is stored stays
        except (EnginePaused, Fruitless) as problem:
            error = str(problem)  # with nobody there to resume it, a pause is a stop
        except QuorumError as problem:
            state, error = RunState.FAILED, str(problem)
        finally:
            watcher.cancel()
            if ensemble:
                await ensemble.close()
        return await self._close(opened, state, error)

    async def _ensemble(self) -> Ensemble:
        """Read the headers of the models."""
        loop = asyncio.get_running_loop()

        def on_state(state: EngineState) -> None:
            loop.call_soon_threadsafe(self._view.note_engine)

        ensemble = await asyncio.to_thread(
            Ensemble,
            self._plan.writer,
            self._plan.answerers,
            headless=self._headless,
            on_state=on_state,
            context=self._plan.context or self._plan.recipe.context,
            site=self._site,
        )
        self._view.members, self._view.nodes = ensemble.members, ensemble.site.nodes
        return ensemble

    async def _identify(self, ensemble: Ensemble) -> None:
        """Find out which models these are, and say how far reading a new one's file is."""
        loop, ended = asyncio.get_running_loop(), threading.Event()

        def tell(name: str, share: float) -> None:
            if ended.is_set():  # a thread cannot be cancelled, and leaving would wait for it
                raise ModelError("The run was ended.")
            words = reading(name, share)
            loop.call_soon_threadsafe(self._view.set_state, RunState.WAITING, "", words)

        try:
            await asyncio.to_thread(ensemble.identify, tell)
        finally:
            ended.set()

    async def _conduct(
        self, opened: Opened, ensemble: Ensemble, devices: Devices, needs: Sequence[ContextNeed]
    ) -> RunState:
        run = opened.run
        _LOG.info("run %d of %s begins: recipe %s", run.number, self._project.path, run.recipe_name)
        self._view.begin(run)
        if opened.notice:
            self._view.notice(opened.notice)
        ctx = await self._context(run, ensemble)
        form, targets = instruction_form(ctx), self._plan.targets(run.target)
        kinds = [await kind_state(ctx, kind, target) for kind, target in targets.items() if target]
        again = await self._project.fetch(lambda c: review.waiting(c, run.id))
        whole = run.state == "done" and all(finished(form, state) for state in kinds)
        if whole and not again:
            self._tell_exhausted(form, kinds)
            self._view.notice(f"Run {run.number} is finished; a larger number of instructions extends it.")
            return RunState.DONE
        await ctx.write(lambda c: runs.set_state(c, run.id, "running"))
        if self._plan.asked_only:
            return await self._answer_asked(ctx, devices, needs, done=whole)
        if self._plan.calibrate and not whole:  # a few questions asked again are over before a measurement is
            skipped = "Measuring was skipped: models that were not measured use the defaults."
            await self._skippable(self._measure(ensemble, devices), skipped)
        residency = ensemble.settle(devices, self._plan.gpu_layers, needs)
        self._view.notice(residency.line())
        self._view.notice(context_line(needs, [settings.context for settings in residency.settings]))
        if not ensemble.resident:
            self._view.notice("The models do not fit into memory together and take turns, the writer first.")
        skipped = "The audition was skipped: who was not auditioned is asked in the default style."
        await self._skippable(self._audition(ctx), skipped)
        # What auditions settle of a run stands in the project, and holds for a run that is resumed.
        ctx = await self._context(await self._project.fetch(lambda c: runs.get(c, run.number)), ensemble)
        form = instruction_form(await in_its_manner(ctx))
        while True:
            try:
                return await self._waves(ctx, form, kinds)
            except (EnginePaused, Fruitless) as problem:
                if self._headless:
                    raise
                await self._hold(str(problem))
            kinds = [await kind_state(ctx, state.kind, state.target) for state in kinds]

    async def _answer_asked(
        self, ctx: RunContext, devices: Devices, needs: Sequence[ContextNeed], *, done: bool
    ) -> RunState:
        """Answer again what was asked, with the settings that are known; the rest of the run stays."""
        ctx.ensemble.settle(devices, self._plan.gpu_layers, needs)
        self._view.set_state(RunState.LOADING)
        await ctx.ensemble.load_all(writing=False)
        self._view.set_state(self._control.state)
        await self._answer_waiting(ctx)
        await ctx.write(lambda c: renew_votes(c, ctx.run.id))  # those about fewer answers than there are now
        self._view.note_stored()
        return RunState.DONE if done else RunState.STOPPED

    async def _answer_waiting(self, ctx: RunContext) -> None:
        """Answer what was asked again, what is asked meanwhile included, and vote on it."""

        async def waiting() -> int:
            return await self._project.fetch(lambda c: review.waiting(c, ctx.run.id))

        left = await waiting()
        while left:
            for member in ctx.ensemble.answerers:
                await answer_again(ctx, member)
            await vote_missing(ctx)
            before, left = left, await waiting()
            if left >= before:
                return  # nobody can answer these

    async def _hold(self, reason: str) -> None:
        """Pause because a worker keeps dying, or nothing can be kept, until the person resumes the run."""
        self._control.pause()
        self._view.set_state(RunState.PAUSED, reason)
        await self._control.gate()

    async def _wait_for_room(self, full: DiskFull) -> None:
        """Pause while the disk is full, and look again now and then; the person need not resume the run."""
        error = str(full)
        while True:
            self._view.set_state(RunState.PAUSED, f"{error} The run looks again every {LOOK_AGAIN:.0f} s.")
            await asyncio.sleep(LOOK_AGAIN)
            free = shutil.disk_usage(self._project.path.parent).free
            if free >= _ROOM:
                break
            error = f"There is no room for {self._project.path}: {free / 1e6:,.1f} MB free."
        self._view.set_state(self._control.state)

    async def _audition(self, ctx: RunContext) -> None:
        """Settle how the writer is asked, and then how the answerers are, if the run comes to them."""
        plan = self._plan
        await settle_manner(
            ctx, self._tell_audition, auditioning=plan.audition and not plan.recipe.writer_style
        )
        if reaches(plan.until, "answers"):
            await settle_styles(ctx, self._tell_audition, auditioning=plan.audition)

    def _tell_audition(self, words: str) -> None:
        self._view.set_state(RunState.AUDITIONING, activity=words)

    async def _skippable(self, preparing: Coroutine[Any, Any, None], skipped: str) -> None:
        """Prepare the run, unless the person no longer wants that: then say that it was `skipped`."""
        self._preparing = asyncio.create_task(preparing)
        try:
            await asyncio.wait([self._preparing])
        finally:
            self._preparing.cancel()
            await asyncio.wait([self._preparing])
            done, self._preparing = self._preparing, None
        if done.cancelled():
            self._view.notice(skipped)
        else:
            done.result()

    async def _measure(self, ensemble: Ensemble, devices: Devices) -> None:
        headers = [engine.header for engine in ensemble.engines]
        for header in ensemble.site.uncalibrated(headers, devices):
            seconds, where = calibration_seconds(header), ensemble.site.where
            self._view.notice(
                f"Measuring what is fastest for {header.name} {where}, once: at most {seconds:.0f} s."
            )

            def tell(words: str, name: str = header.name) -> None:
                self._view.set_state(RunState.CALIBRATING, activity=f"{name}: {words}")

            self._view.notice(await ensemble.calibrate(header, devices, tell))

    async def _waves(self, ctx: RunContext, form: InstructionForm, kinds: list[KindState]) -> RunState:
        """Load, write wave by wave; answer after each, or after the last when models take turns."""
        self._view.set_state(RunState.LOADING)
        answering = reaches(self._plan.until, "answers")
        await ctx.ensemble.load_all(writing=ctx.recipe.instructions.writes, answering=answering)
        self._view.set_state(self._control.state)
        probation = await Probation.begun(ctx)
        while True:
            unfinished = [state for state in kinds if not finished(form, state)]
            opening = any(state.alone for state in unfinished)
            for state in unfinished:
                await form.write_wave(state)
            await probation.check(ctx, kinds)
            if reaches(self._plan.until, "instances"):
                for state in kinds:
                    await instance_form(ctx).write_instances(state)
            last = self._control.stop_after_wave or all(finished(form, state) for state in kinds)
            if answering and (last or (ctx.ensemble.resident and not opening)):
                await self._answer_and_vote(ctx)
            if last:
                break
        if reaches(self._plan.until, "votes"):
            await self._answer_waiting(ctx)
        # Votes that stand from before a model joined are about fewer candidates than there are now.
        if reaches(self._plan.until, "votes"):
            await ctx.write(lambda c: renew_votes(c, ctx.run.id))
            self._view.note_stored()
        self._tell_exhausted(form, kinds)
        if not all(finished(form, state) for state in kinds):
            return RunState.STOPPED
        return RunState.DONE if reaches(self._plan.until, "votes") else RunState.HELD

    async def _answer_and_vote(self, ctx: RunContext) -> None:
        if ctx.ensemble.resident:
            try:
                async with asyncio.TaskGroup() as group:
                    for member in ctx.ensemble.answerers:
                        group.create_task(answer_missing(ctx, member))
            except ExceptionGroup as failed:
                raise failed.exceptions[0] from failed  # the others were cancelled or failed alike
        else:
            for member in ctx.ensemble.answerers:
                await answer_missing(ctx, member)
        for member in ctx.ensemble.answerers:
            await answer_again(ctx, member)
        if reaches(self._plan.until, "votes"):
            await vote_missing(ctx)

    async def _context(self, run: RunRow, ensemble: Ensemble) -> RunContext:
        seeds = await self._project.fetch(lambda c: runs.seeds_of(c, run.id))
        return RunContext(
            project=self._project,
            run=run,
            recipe=Recipe.from_json(run.recipe_json),
            seeds=tuple(seeds),
            ensemble=ensemble,
            control=self._control,
            notice=self._view.notice,
            stored=self._view.note_stored,
            no_room=self._wait_for_room,
        )

    def _tell_exhausted(self, form: InstructionForm, kinds: list[KindState]) -> None:
        if any(not state.reached and form.exhausted(state) for state in kinds):
            kept = sum(state.kept for state in kinds)
            target = sum(state.target for state in kinds)
            self._view.notice(f"{kept} of {target} instructions: the writer has nothing new.")

    async def _close(self, opened: Opened | None, state: RunState, error: str) -> RunSnapshot:
        """Store how the run ended and publish the last snapshot."""
        if opened:
            run = opened.run
            stored = {RunState.DONE: "done", RunState.FAILED: "failed"}.get(state, "stopped")
            note = f"held after the {self._plan.until}" if state is RunState.HELD else error
            if self._plan.asked_only:
                stored, note = run.state, run.note
            try:
                await self._project.write(lambda c: runs.set_state(c, run.id, stored, note))
            except QuorumError as problem:
                state, error = RunState.FAILED, error or str(problem)
            _LOG.info("run %d of %s ends: %s", run.number, self._project.path, state.value)
        if error:
            _LOG.warning("the run ended: %s", error)
        return await self._view.finish(state, error)
