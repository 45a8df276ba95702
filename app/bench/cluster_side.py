"""Replicas that answer from a script in the process of the run, without Ray: what a run beside many can take.

What is said to them and by them is what replicas on nodes hear and say, byte for byte.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any, cast

from app.cluster.agent import Agent
from app.cluster.fit import Share
from app.cluster.frames import packed
from app.cluster.remote import Handle, RayNode, Remote
from app.cluster.replica import Replica
from app.engine.request import Completion, request_from_json

PARALLEL = 8
SECONDS = 0.1
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


class _Here:
    """Calls an object of this process as if it were an actor."""

    def __init__(self, actor: ScriptedReplica | Agent) -> None:
        self._actor = actor

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method."""
        if method == "hello":
            return packed({"pid": 0, "node": NODE})
        return await getattr(self._actor, method)(*arguments)

    def end(self) -> None:
        """End nothing: there is no process."""


NODE = "here"


class Simulated:
    """Stands in for a connection to Ray: one node with room for everything, replicas in this process."""

    def agent(self, _node: str) -> Handle:
        """Return an agent."""
        return cast(Handle, _Here(Agent()))

    def replica(self, _share: Share, _lost: Sequence[str] = ()) -> Handle:
        """Return a replica that answers from a script."""
        return cast(Handle, _Here(ScriptedReplica()))

    async def nodes(self) -> list[RayNode]:
        """Return the one node."""
        return [RayNode(NODE, "127.0.0.1", True, await self.free())]

    async def free(self) -> Mapping[str, float]:
        """Return more than anybody asks for."""
        return {"CPU": 1e6, "memory": 1e15}


def simulated() -> Remote:
    """Return what a site takes for a connection to Ray."""
    return cast(Remote, Simulated())
