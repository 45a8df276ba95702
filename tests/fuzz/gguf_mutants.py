"""Model files as nobody should make them: good ones with bytes changed, or what their header says."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.engine.catalog import bundled
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build
from tests.hostile import HOSTILE

HEADER = 70_000
"""Bytes at the beginning of a bundled model that hold its header."""
NUMBERS = (0, 1, 2, 3, 7, 255, 256, 513, 2**15, 2**16, 2**20, 2**27, 2**31 - 1, 2**32 - 1, -1, -(2**31))
SMALL = tuple(number for number in NUMBERS if number < 2**31)
FLOATS = (0.0, -1.0, 1e-30, 1e30, float("nan"), float("inf"))
TEMPLATES = (
    "{{ messages[0].content }}",
    "{% for m in messages %}{{ m.content }}{% endfor %}",
    "{% for %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ lipsum.__globals__.os.popen('true').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ 'a' * 3000000000 }}",
    "{{ raise_exception('no\x1b[2J' * 9) }}",
    "{{ messages|map(attribute='__class__')|list }}",
    "{% set n = namespace(x='a') %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
)
TEXTS = (*(text for name, text in HOSTILE.items() if name not in ("surrogate", "surrogate pair")), "", "x")
LOADED = {
    "tokenizer.chat_template": TEMPLATES[1],
    "tokenizer.ggml.add_bos_token": True,
    "tokenizer.ggml.pre": "default",
    "llama.attention.head_count_kv": 2,
    "llama.rope.freq_base": 10000.0,
    "llama.expert_count": 0,
    "general.alignment": 32,
    "general.file_type": 0,
    "llama.vocab_size": 259,
}


def mutant(draw: random.Random) -> bytes:
    """Return the bytes of a file; those of a large one end with its header, to be filled with zeros."""
    kind = draw.randrange(4)
    if kind == 0:
        return plain(draw, _good())
    if kind == 1:
        return plain(draw, draw.choice(_bundled()))
    return structured(draw)


_cache: list[bytes] = []


def _bundled() -> list[bytes]:
    if not _cache:
        models = bundled()
        for path in (models.writer, *models.answerers):
            with path.open("rb") as file:
                _cache.append(file.read(HEADER))
    return _cache


def _good() -> bytes:
    return build(COMPLETE | LOADED, COMPLETE_TENSORS)


def plain(draw: random.Random, good: bytes) -> bytes:
    """Change some bytes, without looking at what they mean."""
    data = bytearray(good)
    for _ in range(draw.randint(1, 4)):
        at = draw.choice((draw.randrange(min(len(data), 2_000)), draw.randrange(len(data))))
        _CHANGES[draw.randrange(len(_CHANGES))](draw, data, at)
        if not data:
            break
    return bytes(data)


def _flip(draw: random.Random, data: bytearray, at: int) -> None:
    data[at] ^= 1 << draw.randrange(8)


def _byte(draw: random.Random, data: bytearray, at: int) -> None:
    data[at] = draw.randrange(256)


def _number(draw: random.Random, data: bytearray, at: int) -> None:
    layout = draw.choice(("<i", "<q"))
    data[at : at + struct.calcsize(layout)] = struct.pack(layout, draw.choice(NUMBERS) % 2**31)


def _ones(draw: random.Random, data: bytearray, at: int) -> None:
    size = draw.choice((4, 8))
    data[at : at + size] = b"\xff" * size


def _delete(draw: random.Random, data: bytearray, at: int) -> None:
    del data[at : at + draw.randint(1, 40)]


def _double(draw: random.Random, data: bytearray, at: int) -> None:
    data[at:at] = data[at : at + draw.randint(1, 40)]


def _cut(_draw: random.Random, data: bytearray, at: int) -> None:
    del data[at:]


def _swap(draw: random.Random, data: bytearray, at: int) -> None:
    other = draw.randrange(len(data))
    data[at], data[other] = data[other], data[at]


_CHANGES: tuple[Callable[[random.Random, bytearray, int], None], ...] = (
    *(_flip, _byte, _number, _ones, _delete, _double, _cut, _swap),
)


def structured(draw: random.Random) -> bytes:
    """Let the header say something else: values, lists, tokens, tensors."""
    metadata: dict[str, Any] = dict(COMPLETE | LOADED)
    tensors = list(COMPLETE_TENSORS)
    for _ in range(draw.randint(1, 3)):
        if draw.random() < 0.25:
            _change_tensor(draw, tensors)
        else:
            _change_value(draw, metadata)
    return build(metadata, tensors)


def _change_tensor(draw: random.Random, tensors: list[tuple[str, tuple[int, ...]]]) -> None:
    at = draw.randrange(len(tensors))
    name, shape = tensors[at]
    match draw.randrange(4):
        case 0:
            del tensors[at]
            tensors = tensors or [("token_embd.weight", (1,))]
        case 1:
            tensors[at] = (draw.choice((name + "x", tensors[0][0], *TEXTS[:4])), shape)
        case 2:
            tensors[at] = (name, tuple(draw.choice((side, 1, 2, side + 1)) for side in shape))
        case _:
            tensors[at] = (name, (*shape, 1, 2)[: draw.randint(1, 4)])


def _change_value(draw: random.Random, metadata: dict[str, Any]) -> None:
    key = draw.choice(sorted(metadata))
    value = metadata[key]
    if draw.random() < 0.1:
        del metadata[key]
    elif draw.random() < 0.1:
        metadata[key] = draw.choice((*NUMBERS, *FLOATS, *TEXTS, True))
    elif isinstance(value, list):
        metadata[key] = _changed_list(draw, value)
    elif key == "tokenizer.chat_template":
        metadata[key] = draw.choice((*TEMPLATES, *TEXTS))
    elif isinstance(value, str):
        metadata[key] = draw.choice((*TEXTS, value.upper(), "t5", "gpt2", "bert", "llama", "rwkv"))
    elif isinstance(value, float):
        metadata[key] = draw.choice(FLOATS)
    elif isinstance(value, bool):
        metadata[key] = not value
    else:
        metadata[key] = draw.choice(NUMBERS)


def _changed_list(draw: random.Random, value: list[Any]) -> list[Any]:
    changed = list(value)
    match draw.randrange(4):
        case 0:
            return changed[: draw.randint(1, len(changed))]
        case 1:
            changed[draw.randrange(len(changed))] = draw.choice(changed)
        case 2:
            return changed + changed[: draw.randint(1, 9)]
        case _:
            fresh = TEXTS if isinstance(changed[0], str) else SMALL if type(changed[0]) is int else FLOATS
            changed[draw.randrange(len(changed))] = draw.choice(fresh)
    return changed


def write_mutant(path: Path, data: bytes) -> None:
    """Write a file; what is only a header gets room behind it for weights, all of them zero."""
    with path.open("wb") as file:
        file.write(data)
        if HEADER - 500 < len(data) < HEADER + 500:
            file.truncate(6_000_000)
