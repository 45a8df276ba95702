"""Frames between the app and a worker: four bytes of length, big-endian, then one JSON object.

Never pickle: what a worker sends is data, whatever state its memory is in. Both sides refuse a frame that
announces more than `LIMIT` bytes before reading it.

To the worker: `load` (path, settings, prefixes), `complete` (id, request), `cancel` (id), `count`
(id, requests). From the worker: `loading` (step, fraction; once disk, the bytes read a second), `ready`
(context_length, parallel, memory), `refused` (message, hint), `started` (id), `working` (tokens, the
expected seconds, live, generated, memory, writing: the end of a text under way), `done` (id, completion),
`counted` (id, counts).

A worker that gets `devices` first instead answers `devices` (built_for_gpus, gpus) and leaves. One that gets
`calibrate` (path, settings, prefix) answers `loaded`, then every `measure` (settings, seconds) with
`measured` (speed, work_speed, prefix). One that gets `vocabulary` (path) answers `ready`, and then every
`count` with `counted`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

LIMIT = 64 * 2**20
HEADER = 4

Frame = dict[str, Any]


class ProtocolError(Exception):
    """The other side sent something that is not a frame."""


def encode(frame: Mapping[str, Any]) -> bytes:
    """Turn a message into the bytes of one frame; lone surrogates survive as escapes."""
    body = json.dumps(frame, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(body) > LIMIT:
        raise ProtocolError(f"a message of {len(body):,} bytes is over the limit of {LIMIT:,}")
    return len(body).to_bytes(HEADER, "big") + body


def body_length(header: bytes) -> int:
    """Return the length a frame header announces; ProtocolError above the limit."""
    length = int.from_bytes(header, "big")
    if length > LIMIT:
        raise ProtocolError(f"a frame announces {length:,} bytes, over the limit of {LIMIT:,}")
    return length


def decode(body: bytes) -> Frame:
    """Turn the body of a frame back into a message; ProtocolError if it is not one."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        raise ProtocolError("a frame is not JSON") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise ProtocolError("a frame is not a message")
    return frame


async def receive(reader: asyncio.StreamReader) -> Frame | None:
    """Read one frame; None at the end of the stream, ProtocolError for anything that is not a frame."""
    try:
        header = await reader.readexactly(HEADER)
        return decode(await reader.readexactly(body_length(header)))
    except asyncio.IncompleteReadError as error:
        if error.expected == HEADER and not error.partial:
            return None
        raise ProtocolError("the stream ends in the middle of a frame") from None


def receive_blocking(file: BinaryIO) -> Frame | None:
    """Like `receive`, for the worker's side."""
    header = file.read(HEADER)
    if not header:
        return None
    if len(header) < HEADER:
        raise ProtocolError("the stream ends in the middle of a frame")
    length = body_length(header)
    body = file.read(length)
    if len(body) < length:
        raise ProtocolError("the stream ends in the middle of a frame")
    return decode(body)
