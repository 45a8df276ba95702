"""The one actor that every node has while a run uses it: what the node is, its files, its measurements."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from app.cluster import node
from app.cluster.fit import need_of
from app.cluster.frames import packed, unpacked
from app.cluster.orphans import end_with_ray
from app.engine.calibration.runner import calibrate, full_speed
from app.engine.catalog import find_models
from app.engine.devices import find_devices
from app.engine.gguf import read_header
from app.engine.machine import available_memory
from app.errors import ModelError


class Agent:
    """Answers what a run asks about its node; every answer is JSON."""

    def __init__(self, alone: bool | None = None) -> None:
        """As a process of its own it ends with its Ray, with Ray's agents too where that is `alone` here."""
        if alone is not None:
            end_with_ray(agents=alone)
        self._incoming: dict[str, node.Incoming] = {}

    async def look(self) -> bytes:
        """Say what this machine is."""
        return packed(await node.look())

    async def beat(self) -> bytes:
        """Say that the node is there."""
        return b""

    async def models(self) -> bytes:
        """Say which models are found here, and what a replica of each needs."""
        files = await asyncio.to_thread(find_models)
        headers = {file.name: file.header for file in files if file.header}
        needs = {name: need_of(header, node.planned_settings(header)) for name, header in headers.items()}
        return packed({name: asdict(need) for name, need in needs.items()})

    async def find(self, order: bytes) -> bytes:
        """Return where the model of an order is, "" where it is not."""
        wanted = unpacked(order)
        place = await asyncio.to_thread(node.find, wanted["model"], wanted["size"], wanted["path"])
        return packed(place)

    async def receive(self, model: str, index: int, piece: bytes, last: bool) -> bytes:
        """Take the next piece of a model; after the last one return where it is.

        What goes wrong is returned as `failed`.
        """
        try:
            return packed(await asyncio.to_thread(self._receive, model, index, piece, last))
        except (OSError, ModelError) as error:
            if half := self._incoming.pop(model, None):
                half.abandon()
            return packed({"failed": str(error)})

    def _receive(self, model: str, index: int, piece: bytes, last: bool) -> Any:
        if index == 0:
            if half := self._incoming.pop(model, None):
                half.abandon()
            self._incoming[model] = node.Incoming(model)
        self._incoming[model].add(piece)
        return {"path": self._incoming.pop(model).finish()} if last else {}

    async def calibrate(self, order: bytes) -> bytes:
        """Measure what is fastest for a model here; what cannot be is returned as `failed`."""
        wanted = unpacked(order)
        try:
            header = await asyncio.to_thread(read_header, wanted["path"])
            start = full_speed(node.chosen(header, wanted, await find_devices()))
            found = await calibrate(header, start, free=available_memory(), tell=lambda _words: None)
        except ModelError as error:
            return packed({"failed": error.message})
        return packed({"calibration": found.to_json(), "line": found.line()})
