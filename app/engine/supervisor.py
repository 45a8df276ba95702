"""Keep one model's worker alive and ask it for completions. App side; never imports llama.cpp.

A worker that dies is started again after a pause, and nobody who waits for a completion notices. What the
dead worker had taken in hand is asked again one request at a time: if one of them kills the next worker
too, it is this one, and only it comes back as an error.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs

from app.engine.gguf import read_header
from app.engine.items import Item, Items
from app.engine.mapped import MappedFile
from app.engine.process import WorkerDied, WorkerProcess, default_command, refused
from app.engine.protocol import Frame
from app.engine.request import Completion, Request, completion_from_json, request_to_json
from app.engine.restart_policy import LOADS_AGAIN, MOST_DEATHS, PASSING, Deaths, Patience
from app.engine.settings import Settings, default_settings
from app.engine.state import EngineState, Meter, Phase, loading_note, positive, text_under_way
from app.engine.stderr_log import WorkerLog
from app.errors import ModelError

ASKED_AHEAD = 32
"""Requests under way at once: enough to keep every slot of a batch filled while results are stored."""
AHEAD = 2  # requests handed over per sequence, so that a free slot never waits for the app
TELL_EVERY = 0.1
SILENCE_TOLD = 5.0
"""Seconds of silence from which on they are told."""


class EnginePaused(ModelError):
    """The worker keeps dying: five times with fewer than ten finished items between, or while it loads."""


class Engine:
    """One model in its own process, started again as often as it takes.

    `header` is the checked header of the file, `settings` what it is loaded with (they may be changed before
    `start`), `state` the last snapshot given to `on_state`. Use it on one event loop, and run that loop in
    the main thread: the worker dies with the thread that started it.
    """

    def __init__(
        self,
        path: Path,
        *,
        settings: Settings | None = None,
        headless: bool = False,
        log_path: Path | None = None,
        worker_command: Sequence[str] | None = None,
        on_state: Callable[[EngineState], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Read the header of `path`; ModelError if the file cannot be used.

        Without `settings` the model gets the default ones, fewer threads unless `headless`.
        """
        self.header = read_header(path)
        self.settings = settings or default_settings(self.header, headless=headless)
        self._file = MappedFile(self.header.path)
        self.state = EngineState(
            self.header.name, self.header.path, self.header.quantisation, state="waiting"
        )
        self._command = list(worker_command or default_command())
        self._given_log = log_path
        self._own_log: WorkerLog | None = None
        self._on_state = on_state
        self._patience = patience or Patience()
        self._told_at = 0.0
        self._meter = Meter()
        self._items = Items(self.settings.parallel * AHEAD)
        self._worker: WorkerProcess | None = None
        self._ready = False
        self._failure: ModelError | None = ModelError(f"{self.header.path.name} is not loaded.")
        self._life: asyncio.Task[None] | None = None
        self._silence: asyncio.Task[None] | None = None

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker that runs now, if one does."""
        return self._worker.pid if self._worker is not None else None

    @property
    def ahead(self) -> int:
        """How many requests under way at once keep it busy while results are stored."""
        return ASKED_AHEAD

    async def start(self) -> None:
        """Load the model; ModelError with the reason if it cannot be loaded.

        May be called again after a failure or `close`; does nothing while the engine runs.
        """
        if self._life is not None and not self._life.done():
            return
        self._failure = None
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(started))
        try:
            await started
        except BaseException:
            await self._stop_life()
            raise

    async def complete(self, request: Request) -> Completion:
        """Return the completion of `request`; call it for many requests at once to have them batched.

        A request the model cannot take, or that killed two workers, comes back with `ended` "error". Raises
        EnginePaused when the worker keeps dying, ModelError when the engine is not started or was closed.
        Cancelling the call drops the request.
        """
        item = self._item("complete", {"request": request_to_json(request)}, request)
        self._items.add(item)
        completion: Completion = await self._answer(item)
        return completion

    async def tokens_needed(self, requests: Sequence[Request]) -> list[int]:
        """Return how many tokens each request takes of a context at most: its prompt, and all it may get.

        A request that cannot be asked takes none. Raises as `complete` does, and ModelError if counting
        killed two workers.
        """
        if not requests:
            return []
        item = self._item("count", {"requests": [request_to_json(request) for request in requests]}, None)
        self._items.add(item, first=True)  # planning waits for it
        counts: list[int] = await self._answer(item)
        return counts

    async def close(self) -> None:
        """End the worker; whoever still waits gets a ModelError."""
        await self._stop_life()
        self._fail(ModelError(f"{self.header.path.name} was unloaded."))
        if self._own_log is not None:
            self._own_log.close()
            self._own_log = None
        self._tell("unloaded", live=0, tokens_per_second=0.0, memory_bytes=0, note="", writing="")

    async def _stop_life(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life

    # What is asked

    def _item(self, kind: str, payload: dict[str, Any], request: Request | None) -> Item:
        if self._failure is not None:
            raise self._failure
        return Item(kind, payload, asyncio.get_running_loop().create_future(), request)

    async def _answer(self, item: Item) -> Any:
        self._hand_over()
        try:
            return await item.answer
        except asyncio.CancelledError:
            self._drop(item)
            raise

    def _drop(self, item: Item) -> None:
        """Forget a request nobody waits for any more."""
        for number in self._items.drop(item):
            if self._worker is not None:
                self._worker.send("cancel", id=number)
        if self._worker is not None and self._ready and not self._items.in_hand:
            self._worker.expect_news(None)
        self._hand_over()

    def _hand_over(self) -> None:
        """Send what the worker should have."""
        while self._ready and self._worker is not None and (handed := self._items.next()):
            number, item = handed
            if self._items.in_hand == 1:
                self._worker.expect_news(self._patience.answer)
            self._worker.send(item.kind, id=number, **item.payload)
            self._tell("working")

    # The worker's life

    async def _live(self, started: asyncio.Future[None]) -> None:
        """Start workers until asked to stop; every end passes through here."""
        deaths = Deaths(self._patience)
        try:
            while True:
                try:
                    await self._load(started)
                    await self._serve(deaths)
                except WorkerDied as death:
                    if not started.done():
                        self._load_again(death, deaths)
                    await self._bury(str(death), deaths)
                finally:
                    await self._end_worker()
        except ModelError as error:
            self._give_up(error, started)
        except Exception as error:  # a defect of ours must not leave anyone waiting for ever
            self._give_up(ModelError(f"The supervisor failed: {error!r}"), started)
            raise

    async def _load(self, started: asyncio.Future[None]) -> None:
        """Start a worker and wait until its model is ready; ModelError if it refuses the model."""
        self._file.check_same()
        if self._given_log is None and self._own_log is None:
            self._own_log = WorkerLog()
        log = self._own_log.path if self._own_log is not None else self._given_log
        assert log is not None
        self._tell("loading", note="")
        self._worker = worker = await WorkerProcess.spawn(self._command, log)
        self._silence = asyncio.create_task(self._tell_silence(worker))
        worker.expect_news(self._patience.loading(self.header.size))
        worker.send(
            "load",
            path=str(self.header.path),
            settings=self.settings.to_json(),
            prefixes=str(platformdirs.user_cache_path("quorum") / "prefixes"),
        )
        while (frame := await worker.receive())["type"] == "loading":
            if disk := positive(frame.get("disk")):
                worker.expect_news(self._patience.loading(self.header.size, disk))
            self._tell("loading", note=loading_note(frame))
        if frame["type"] == "refused":
            raise refused(frame)
        if frame["type"] != "ready":
            raise await worker.reject(f"it said {frame['type']!r} instead of loading")
        worker.expect_news(None)
        self._ready = True
        self._items.begin()
        self._tell("ready", memory_bytes=int(frame.get("memory", 0)), note="")
        if not started.done():
            started.set_result(None)

    async def _serve(self, deaths: Deaths) -> None:
        """Hand over what is asked and take what comes, until the worker dies."""
        worker = self._worker
        assert worker is not None
        self._hand_over()
        while True:
            frame = await worker.receive()
            try:
                self._take(worker, frame, deaths)
            except (KeyError, TypeError, ValueError) as error:
                raise await worker.reject(f"it sent a message that makes no sense ({error})") from None
            if not self._items.in_hand:
                worker.expect_news(None)

    def _take(self, worker: WorkerProcess, frame: Frame, deaths: Deaths) -> None:
        """Handle one message; KeyError, TypeError or ValueError if it is not what a worker may say."""
        match frame["type"]:
            case "started":
                item = self._items.known(frame["id"])
                if item is not None:
                    item.taken = True
            case "working":
                tokens, expected = max(int(frame["tokens"]), 0), positive(frame.get("expected"))
                worker.expect_news(self._patience.silence(tokens, self.header.size, expected))
                self._show_work(worker, frame)
            case "done":
                completion = completion_from_json(frame["completion"])
                self._settle(frame["id"], completion, deaths)
            case "counted":
                self._settle(frame["id"], [int(count) for count in frame["counts"]], deaths)
            case other:
                raise ValueError(f"unknown message {other!r}")

    def _settle(self, number: Any, result: Any, deaths: Deaths) -> None:
        item = self._items.known(number)
        if item is None:
            return
        if (item.request is not None) != isinstance(result, Completion):
            raise ValueError("an answer of the wrong kind")
        self._file.check_intact()  # what was computed from another file is not wanted
        self._items.finish(number)
        if item.request is not None:
            deaths.finished_one()
            result = replace(result, id=item.request.id)
            self.state = replace(self.state, done=self.state.done + 1)
        item.settle(result)
        self._hand_over()
        if in_hand := self._items.in_hand:
            self._tell("working", live=min(in_hand, self.settings.parallel), note="")
        else:
            self._meter = Meter()  # time without work is not to count
            self._tell("ready", live=0, tokens_per_second=0.0, note="", writing="")

    def _load_again(self, death: WorkerDied, deaths: Deaths) -> None:
        """Return if a model that was never ready is to be loaded again; raise ModelError if it is not."""
        failed = f"{self.header.path.name} cannot be loaded: its worker crashed"
        if death.signal not in PASSING:
            raise ModelError(f"{failed}, {death}")
        if deaths.count >= LOADS_AGAIN:
            raise EnginePaused(
                f"{failed} {deaths.count + 1} times; last error: {death}",
                "Check the model file and the free memory, then resume.",
            )

    async def _bury(self, reason: str, deaths: Deaths) -> None:
        """Sort out what the dead worker had in hand, then wait; ModelError if no attempt is left."""
        self._ready = False
        self._items.bury(reason)
        delay = deaths.died()
        if delay is None:
            raise EnginePaused(
                f"The worker of {self.header.path.name} crashed {MOST_DEATHS} times; last error: {reason}",
                "Check the model file and the free memory, then resume.",
            )
        self._meter = Meter()
        self._tell(
            "restarting",
            live=0,
            tokens_per_second=0.0,
            memory_bytes=0,
            writing="",
            restarts=self.state.restarts + 1,
            note=reason,
        )
        await self._end_worker()
        await asyncio.sleep(delay)

    async def _end_worker(self) -> None:
        worker, self._worker, self._ready = self._worker, None, False
        if self._silence is not None:
            self._silence.cancel()
        if worker is not None:
            await worker.end(self._patience.leave)

    def _give_up(self, error: ModelError, started: asyncio.Future[None]) -> None:
        self._fail(error)
        gone = {"live": 0, "tokens_per_second": 0.0, "memory_bytes": 0, "writing": ""}
        self._tell("failed", note=str(error), **gone)
        if not started.done():
            started.set_exception(error)

    def _fail(self, error: ModelError) -> None:
        """Give everyone who waits the reason, and those who ask later."""
        self._failure = error
        self._items.fail(error)

    # What listeners get

    def _show_work(self, worker: WorkerProcess, frame: Frame) -> None:
        worker.trim_log()
        rate = self._meter.read(int(frame["generated"]))
        if time.monotonic() - self._told_at < TELL_EVERY:
            return
        live, memory = int(frame["live"]), int(frame["memory"])
        writing = text_under_way(frame.get("writing"))
        shown = {"live": live, "tokens_per_second": rate, "memory_bytes": memory, "writing": writing}
        self._tell("working", note="", **shown)

    async def _tell_silence(self, worker: WorkerProcess) -> None:
        """Say of a worker that is expected to say something for how long it has not."""
        while True:
            await asyncio.sleep(1.0)
            if worker.silent >= SILENCE_TOLD:
                self._tell(self.state.state, note=f"silent for {worker.silent:.0f} s")

    def _tell(self, phase: Phase, **changes: Any) -> None:
        """Set the new state and tell it; news of the same phase at most ten times a second."""
        changed = phase != self.state.state
        self.state = replace(self.state, state=phase, **changes)
        now = time.monotonic()
        if self._on_state is not None and (changed or now - self._told_at >= TELL_EVERY):
            self._told_at = now
            self._on_state(self.state)
