"""Write small GGUF files, good and bad ones, without any library."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.engine.gguf import ModelHeader

STRING, ARRAY, UINT32, INT32, FLOAT32, BOOL = 8, 9, 4, 5, 6, 7

GOOD: dict[str, Any] = {
    "general.architecture": "llama",
    "general.name": "tiny",
    "llama.context_length": 64,
    "llama.embedding_length": 8,
    "llama.block_count": 1,
    "llama.attention.head_count": 2,
    "llama.attention.layer_norm_rms_epsilon": 1e-6,
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "a"],
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
}
TENSORS: tuple[tuple[str, tuple[int, ...]], ...] = (("token_embd.weight", (8, 4)),)

COMPLETE: dict[str, Any] = GOOD | {
    "llama.feed_forward_length": 32,
    "llama.rope.dimension_count": 16,
    "llama.embedding_length": 32,
    "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))],
    "tokenizer.ggml.scores": [0.0] * 259,
    "tokenizer.ggml.token_type": [2, 3, 3] + [6] * 256,
}
COMPLETE_TENSORS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("token_embd.weight", (32, 259)),
    ("output_norm.weight", (32,)),
    ("blk.0.attn_norm.weight", (32,)),
    ("blk.0.attn_q.weight", (32, 32)),
    ("blk.0.attn_k.weight", (32, 32)),
    ("blk.0.attn_v.weight", (32, 32)),
    ("blk.0.attn_output.weight", (32, 32)),
    ("blk.0.ffn_norm.weight", (32,)),
    ("blk.0.ffn_gate.weight", (32, 32)),
    ("blk.0.ffn_up.weight", (32, 32)),
    ("blk.0.ffn_down.weight", (32, 32)),
)


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(thing: Any) -> bytes:
    """Encode a metadata value with its type in front."""
    if isinstance(thing, bool):
        return struct.pack("<I?", BOOL, thing)
    if isinstance(thing, int):
        return struct.pack("<II", UINT32, thing) if thing >= 0 else struct.pack("<Ii", INT32, thing)
    if isinstance(thing, float):
        return struct.pack("<If", FLOAT32, thing)
    if isinstance(thing, str):
        return struct.pack("<I", STRING) + text(thing)
    items = [struct.pack("<Ii", INT32, item) if type(item) is int else value(item) for item in thing]
    return (
        struct.pack("<I", ARRAY)
        + items[0][:4]
        + struct.pack("<Q", len(items))
        + b"".join(i[4:] for i in items)
    )


def build(
    metadata: Mapping[str, Any] = GOOD,
    tensors: Sequence[tuple[str, tuple[int, ...]]] = TENSORS,
    weights: Callable[[str, tuple[int, ...]], np.ndarray] = lambda _name, shape: np.zeros(shape),
) -> bytes:
    """Return the bytes of a GGUF file of 32-bit float tensors; `weights` gives the values of each."""
    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, thing in metadata.items():
        out += text(key) + value(thing)
    offset = 0
    data = []
    for name, shape in tensors:
        out += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset)
        data.append(weights(name, shape).astype("<f4").tobytes())
        data[-1] += bytes(-len(data[-1]) % 32)
        offset += len(data[-1])
    return out + bytes(-len(out) % 32) + b"".join(data)


def changed(**changes: Any) -> dict[str, Any]:
    """Return the good metadata with some keys changed (dots written as __), None removes a key."""
    metadata = dict(GOOD)
    for key, thing in changes.items():
        name = key.replace("__", ".")
        metadata.pop(name, None)
        if thing is not None:
            metadata[name] = thing
    return metadata


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def in_blocks(header: ModelHeader, size: int, count: int, *, before: int, after: int) -> ModelHeader:
    """Pretend that a model has `size` bytes in `count` blocks, and those weights before and after them."""
    return replace(
        header,
        size=size,
        block_count=count,
        kv_heads=count * 8,
        key_length=128,
        value_length=128,
        input_bytes=before,
        output_bytes=after,
        tied_output=False,
    )
