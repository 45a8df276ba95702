from __future__ import annotations

import asyncio
import contextlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import protocol
from app.engine.protocol import ProtocolError, decode, encode, receive, receive_blocking
from tests.hostile import HOSTILE


def stream(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_any_text_crosses_the_border_unchanged(text: str) -> None:
    data = encode({"type": "complete", "text": text})
    # JSON knows one way to write a character outside the basic plane: halves that belong together join.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert await receive(stream(data)) == {"type": "complete", "text": joined}
    assert receive_blocking(io.BytesIO(data)) == {"type": "complete", "text": joined}


async def test_frames_come_one_after_the_other_and_then_the_end() -> None:
    data = encode({"type": "a"}) + encode({"type": "b"})
    reader, file = stream(data), io.BytesIO(data)
    assert [await receive(reader) for _ in range(3)] == [{"type": "a"}, {"type": "b"}, None]
    assert [receive_blocking(file) for _ in range(3)] == [{"type": "a"}, {"type": "b"}, None]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xff",
        (protocol.LIMIT + 1).to_bytes(4, "big") + b"{}",
        b"\x00\x00",
        b"\x00\x00\x00\x0a{}",
        b"\x00\x00\x00\x05hello",
        b"\x00\x00\x00\x02[]",
        b"\x00\x00\x00\x02{}",
        b"\x00\x00\x00\x04\xff\xfe\xfd\xfc",
        b"\x00\x00\x00\x0a" + b'{"type":3}',
        (200_000).to_bytes(4, "big") + b"[" * 200_000,
    ],
    ids=["giant", "over", "half header", "half body", "words", "list", "untyped", "bytes", "number", "deep"],
)
async def test_what_is_no_frame_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        await receive(stream(data))
    with pytest.raises(ProtocolError):
        receive_blocking(io.BytesIO(data))


def test_a_message_over_the_limit_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LIMIT", 100)
    with pytest.raises(ProtocolError):
        encode({"type": "complete", "text": "x" * 100})


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(), json_values))
def test_every_message_survives(values: dict[str, Any]) -> None:
    frame = values | {"type": "done"}
    assert decode(encode(frame)[4:]) == frame


@given(st.binary(max_size=200))
def test_random_bytes_are_a_frame_or_a_protocol_error(data: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        receive_blocking(io.BytesIO(data))
