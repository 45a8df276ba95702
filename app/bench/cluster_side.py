"""A replica that answers from a script, as fast as it is told to: what a run beside many of them can take."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from app.cluster.replica import Replica
from app.engine.request import Completion, request_from_json

PARALLEL = 8
SECONDS = 0.2
"""What a request takes, give or take a half, while `PARALLEL` are under way."""


class ScriptedReplica(Replica):
    """Needs no model and no worker process; its text depends on prompt and seed alone."""

    def __init__(self) -> None:
        super().__init__()
        self._slots = asyncio.Semaphore(PARALLEL)

    async def _load(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"settings": {}, "room": 2 * PARALLEL}

    async def _answer(self, number: str, work: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"number": number}
        if "request" in work:
            request = request_from_json(work["request"])
            async with self._slots:
                await asyncio.sleep(random.Random(request.seed).uniform(0.5, 1.5) * SECONDS)
            text = f"answer {request.seed} to {request.tail[-40:]}"
            done = Completion(request.id, text, "stop", 80, 40, SECONDS)
            answer["completion"] = {name: getattr(done, name) for name in Completion.__slots__}
        else:
            answer["counts"] = [64 for _ in work["requests"]]
        self._under_way.pop(number, None)
        self._done.append(answer)
        self._changed.set()

    def _state(self) -> dict[str, Any]:
        return {"state": "working" if self._under_way else "ready", "live": len(self._under_way)}
