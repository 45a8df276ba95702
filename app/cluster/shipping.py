"""Send a model to nodes that have not got it: piece by piece, each put into the object store once for all."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app.cluster.frames import unpacked
from app.cluster.remote import Remote
from app.errors import ModelError

PIECE = 32 * 2**20
Call = Callable[..., Awaitable[bytes]]
KEPT = 8
"""Pieces of a model that stay in the object store for the next node."""
SLOWEST = 120.0
"""Seconds after which a piece that did not arrive is taken for lost."""


class Shipment:
    """One model on its way; nodes that ask for it at the same time share its pieces."""

    def __init__(self, remote: Remote, path: Path, model: str, size: int) -> None:
        self._remote = remote
        self._path, self._model = path, model
        self._count = -(-size // PIECE)
        self._pieces: OrderedDict[int, asyncio.Task[Any]] = OrderedDict()
        self.put = 0
        """Pieces that were put into the object store."""

    async def send(self, call: Call, tell: Callable[[float], None]) -> str:
        """Send the model to the node that `call` leads to and return where it is there.

        `tell` hears the share that was sent. ModelError where it cannot be kept there or has changed, Gone
        where the node is lost.
        """
        answer: dict[str, Any] = {}
        for index in range(self._count):
            piece = await asyncio.shield(self._piece(index))
            last = index == self._count - 1
            async with asyncio.timeout(SLOWEST):
                answer = unpacked(await call("receive", self._model, index, piece, last))
            if failed := answer.get("failed"):
                raise ModelError(f"{self._path.name} cannot be kept on a node: {failed}")
            tell((index + 1) / self._count)
        return str(answer["path"])

    def _piece(self, index: int) -> asyncio.Task[Any]:
        if index not in self._pieces:
            self._pieces[index] = asyncio.create_task(self._put(index))
            while len(self._pieces) > KEPT:
                self._pieces.popitem(last=False)
        return self._pieces[index]

    async def _put(self, index: int) -> Any:
        self.put += 1
        return await self._remote.put(await asyncio.to_thread(self._read, index))

    def _read(self, index: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(index * PIECE)
            return file.read(PIECE)
