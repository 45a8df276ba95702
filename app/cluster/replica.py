"""One resident model on one node: the worker process and the supervisor of a single machine, in a Ray actor.

A crash of llama.cpp ends the worker, never this. What is answered is kept until the run asks for news.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from app.cluster import node
from app.cluster.frames import packed, unpacked
from app.cluster.orphans import end_with_ray
from app.engine.devices import find_devices
from app.engine.request import Completion, request_from_json
from app.engine.restart_policy import Patience
from app.engine.settings import Settings
from app.engine.state import EngineState
from app.engine.supervisor import AHEAD, Engine, EnginePaused
from app.errors import ModelError

ENOUGH = 64
"""Answers that are sent at once, however many more may come soon."""


class Replica:
    """Loads one model and answers for it; every message is JSON."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._done: list[dict[str, Any]] = []
        self._over: dict[str, Any] | None = None
        self._phase = ""
        self._changed = asyncio.Event()

    async def hello(self) -> bytes:
        """Say which process this is, on which node; that there is an answer says that it was placed."""
        import ray

        end_with_ray()

        return packed({"pid": os.getpid(), "node": ray.get_runtime_context().get_node_id()})

    async def load(self, order: bytes) -> bytes:
        """Load the model of an order; return the settings, or as `failed` why it cannot be loaded here."""
        wanted = unpacked(order)
        try:
            return packed(await self._load(wanted))
        except ModelError as error:
            return packed({"failed": error.message, "hint": error.hint})

    async def _load(self, wanted: dict[str, Any]) -> dict[str, Any]:
        patience = Patience(**wanted["patience"]) if wanted["patience"] else None
        engine = await asyncio.to_thread(
            Engine,
            Path(wanted["path"]),
            headless=True,
            worker_command=wanted["command"],
            on_state=self._note,
            patience=patience,
        )
        engine.settings = node.chosen(engine.header, wanted, await find_devices())
        self._engine = engine
        await engine.start()
        return {"settings": engine.settings.to_json(), "room": _room(engine.settings)}

    async def ask(self, works: bytes) -> None:
        """Take requests in hand; their answers are news."""
        for number, work in unpacked(works):
            self._under_way[number] = asyncio.create_task(self._answer(number, work))

    async def _answer(self, number: str, work: dict[str, Any]) -> None:
        engine = self._engine
        assert engine is not None
        answer: dict[str, Any] = {"number": number}
        try:
            if "request" in work:
                completion = await engine.complete(request_from_json(work["request"]))
                answer["completion"] = _to_json(completion)
            else:
                counted = [request_from_json(request) for request in work["requests"]]
                answer["counts"] = await engine.tokens_needed(counted)
        except EnginePaused as error:  # what was asked is asked of others
            self._over = {"message": error.message, "hint": error.hint}
        except ModelError as error:
            answer["failed"] = error.message
        finally:
            self._under_way.pop(number, None)
        if len(answer) > 1:
            self._done.append(answer)
        self._changed.set()

    async def cancel(self, numbers: list[str]) -> None:
        """Drop requests that nobody waits for."""
        for number in numbers:
            if task := self._under_way.pop(number, None):
                task.cancel()

    async def news(self, seconds: float, gather: float) -> bytes:
        """Return how the engine stands and what was answered since the last news.

        Waits at most `seconds` for something to tell, and then `gather` seconds for more of it.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
            if len(self._done) < ENOUGH:
                await asyncio.sleep(gather)
        except TimeoutError:
            pass
        self._changed.clear()
        done, self._done = self._done, []
        return packed({"state": self._state(), "done": done, "over": self._over})

    async def close(self) -> None:
        """Unload the model."""
        if self._engine is not None:
            await self._engine.close()

    def _note(self, state: EngineState) -> None:
        """Tell at once when the engine goes over into another phase; the rest is told with other news."""
        if state.state != self._phase and state.state in ("ready", "restarting", "failed"):
            self._changed.set()
        self._phase = state.state

    def _state(self) -> dict[str, Any]:
        if self._engine is None:
            return {"state": "loading"}
        state = self._engine.state
        return {
            "state": state.state,
            "live": state.live,
            "rate": state.tokens_per_second,
            "memory": state.memory_bytes,
            "restarts": state.restarts,
            "note": state.note,
            "writing": state.writing,
            "worker": self._engine.worker_pid,
        }


def _room(settings: Settings) -> int:
    """Return how many requests to have in hand: a free slot never waits for the run."""
    return max(2 * AHEAD, settings.parallel * AHEAD)


def _to_json(completion: Completion) -> dict[str, Any]:
    return {name: getattr(completion, name) for name in Completion.__slots__}
